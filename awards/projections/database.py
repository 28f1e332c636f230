"""Opening the database of the read models: connections, transactions, and the tables made or made anew.

A reading transaction sees one moment of the database (SQLite by nature, PostgreSQL by REPEATABLE READ), so rows of
several tables and the position belong together. A writing one takes its lock with its first statement.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, insert, inspect, make_url, select, update

from awards.ledger.database import is_sqlite, sqlite_path
from awards.projections.tables import METADATA, PROJECTION, VERSION

# WAL with synchronous=NORMAL may lose the last commits in a power cut, but whole: rows and position go back together
# and are caught up again from the log. The log's own connections commit with FULL; what those sync stays.
# A checkpoint is left to the log's connections, unless a rebuild makes the WAL long (4,000 pages: 16 MB).
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "secure_delete = ON",
    "wal_autocheckpoint = 4000",
)

WAIT = 30
"""Seconds a transaction waits for a lock."""

CREATING = int.from_bytes(b"rm")  # the advisory lock of PostgreSQL under which tables are made


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`, with the tables of the read models there."""
    # Errors of the database end in log files: without the values of their statements, which may be under an embargo.
    pool: dict[str, Any] = {"pool_size": 8, "max_overflow": 56, "hide_parameters": True}
    if is_sqlite(url):
        engine = create_engine(URL.create("sqlite", database=sqlite_path(url)), **pool)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        address = make_url(url).set(drivername="postgresql+psycopg")
        options = f"{address.query.get('options', '')} -c lock_timeout={WAIT}s"
        address = address.update_query_dict({"options": options})
        engine = create_engine(address, isolation_level="REPEATABLE READ", **pool)
    with writing(engine) as connection, connection.begin():
        _make_tables(connection)
    return engine


def writing(engine: Engine) -> Connection:
    """A connection whose next transaction writes: it waits for the others and then sees what they wrote."""
    if engine.dialect.name == "sqlite":
        return engine.connect().execution_options(awards_writes=True)
    return engine.connect().execution_options(isolation_level="READ COMMITTED")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own
    for pragma in (f"busy_timeout = {WAIT * 1000}", *PRAGMAS):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("awards_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_tables(connection: Connection) -> None:
    """Create what is missing; tables of another version are dropped, for the log has all that is in them."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (CREATING,))
    if inspect(connection).has_table(PROJECTION.name):
        if connection.scalar(select(PROJECTION.c.version)) == VERSION:
            return
        METADATA.drop_all(connection)
    METADATA.create_all(connection, checkfirst=False)
    connection.execute(insert(PROJECTION).values(one=1, version=VERSION, position=0, roll_changed=0))


def clear(connection: Connection) -> None:
    """Delete every row of the read models, inside a writing transaction."""
    for table in METADATA.sorted_tables:
        if table is not PROJECTION:
            connection.execute(delete(table))
    connection.execute(update(PROJECTION).values(position=0, roll_changed=0))
