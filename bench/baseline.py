"""What the service is held against: the same acts as a good engineer would write them without a log.

`create_app` takes nominations into one table with Flask and SQLAlchemy: the same strict JSON and the same shapes, the
bearer token found by its hash, the edition's call looked up, one INSERT, all in one transaction on a pooled connection;
on PostgreSQL statements are prepared. Durable as the service is: WAL with synchronous=FULL on SQLite, where writers
queue in the process instead of polling the file; on PostgreSQL what the server says. Nothing is sealed, nobody can
verify anything, and who changes a row leaves no trace. It comes with SQLAlchemy Core, the hard baseline, and with the
ORM.

`create_bare` is a route that returns bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import UTC, datetime
from threading import Lock
from typing import Any, ClassVar

from flask import Flask, Response, request
from sqlalchemy import (
    JSON,
    Column,
    Engine,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    insert,
    make_url,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, registry

from awards import problems
from awards.api.body import read_body
from awards.problems import Problem
from awards.schemas.nominations import NominationIn

METADATA = MetaData()
TOKENS = Table(
    "tokens",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("edition", Text, nullable=False),
    Column("participant", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("expires", Text),
    Column("revoked", Text),
)
EDITIONS = Table(
    "editions",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("opens", Text, nullable=False),
    Column("closes", Text, nullable=False),
    Column("categories", JSON, nullable=False),
)
NOMINATIONS = Table(
    "nominations",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("edition", Text, nullable=False, index=True),
    Column("category", Text, nullable=False),
    Column("nominator", Text, nullable=False),
    *(Column(name, Text) for name in ("kind", "participant", "name", "rank", "country", "unit", "mission")),
    Column("members", JSON),
    Column("statement", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("submitted", Text, nullable=False),
)
ANSWERS = Table(
    "answers",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("nomination", Text, nullable=False),
    Column("time", Text, nullable=False),
)
NOMINEE = ("kind", "participant", "name", "rank", "country", "unit", "mission", "members")
SHAPE = NominationIn()
SECRET = b"in earnest this would come from the settings"
BY_KEY = {
    table: select(table).where(*(column == bindparam("key") for column in table.primary_key))
    for table in METADATA.tables.values()
}


class Core:
    """One request's transaction with SQLAlchemy Core: statements are built once, and compiled once by the engine."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.connect()
        self.close = self._connection.close
        self.commit = self._connection.commit

    def find(self, table: Table, key: str) -> Any:
        """The row of this primary key."""
        return self._connection.execute(BY_KEY[table], {"key": key}).first()

    def add(self, table: Table, row: dict[str, Any]) -> None:
        """Insert a row."""
        self._connection.execute(insert(table), row)


class Orm:
    """The same with the ORM, as most services are written: a session a request, an object a row."""

    classes: ClassVar[dict[Table, type]] = {}

    def __init__(self, engine: Engine) -> None:
        self._session = Session(engine, expire_on_commit=False)
        self.close = self._session.close
        self.commit = self._session.commit

    def find(self, table: Table, key: str) -> Any:
        """The object of this primary key."""
        return self._session.get(self.classes[table], key)

    def add(self, table: Table, row: dict[str, Any]) -> None:
        """A new object, written at the commit."""
        self._session.add(self.classes[table](**row))


MAPPED = registry(metadata=METADATA)
for _table in METADATA.tables.values():
    Orm.classes[_table] = type(_table.name.title(), (), {"__table__": _table})
    MAPPED.mapped(Orm.classes[_table])

Store = Core | Orm


def create_app(url: str, access: type[Store] = Core) -> Flask:
    """The plain service."""
    engine = open_engine(url)
    turn: AbstractContextManager[Any] = Lock() if engine.dialect.name == "sqlite" else nullcontext()
    app = Flask("plain", static_folder=None)
    problems.install(app)

    @app.post("/api/v1/editions/<edition>/nominations")
    def submit(edition: str) -> Response:
        with closing(access(engine)) as store:
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            token = authenticate(store, now)
            body, data = read_body(request, SHAPE)
            answer = earlier_answer(store, token, data)
            if isinstance(answer, Response):
                return answer
            check(store, token, edition, body["category"], now)
            nomination = row_of(edition, token.participant, body, now)
            with turn:
                store.add(NOMINATIONS, nomination)
                if answer:
                    store.add(ANSWERS, {**answer, "nomination": nomination["id"], "time": now})
                store.commit()
        return shown(nomination)

    @app.errorhandler(IntegrityError)
    def same_request_at_this_moment(_error: IntegrityError) -> Response:
        with closing(access(engine)) as store:
            answer = earlier_answer(store, authenticate(store, ""), request.get_data())
        return answer if isinstance(answer, Response) else Response(status=409)

    return app


def authenticate(store: Store, now: str) -> Any:
    """The row of the bearer token."""
    scheme, _, plain = request.headers.get("Authorization", "").partition(" ")
    found = store.find(TOKENS, hashlib.sha256(plain.encode()).hexdigest())
    if scheme != "Bearer" or found is None or found.revoked or (found.expires and found.expires <= now):
        raise Problem("unauthenticated")
    return found


def check(store: Store, token: Any, edition: str, category: str, now: str) -> None:
    """Refuse who is no nominator of the edition, and what arrives while its call is not open."""
    if (token.edition, token.role) != (edition, "nominator"):
        raise Problem("forbidden")
    found = store.find(EDITIONS, edition)
    if found is None:
        raise Problem("not_found")
    if not found.opens <= now < found.closes or category not in found.categories:
        raise Problem("invalid_body")


def earlier_answer(store: Store, token: Any, data: bytes) -> Response | dict[str, str] | None:
    """The answer of an earlier request under the same Idempotency-Key, else the row to keep for this one, if any."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    names = {"key": _hmac(f"{token.participant} {request.path} {key}".encode()), "body": _hmac(data)}
    earlier = store.find(ANSWERS, names["key"])
    if earlier is None:
        return names
    if earlier.body != names["body"]:
        raise Problem("idempotency_key_reused")
    found = store.find(NOMINATIONS, earlier.nomination)
    return shown({column.name: getattr(found, column.name) for column in NOMINATIONS.columns})


def row_of(edition: str, nominator: str, body: dict[str, Any], now: str) -> dict[str, Any]:
    """The row of a nomination."""
    nominee = {"participant": str(uuid.uuid4()), **body["nominee"]}
    return {
        "id": str(uuid.uuid4()),
        "edition": edition,
        "category": body["category"],
        "nominator": nominator,
        **{name: nominee.get(name) for name in NOMINEE},
        "statement": body["statement"],
        "status": "submitted",
        "submitted": now,
    }


def shown(row: Mapping[str, Any]) -> Response:
    """The nomination as it goes out."""
    nominee = {name: row[name] for name in NOMINEE if row[name] is not None}
    told = {name: value for name, value in row.items() if name not in NOMINEE}
    body = json.dumps({**told, "nominee": nominee}, ensure_ascii=False, separators=(",", ":"))
    return Response(body, 201, {"Location": f"/api/v1/nominations/{row['id']}"}, content_type="application/json")


def _hmac(data: bytes) -> str:
    return hmac.new(SECRET, data, hashlib.sha256).hexdigest()


def open_engine(url: str) -> Engine:
    """An engine with the tables there."""
    address = make_url(url)
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, pool_size=32, pool_use_lifo=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    METADATA.create_all(engine)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000"):
        connection.execute(f"PRAGMA {pragma}").close()


def prepare(url: str, edition: str, token: str) -> None:
    """An edition whose call is open, and a nominator's token for it."""
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(
            insert(EDITIONS),
            {"id": edition, "opens": "2020-01-01", "closes": "2100-01-01", "categories": ["main"]},
        )
        hashed = hashlib.sha256(token.encode()).hexdigest()
        nominator = {"edition": edition, "participant": str(uuid.uuid4()), "role": "nominator"}
        connection.execute(insert(TOKENS), {"hash": hashed, **nominator})
    engine.dispose()


def create_bare(path: str, body: bytes, headers: Mapping[str, str]) -> Flask:
    """One route, which returns these bytes under these headers."""
    app = Flask("bare", static_folder=None)

    @app.get(path)
    def same_bytes() -> Response:
        return Response(body, headers=headers)

    return app
