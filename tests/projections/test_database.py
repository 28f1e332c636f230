"""Opening the database of the read models."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from awards.projections.database import open_engine


def test_what_goes_wrong_is_told_without_the_values(database_url: str) -> None:
    engine = open_engine(database_url)
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    with engine.connect() as connection, pytest.raises(DBAPIError) as raised:
        connection.exec_driver_sql(f"INSERT INTO nowhere VALUES ({mark})", ("Irina",))
    engine.dispose()
    assert ("nowhere" in str(raised.value), "Irina" in str(raised.value)) == (True, False)
