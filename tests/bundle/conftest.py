"""One scene for all tests of the bundle, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import set_up
from tests.bundle.scene import Scene, open_service
from tests.postgres import PostgresServer


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The edition with everything."""
    folder = tmp_path_factory.mktemp("bundle")
    if request.param == "sqlite":
        urls = [f"sqlite:///{folder / name}.db" for name in ("awards", "keys")]
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        urls = [server.create_database(name) for name in ("bundle", "bundle_keys")]
    set_up.log_and_views(urls[0])
    service = open_service(folder, *urls)
    yield Scene(service)
    service.close()
    if request.param == "postgres":
        for url in urls:
            server.drop_database(url)
