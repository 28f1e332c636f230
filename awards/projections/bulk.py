"""Writing many rows at once: one statement for each table, and rows as tuples in the order of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table


def insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows that are not there yet."""
    if rows:
        connection.exec_driver_sql(_insert(table, connection.dialect.name), list(rows))


def upsert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows; where the primary key is there, replace every column that is not fixed."""
    if rows:
        connection.exec_driver_sql(_upsert(table, connection.dialect.name), list(rows))


@cache
def _upsert(table: Table, dialect: str) -> str:
    keys = ", ".join(column.name for column in table.primary_key)
    changing = [column.name for column in table.columns if not (column.primary_key or column.info.get("fixed"))]
    replaced = ", ".join(f"{name} = excluded.{name}" for name in changing)
    return f"{_insert(table, dialect)} ON CONFLICT ({keys}) DO UPDATE SET {replaced}"


@cache
def _insert(table: Table, dialect: str) -> str:
    names = ", ".join(column.name for column in table.columns)
    marks = ", ".join(["?" if dialect == "sqlite" else "%s"] * len(table.columns))
    return f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608
