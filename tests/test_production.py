"""In production the real `awards serve` refuses what must not be there, says all of it at once, and makes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from awards.app import Service, create_app
from awards.ledger.database import migrate
from awards.production import NotForProduction, faults
from awards.settings import Settings
from tests.postgres import PostgresServer

AWARDS = Path(sys.executable).with_name("awards")
ADDRESS = "https://awards.un.int"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """All that is needed for production, and what a test says otherwise."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWARDS_", "PYTHON", "FLASK"))}
    needed = {
        "AWARDS_PRODUCTION": "1",
        "AWARDS_BASE_URL": ADDRESS,
        "AWARDS_DATABASE_URL": f"sqlite:///{folder / 'awards.db'}",
        "AWARDS_PORT": "0",
    }
    return {**own, **needed, **more}


def refused(environ: dict[str, str]) -> list[str]:
    """What `awards serve` says, a line for each fault."""
    done = subprocess.run([AWARDS, "serve"], env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done
    first, *lines = done.stderr.splitlines()
    assert first == "Error: AWARDS_PRODUCTION is 1, and this is not for production:"
    return [line.strip() for line in lines]


def serves(environ: dict[str, str]) -> None:
    """`awards serve` starts, and ends when it is told to."""
    with subprocess.Popen([AWARDS, "serve"], env=environ, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        said = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
    assert said.startswith("listening on "), said
    assert process.returncode == 0


def test_what_is_set_up_for_it_is_served_twice(tmp_path: Path) -> None:
    serves(environment(tmp_path))
    serves(environment(tmp_path))  # nothing that the first made is open to others


def test_what_it_makes_is_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        serves(environment(tmp_path))
    finally:
        os.umask(before)
    files = dict.fromkeys(["awards.db", "awards-keys.db", "awards-keys.key", "awards-log.key"], "0o600")
    made = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}
    assert made == {**files, "awards-log": "0o700"}


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    serves(environment(tmp_path))
    for file in tmp_path.iterdir():
        file.chmod(0o644)
    tmp_path.chmod(0o777)
    wrong = {
        "AWARDS_BASE_URL": "http://awards.example.org",
        "AWARDS_ORIGIN": "example.com/log",
        "AWARDS_LIMITS": "0",
        "FLASK_DEBUG": "1",
        "PYTHONDEVMODE": "1",
    }
    assert refused(environment(tmp_path, **wrong)) == [
        "FLASK_DEBUG switches debugging on: unset it",
        "PYTHONDEVMODE switches debugging on: unset it",
        "PYTHONDEVMODE or -X dev switches Python's development mode on: unset it",
        "AWARDS_BASE_URL is not https",
        "AWARDS_BASE_URL is an example or this machine itself: awards.example.org",
        "AWARDS_ORIGIN is an example: example.com/log",
        f"AWARDS_KEY_FILE is open to others than its owner: chmod 600 {tmp_path / 'awards-keys.key'}",
        f"AWARDS_KEY_FILE lies in a folder that others than its owner may change: chmod 755 {tmp_path}",
        f"AWARDS_LOG_KEY is open to others than its owner: chmod 600 {tmp_path / 'awards-log.key'}",
        f"AWARDS_LOG_KEY lies in a folder that others than its owner may change: chmod 755 {tmp_path}",
        f"AWARDS_DATABASE_URL is a file open to others than its owner: chmod 600 {tmp_path / 'awards.db'}",
        f"AWARDS_KEYS is a file open to others than its owner: chmod 600 {tmp_path / 'awards-keys.db'}",
        "AWARDS_LIMITS lifts every limit: set it to 1 or more",
    ]


def test_what_is_refused_makes_nothing(tmp_path: Path) -> None:
    assert refused(environment(tmp_path, AWARDS_BASE_URL="")) == [
        "AWARDS_BASE_URL is not set: say the public address, https://…"
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o640, 0o660])
def test_a_key_file_that_others_may_touch_is_refused_everywhere(tmp_path: Path, mode: int) -> None:
    serves(environment(tmp_path))
    key = tmp_path / "awards-keys.key"
    key.chmod(mode)
    told = f"AWARDS_KEY_FILE is open to others than its owner: chmod 600 {key}"
    assert refused(environment(tmp_path)) == [told]
    trial = environment(tmp_path, AWARDS_PRODUCTION="0")
    done = subprocess.run([AWARDS, "serve"], env=trial, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        f"Error: the key file {key} is open to others than its owner: chmod 600 {key}\n",
    )


@pytest.fixture
def service_url(postgres_server: PostgresServer) -> Iterator[tuple[str, str, str]]:
    """The log as its owner and as the role of the service, and the key store as that role."""
    urls = [postgres_server.create_database(name) for name in ("production", "production_keys")]
    name, password = "awards_production_service", "kept-well-4711"
    with psycopg.connect(postgres_server.url, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), password))
        owner.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
                sql.Identifier(urls[1].rpartition("/")[2]), sql.Identifier(name)
            )
        )
    migrate(urls[0], None, name)
    as_service = [url.replace("postgres:postgres", f"{name}:{password}") for url in urls]
    try:
        yield urls[0], as_service[0], as_service[1]
    finally:
        for url in urls:
            postgres_server.drop_database(url)
        with psycopg.connect(postgres_server.url, autocommit=True) as owner:
            owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_on_postgresql_the_owner_of_the_log_does_not_serve(tmp_path: Path, service_url: tuple[str, str, str]) -> None:
    owner, service, keys = service_url
    key_file = {"AWARDS_KEY_FILE": str(tmp_path / "key"), "AWARDS_KEYS": keys}
    serves(environment(tmp_path, AWARDS_DATABASE_URL=service, **key_file))
    assert refused(environment(tmp_path, AWARDS_DATABASE_URL=owner, **key_file)) == [
        "AWARDS_DATABASE_URL has a sample for a password, or the name of its user, or an empty one",
        "AWARDS_DATABASE_URL is for a role that owns the log and could change it: name that of migrate --role",
    ]


@pytest.mark.parametrize(
    ("user", "sample"),
    [
        ("postgres:postgres", True),
        ("awards:awards", True),
        ("awards:Password", True),
        ("ada:ada", True),
        ("awards:", True),
        ("awards:p%61ssword", True),
        ("awards", False),
        ("awards:kept-well-4711", False),
    ],
)
def test_a_password_that_anybody_would_try_is_refused(tmp_path: Path, user: str, sample: bool) -> None:
    settings = Settings.from_environment(
        environment(
            tmp_path, AWARDS_KEYS=f"postgresql://{user}@127.0.0.1:9/keys", AWARDS_KEY_FILE=str(tmp_path / "key")
        )
    )
    assert bool(list(faults(settings))) is sample


@pytest.mark.parametrize(
    ("wrong", "faults_found"),
    [
        ({"smtp_url": "smtp://awards:awards@mail.un.int"}, ["AWARDS_SMTP has a sample for a password"]),
        ({"smtp_url": "smtps://awards:kept-well-4711@mail.un.int"}, []),
        ({"oidc_issuer": "https://id.un.int", "oidc_client_id": "a", "oidc_client_secret": "kept-well-4711"}, []),
        (
            {"oidc_issuer": "http://id.un.int", "oidc_client_id": "a", "oidc_client_secret": "changeme"},
            ["AWARDS_OIDC_CLIENT_SECRET is a sample", "AWARDS_OIDC_ISSUER is not https"],
        ),
    ],
)
def test_so_is_a_sample_secret_of_mail_or_sign_in(
    tmp_path: Path, wrong: dict[str, str], faults_found: list[str]
) -> None:
    settings = replace(Settings.from_environment(environment(tmp_path)), **wrong)  # type: ignore[arg-type]
    found = list(faults(settings))
    assert len(found) == len(faults_found)
    assert all(fault.startswith(begin) for fault, begin in zip(found, faults_found, strict=True))


@pytest.mark.parametrize(
    ("base_url", "nobodys"),
    [
        ("https://awards.example.com", True),
        ("https://localhost:8443", True),
        ("https://127.0.0.1", True),
        ("https://[::1]:8443", True),
        ("https://awards.test", True),
        ("https://awards.example.org.", True),
        ("https://0.0.0.0:8443", True),
        ("https://[::]", True),
        (ADDRESS, False),
        ("https://myexample.org", False),
        ("https://latest", False),
    ],
)
def test_an_address_that_is_nobodys_is_refused(tmp_path: Path, base_url: str, nobodys: bool) -> None:
    settings = Settings.from_environment(environment(tmp_path, AWARDS_BASE_URL=base_url))
    assert bool(list(faults(settings))) is nobodys


def test_another_server_is_no_way_round(tmp_path: Path) -> None:
    service = Service.open(Settings.from_environment(environment(tmp_path)))
    try:
        create_app(service)
        with pytest.raises(NotForProduction, match="AWARDS_BASE_URL is not set"):
            create_app(replace(service, settings=replace(service.settings, base_url=None)))
    finally:
        service.close()
