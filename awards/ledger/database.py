"""The database of the log: opening it, its tables, and the triggers that keep the log append-only.

`migrate` is run by the owner of the database. On PostgreSQL the service may run as another role, which may only read
and insert into the log, reads `meta`, and owns every other table.
"""

import re
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import OperationalError, ProgrammingError

from awards.ledger import accounts, affiliations, imported, tokens
from awards.ledger.files import make_private
from awards.ledger.sqlite_recorder import SQLiteLogDatastore, SQLiteLogRecorder

if TYPE_CHECKING:
    from awards.ledger.postgres_recorder import PostgresLogRecorder

SCHEMA = "4"
"""Version of these tables, in `meta`."""

LOG_TABLES = ("stored_events", "leaves")
OTHER_TABLES = (
    *("sealed", "participants", "tokens", "spent", "accounts", "identities", "sessions", "idempotency"),
    *("organisations", "affiliations", "contacts", "outbox", "mail_feed", "limits", "imported", "erasing"),
)

ORIGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,253}[A-Za-z0-9])?")
"""A log's name is a URL without its scheme (C2SP tlog-checkpoint): no spaces, no plus sign."""

_BESIDE = [
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS sealed (
        digest TEXT PRIMARY KEY, subjects TEXT NOT NULL, class TEXT NOT NULL, nonce BLOB NOT NULL,
        ciphertext BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS participants (
        participant TEXT PRIMARY KEY, edition TEXT NOT NULL, subject TEXT NOT NULL, UNIQUE (edition, subject))""",
    "CREATE INDEX IF NOT EXISTS participants_subject ON participants (subject)",
    *tokens.TABLES,
    *accounts.TABLES,
    *affiliations.TABLES,
    *imported.TABLES,
    # What is recorded as erased and is not known to be gone (`awards.ledger.erasing`).
    """CREATE TABLE IF NOT EXISTS erasing (
        id TEXT NOT NULL, class TEXT NOT NULL, time TEXT NOT NULL, PRIMARY KEY (id, class))""",
    """CREATE TABLE IF NOT EXISTS idempotency (
        key TEXT PRIMARY KEY, body TEXT NOT NULL, status INTEGER NOT NULL, resource TEXT, time TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS idempotency_time ON idempotency (time)",
    "CREATE TABLE IF NOT EXISTS limits (name TEXT PRIMARY KEY, full_at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS contacts (subject TEXT PRIMARY KEY, email TEXT, language TEXT, wants TEXT)",
    """CREATE TABLE IF NOT EXISTS outbox (
        cause TEXT NOT NULL, recipient TEXT NOT NULL, kind TEXT NOT NULL, due TEXT NOT NULL, facts TEXT NOT NULL,
        state TEXT NOT NULL, tries INTEGER NOT NULL, next_try TEXT NOT NULL, sent TEXT, why TEXT,
        PRIMARY KEY (cause, recipient))""",
    "CREATE INDEX IF NOT EXISTS outbox_next ON outbox (state, next_try)",
    "CREATE INDEX IF NOT EXISTS outbox_recipient ON outbox (recipient)",
    "CREATE TABLE IF NOT EXISTS mail_feed (one INTEGER PRIMARY KEY CHECK (one = 1), position BIGINT NOT NULL)",
    # Where a log is older than its outbox, mail begins with what is recorded from now on.
    """INSERT INTO mail_feed (one, position) SELECT 1, coalesce(max(idx) + 1, 0) FROM leaves WHERE true
        ON CONFLICT (one) DO NOTHING""",
]

_SQLITE = [
    """CREATE TABLE IF NOT EXISTS stored_events (
        notification_id INTEGER PRIMARY KEY, originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL, state BLOB NOT NULL, UNIQUE (originator_id, originator_version))""",
    """CREATE TABLE IF NOT EXISTS leaves (
        idx INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, hash BLOB NOT NULL, edition TEXT,
        time_max TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS leaves_edition ON leaves (edition, idx) WHERE edition IS NOT NULL",
    *_BESIDE,
    *(
        f"""CREATE TRIGGER IF NOT EXISTS {table}_refuse_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"""
        for table in LOG_TABLES
        for verb in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE deletes without firing a delete trigger (unless recursive triggers are on), and may leave gaps.
    """CREATE TRIGGER IF NOT EXISTS stored_events_refuse_insert BEFORE INSERT ON stored_events
        WHEN NEW.notification_id IS NOT (SELECT coalesce(max(notification_id), 0) + 1 FROM stored_events)
          OR EXISTS (SELECT 1 FROM stored_events
                     WHERE originator_id = NEW.originator_id AND originator_version = NEW.originator_version)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS leaves_refuse_insert BEFORE INSERT ON leaves
        WHEN NEW.idx IS NOT (SELECT coalesce(max(idx), -1) + 1 FROM leaves)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
]

_POSTGRES = [
    """CREATE TABLE IF NOT EXISTS stored_events (
        originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL, state bytea NOT NULL,
        notification_id bigint NOT NULL UNIQUE, PRIMARY KEY (originator_id, originator_version))""",
    """CREATE TABLE IF NOT EXISTS leaves (
        idx bigint PRIMARY KEY, stream uuid NOT NULL, version bigint NOT NULL, hash bytea NOT NULL, edition text,
        time_max text COLLATE "C" NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS leaves_edition ON leaves (edition, idx) WHERE edition IS NOT NULL",
    *(statement.replace("BLOB", "bytea") for statement in _BESIDE),
    """CREATE OR REPLACE FUNCTION awards_refuse(stream uuid) RETURNS bigint LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'AW001', MESSAGE = stream::text; END $$""",
    """CREATE OR REPLACE FUNCTION awards_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    *(
        f"""CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION awards_append_only()"""
        for table in LOG_TABLES
    ),
    # Also when a session claims to be a replica.
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only" for table in LOG_TABLES),
]


def is_sqlite(url: str) -> bool:
    """Tell the database of a URL: True for SQLite, False for PostgreSQL; any other is a `ValueError`."""
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return True
    if url.startswith(("postgresql://", "postgres://")):
        return False
    raise ValueError("a database URL is sqlite:///file, or postgresql://user:password@host:port/database")


def sqlite_path(url: str) -> str:
    """Return the file of a SQLite URL: `sqlite:///relative.db`, `sqlite:////absolute.db`."""
    path = url.removeprefix("sqlite:///")
    if ":memory:" in path or "?" in path or path.startswith("file:"):
        raise ValueError("the log needs a file: sqlite:///file, without parameters")
    return path


def open_recorder(url: str, origin: str | None = None) -> "SQLiteLogRecorder | PostgresLogRecorder":
    """Open a migrated database; `origin` is read from it unless given. Raises `OperationalError` when it is not
    migrated.
    """
    recorder = _connect(url)
    try:
        found = {row["name"]: row["value"] for row in recorder.read("SELECT name, value FROM meta")}
    except (OperationalError, ProgrammingError) as error:
        recorder.close()
        raise OperationalError("the database cannot be read, or was never set up: run `awards migrate`") from error
    if found.get("schema") != SCHEMA:
        recorder.close()
        raise OperationalError(f"the tables are of version {found.get('schema')}, not {SCHEMA}: run `awards migrate`")
    recorder.origin = origin or found["origin"]
    return recorder


def migrate(url: str, origin: str | None = None, service_role: str | None = None) -> str:
    """Create what is missing and return the log's origin, written once: another one later is a `ValueError`."""
    if origin is not None and not ORIGIN.fullmatch(origin):
        raise ValueError("an origin is made of letters, digits, dots, dashes and slashes")
    if is_sqlite(url):
        path = sqlite_path(url)
        if not Path(path).parent.is_dir():
            raise OperationalError(f"there is no folder for {path}: make it, or name another by AWARDS_DATABASE_URL")
        make_private(path)
    with _owner(url) as run:
        for statement in _SQLITE if is_sqlite(url) else _POSTGRES:
            run(statement)
        _add_later_columns(run, is_sqlite(url))
        chosen = origin or f"log-{secrets.token_hex(4)}.invalid"
        run(f"INSERT INTO meta VALUES ('origin', '{chosen}') ON CONFLICT (name) DO NOTHING")  # noqa: S608  # checked above
        run(f"INSERT INTO meta VALUES ('schema', '{SCHEMA}') ON CONFLICT (name) DO UPDATE SET value = excluded.value")  # noqa: S608
        ((written,),) = run("SELECT value FROM meta WHERE name = 'origin'")
        if not is_sqlite(url) and (role := service_role or _service_role(run)):
            _grant(run, role)
    if origin not in (None, written):
        raise ValueError(f"this log is {written}; its origin was written once and stays")
    return str(written)


def _connect(url: str) -> "SQLiteLogRecorder | PostgresLogRecorder":
    if is_sqlite(url):
        return SQLiteLogRecorder(SQLiteLogDatastore(sqlite_path(url)), "")
    from awards.ledger.postgres_recorder import PostgresLogDatastore, PostgresLogRecorder  # noqa: PLC0415  # an extra

    return PostgresLogRecorder(PostgresLogDatastore(url), "")


@contextmanager
def _owner(url: str) -> Iterator[Any]:
    """One transaction of the owner; yields a function that runs a statement and returns its rows, if any."""
    recorder = _connect(url)
    try:
        if isinstance(recorder, SQLiteLogRecorder):
            with recorder.writing() as cursor:
                yield lambda sql: [tuple(row) for row in cursor.execute(sql)]
        else:
            with recorder.datastore.transaction(commit=True) as curs:
                curs.execute("SELECT pg_advisory_xact_lock(hashtext('awards migrate'))")
                yield lambda sql: _rows(curs, sql)
    finally:
        recorder.close()


def _add_later_columns(run: Any, sqlite: bool) -> None:
    """Bring the tables of version 1 up to this one; what versions 3 and 4 added are tables."""
    for name, kind in tokens.LATER_COLUMNS:
        if not sqlite:
            run(f"ALTER TABLE tokens ADD COLUMN IF NOT EXISTS {name} {kind}")
        elif name not in {column for _, column, *_ in run("PRAGMA table_info(tokens)")}:
            run(f"ALTER TABLE tokens ADD COLUMN {name} {kind}")
    for (hashed,) in run("SELECT hash FROM tokens WHERE id IS NULL"):
        run(f"UPDATE tokens SET id = '{uuid.uuid4()}' WHERE hash = '{hashed}'")  # noqa: S608  # of our own making
    run("CREATE UNIQUE INDEX IF NOT EXISTS tokens_id ON tokens (id)")


def _service_role(run: Any) -> str | None:
    """The role that was once given the tables beside the log, and needs those made since."""
    found = run("SELECT tableowner FROM pg_tables WHERE tablename = 'participants' AND tableowner <> current_user")
    return str(found[0][0]) if found else None


def _rows(curs: Any, sql: Any) -> list[tuple[Any, ...]]:
    curs.execute(sql)
    return [tuple(row.values()) for row in curs] if curs.description else []


def _grant(run: Any, role: str) -> None:
    from psycopg.sql import SQL, Identifier  # noqa: PLC0415  # an extra

    name = Identifier(role)
    run(SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(name))
    run(SQL("GRANT SELECT, INSERT ON stored_events, leaves TO {}").format(name))
    run(SQL("GRANT SELECT ON meta TO {}").format(name))
    for table in OTHER_TABLES:
        run(SQL("ALTER TABLE {} OWNER TO {}").format(Identifier(table), name))
