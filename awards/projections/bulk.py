"""Writing many rows at once: one statement for each table, and rows as tuples in the order of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table


def upsert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows; where the primary key is there, replace every column that is not fixed."""
    if rows:
        connection.exec_driver_sql(_statement(table, connection.dialect.name), list(rows))


@cache
def _statement(table: Table, dialect: str) -> str:
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    # Quoted: `placing` is a word of PostgreSQL's own.
    changing = [f'"{column.name}"' for column in table.columns if not (column.primary_key or column.info.get("fixed"))]
    replaced = ", ".join(f"{name} = excluded.{name}" for name in changing)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join(["?" if dialect == "sqlite" else "%s"] * len(table.columns))
    return (
        f"INSERT INTO {table.name} ({names}) VALUES ({marks}) "  # noqa: S608
        f"ON CONFLICT ({keys}) DO UPDATE SET {replaced}"
    )
