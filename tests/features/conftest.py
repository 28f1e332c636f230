"""One world a scenario; every scenario runs through both drivers and on both databases.

A scenario tagged `@service` needs what a real server cannot be made to do, and runs through the service driver alone.
Steps that several capabilities share are in `steps/`, the others beside the `scenarios()` that need them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from pytest_bdd.parser import Step

from tests.features.clock import Clock, RealClock, SetClock
from tests.features.house import House
from tests.features.http_driver import HttpDriver
from tests.features.service_driver import ServiceDriver
from tests.features.world import World
from tests.postgres import PostgresServer

Build = Callable[[str, str], House]
SHARED_STEPS = [f"tests.features.steps.{name}" for name in ("states", "acts", "sights", "outcomes")]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "service: a scenario for the service driver alone; its comment says why")
    for module in SHARED_STEPS:
        pytest.register_assert_rewrite(module)
        config.pluginmanager.register(importlib.import_module(module))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "way" in metafunc.fixturenames:
        only_service = metafunc.definition.get_closest_marker("service")
        metafunc.parametrize("way", ["service"] if only_service else ["service", "http"])


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Step) -> None:
    request.getfixturevalue("world").told = step.type != "given"


@pytest.fixture(scope="session")
def house_of(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[Build]:
    """The installation on a kind of database and for a driver, made when first asked for: each has a clock of its own,
    and a log whose time has run ahead has no moments left between now and then.
    """
    with ExitStack() as clean_up:
        houses: dict[tuple[str, str], House] = {}

        def build(kind: str, way: str) -> House:
            if (kind, way) not in houses:
                folder = tmp_path_factory.mktemp(f"features-{kind}-{way}")
                urls = [f"sqlite:///{folder / name}.db" for name in ("awards", "keys")]
                if kind == "postgres":
                    urls = [postgres_server.create_database(name) for name in ("awards", "keys")]
                    for url in urls:
                        clean_up.callback(postgres_server.drop_database, url)
                houses[kind, way] = House.open(urls[0], urls[1], folder)
                clean_up.callback(houses[kind, way].close)
            return houses[kind, way]

        yield build


@pytest.fixture
def house(house_of: Build, database_kind: str, way: str) -> House:
    """The installation under test."""
    return house_of(database_kind, way)


@pytest.fixture(autouse=True)
def world(way: str, house: House) -> Iterator[World]:
    """What the steps of one scenario share."""
    clock: Clock = SetClock(house.latest()) if way == "service" else RealClock()
    short = ServiceDriver(house.service.application, clock)
    http = HttpDriver(house.port)
    world = World(short if way == "service" else http, short, clock, house)
    yield world
    http.close()
    world.settle()
