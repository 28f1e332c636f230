"""What must not be in production. `awards serve` refuses to start with any of it when AWARDS_PRODUCTION is 1.

It is asked for by name, because nothing else tells a trial from the real thing: both listen on loopback, behind a
proxy. Everything found is told at once, each by the setting that mends it, before anything is opened or made.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from awards.ledger.database import LOG_TABLES, is_sqlite, sqlite_path
from awards.ledger.files import changed_by_others, open_to_others
from awards.settings import Settings, debugging

# Names that are nobody's (RFC 2606), the machine's own, and what stands for every address of it.
NOBODYS = re.compile(
    r"((.*\.)?(example(\.(com|net|org))?|test|invalid|localhost)|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1?\]?)\.?"
)
SAMPLES = {"", "admin", "awards", "changeme", "default", "example", "password", "postgres", "root", "sample", "secret"}
BESIDE = ("", "-wal", "-shm")

_OWNER = """
    SELECT rolsuper OR EXISTS (
        SELECT FROM pg_class WHERE oid IN ({tables}) AND pg_has_role(relowner, 'MEMBER'))
    FROM pg_roles WHERE rolname = current_user"""


class NotForProduction(Exception):
    """The service is not set up for production; says all that is wrong, a line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n  ".join(["AWARDS_PRODUCTION is 1, and this is not for production:", *faults]))


def require_ready(settings: Settings) -> None:
    """Refuse to serve in production what is not set up for it."""
    if settings.production and (found := list(faults(settings))):
        raise NotForProduction(found)


def faults(settings: Settings) -> Iterator[str]:
    """What is wrong, each with the setting that mends it."""
    yield from (f"{name} switches debugging on: unset it" for name in debugging())
    if sys.flags.dev_mode:
        yield "PYTHONDEVMODE or -X dev switches Python's development mode on: unset it"
    yield from _addresses(settings)
    yield from _key_file("AWARDS_KEY_FILE", settings.key_file)
    if settings.log_key and settings.log_store:
        yield from _key_file("AWARDS_LOG_KEY", settings.log_key)
        if changed_by_others(settings.log_store):
            told = f"chmod 700 {settings.log_store}"
            yield f"AWARDS_LOG_STORE is a folder that others than its owner may change: {told}"
    for name, url in (("AWARDS_DATABASE_URL", settings.database_url), ("AWARDS_KEYS", settings.keys_url)):
        yield from _files(name, url) if is_sqlite(url) else _password(name, url)
    if not is_sqlite(settings.database_url):
        yield from _owner(settings.database_url)
    yield from _password("AWARDS_SMTP", settings.smtp_url or "")
    if (settings.oidc_client_secret or "none").casefold() in SAMPLES | {settings.oidc_client_id}:
        yield "AWARDS_OIDC_CLIENT_SECRET is a sample, or the client's id"
    if settings.oidc_issuer and urlsplit(settings.oidc_issuer).scheme != "https":
        yield "AWARDS_OIDC_ISSUER is not https"
    if settings.limits == 0:
        yield "AWARDS_LIMITS lifts every limit: set it to 1 or more"


def _addresses(settings: Settings) -> Iterator[str]:
    if settings.base_url is None:
        yield "AWARDS_BASE_URL is not set: say the public address, https://…"
    else:
        address = urlsplit(settings.base_url)
        if address.scheme != "https":
            yield "AWARDS_BASE_URL is not https"
        if NOBODYS.fullmatch(address.hostname or ""):
            yield f"AWARDS_BASE_URL is an example or this machine itself: {address.hostname}"
    if settings.origin and NOBODYS.fullmatch(settings.origin.partition("/")[0]):
        yield f"AWARDS_ORIGIN is an example: {settings.origin}"


def _key_file(name: str, path: Path) -> Iterator[str]:
    if open_to_others(path):
        yield f"{name} is open to others than its owner: chmod 600 {path}"
    folder = path.absolute().parent
    if changed_by_others(folder):
        yield f"{name} lies in a folder that others than its owner may change: chmod 755 {folder}"


def _files(name: str, url: str) -> Iterator[str]:
    for path in (Path(sqlite_path(url) + ending) for ending in BESIDE):
        if open_to_others(path):
            yield f"{name} is a file open to others than its owner: chmod 600 {path}"


def _password(name: str, url: str) -> Iterator[str]:
    """None may be written, where it is in PGPASSFILE or a certificate stands for it; what is written is a secret."""
    address = urlsplit(url)
    if address.password is not None and unquote(address.password).casefold() in SAMPLES | {address.username}:
        yield f"{name} has a sample for a password, or the name of its user, or an empty one"


def _owner(url: str) -> Iterator[str]:
    import psycopg  # noqa: PLC0415  # an extra

    names = ", ".join(f"to_regclass('{table}')" for table in LOG_TABLES)
    try:
        with psycopg.connect(url) as connection:
            found = connection.execute(_OWNER.format(tables=names).encode()).fetchone()
    except psycopg.Error:
        return  # whoever opens it next says why it cannot be
    if found and found[0]:
        yield "AWARDS_DATABASE_URL is for a role that owns the log and could change it: name that of migrate --role"
