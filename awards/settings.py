"""The settings: the only place that reads the environment. Each variable is documented by one line here.

An empty variable counts as unset. A value that cannot be used is refused by name, before anything is opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")
OIDC = ("AWARDS_OIDC_ISSUER", "AWARDS_OIDC_CLIENT_ID", "AWARDS_OIDC_CLIENT_SECRET", "AWARDS_OIDC_NAME")
MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
ORIGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,253}[A-Za-z0-9])?")


class InvalidSetting(ValueError):
    """A variable of the environment has a value that cannot be used."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(f"{name} {problem}")


def _variable(name: str, about: str) -> dict[str, str]:
    return {"name": name, "about": about}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment says, checked and with defaults filled in."""

    # Addresses may hold a password: they stay out of `repr`, and so out of logs.
    database_url: str = field(
        repr=False,
        metadata=_variable(
            "AWARDS_DATABASE_URL", "the log and the read models: sqlite:///awards.db (default) or postgresql://…"
        ),
    )
    keys_url: str = field(
        repr=False,
        metadata=_variable(
            "AWARDS_KEYS", "the key store, a database of its own: by default <name>-keys.db beside an SQLite database"
        ),
    )
    key_file: Path = field(
        metadata=_variable(
            "AWARDS_KEY_FILE",
            "the file that wraps the keys, made on the first run: by default beside an SQLite key store",
        )
    )
    origin: str | None = field(
        metadata=_variable(
            "AWARDS_ORIGIN", "the name of the log, written once when it is made: by default log-<random>.invalid"
        )
    )
    log_store: Path | None = field(
        metadata=_variable(
            "AWARDS_LOG_STORE",
            "the folder of the last checkpoint and its tiles, in one place: by default beside an SQLite database",
        )
    )
    log_key: Path | None = field(
        metadata=_variable(
            "AWARDS_LOG_KEY",
            "the file of the key that signs checkpoints, made on the first run: by default beside them",
        )
    )
    witness_policy: Path | None = field(
        metadata=_variable(
            "AWARDS_WITNESS_POLICY",
            "a C2SP tlog-policy file that names the witnesses who cosign checkpoints: by default none are asked",
        )
    )
    tsa: str | None = field(
        metadata=_variable(
            "AWARDS_TSA",
            "the address of an RFC 3161 authority for a time stamp a day: by default none is asked",
        )
    )
    host: str = field(metadata=_variable("AWARDS_HOST", "the address to listen on: by default 127.0.0.1"))
    port: int = field(metadata=_variable("AWARDS_PORT", "the port to listen on, 0 for any free one: by default 8000"))
    threads: int = field(
        metadata=_variable("AWARDS_THREADS", "requests answered at a time by one process: by default 32")
    )
    max_body: int = field(metadata=_variable("AWARDS_MAX_BODY", "the longest request body in bytes: by default 262144"))
    limits: int = field(
        metadata=_variable(
            "AWARDS_LIMITS", "multiplies every rate limit: by default 1; 0 lifts them all, for an import"
        )
    )
    proxies: int = field(
        metadata=_variable(
            "AWARDS_PROXIES", "how many proxies of yours add to X-Forwarded-For before the service: by default 0"
        )
    )
    production: bool = field(
        metadata=_variable("AWARDS_PRODUCTION", "1: refuse to start unless all is set up for real: by default 0")
    )
    oidc_issuer: str | None = field(
        metadata=_variable(
            "AWARDS_OIDC_ISSUER", "the OpenID provider people may sign in with, by its issuer: by default none"
        )
    )
    oidc_client_id: str | None = field(
        metadata=_variable("AWARDS_OIDC_CLIENT_ID", "what the OpenID provider knows this service by")
    )
    oidc_client_secret: str | None = field(
        repr=False, metadata=_variable("AWARDS_OIDC_CLIENT_SECRET", "what this service proves it with")
    )
    oidc_name: str | None = field(
        metadata=_variable("AWARDS_OIDC_NAME", "how the button names the OpenID provider: by default its host")
    )
    base_url: str | None = field(
        metadata=_variable(
            "AWARDS_BASE_URL", "the public address, for links in feeds and pages: by default that of the request"
        )
    )
    smtp_url: str | None = field(
        repr=False,
        metadata=_variable(
            "AWARDS_SMTP", "the mail server: smtp://user:password@host:587 or smtps://…; by default no mail is sent"
        ),
    )
    mail_from: str | None = field(
        metadata=_variable("AWARDS_MAIL_FROM", "who mail is from: Awards <awards@example.org>; needed with AWARDS_SMTP")
    )

    @classmethod
    def for_databases(cls, database_url: str, environ: Mapping[str, str] = os.environ) -> Self:
        """The same with this database and what lies beside it, whatever the environment says of databases."""
        named = {"AWARDS_DATABASE_URL": database_url, "AWARDS_KEYS": "", "AWARDS_KEY_FILE": "", "AWARDS_ORIGIN": ""}
        named |= {"AWARDS_LOG_STORE": "", "AWARDS_LOG_KEY": "", "AWARDS_WITNESS_POLICY": "", "AWARDS_TSA": ""}
        return cls.from_environment({**environ, **named})

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read every variable; `InvalidSetting` names the first that cannot be used."""
        database_url = _database_url("AWARDS_DATABASE_URL", environ.get("AWARDS_DATABASE_URL") or "sqlite:///awards.db")
        keys_url = _keys_url(environ.get("AWARDS_KEYS"), database_url)
        log_store, log_key = _log(environ, database_url)
        return cls(
            database_url=database_url,
            keys_url=keys_url,
            key_file=_key_file(environ.get("AWARDS_KEY_FILE"), keys_url),
            origin=_origin(environ.get("AWARDS_ORIGIN")),
            log_store=log_store,
            log_key=log_key,
            witness_policy=_witness_policy(environ, log_store),
            tsa=_tsa(environ, log_store),
            host=environ.get("AWARDS_HOST") or "127.0.0.1",
            port=_number(environ, "AWARDS_PORT", 8000, 0, 65535),
            threads=_number(environ, "AWARDS_THREADS", 32, 1, 1024),
            max_body=_number(environ, "AWARDS_MAX_BODY", 262144, 1024, 2**30),
            limits=_number(environ, "AWARDS_LIMITS", 1, 0, 1000),
            proxies=_number(environ, "AWARDS_PROXIES", 0, 0, 10),
            production=_number(environ, "AWARDS_PRODUCTION", 0, 0, 1) == 1,
            **_oidc(environ),
            base_url=_base_url(environ.get("AWARDS_BASE_URL")),
            smtp_url=_smtp(environ),
            mail_from=_mail_from(environ.get("AWARDS_MAIL_FROM")),
        )


def debugging(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The variables of Python and Flask that switch debugging on."""
    names = ("FLASK_DEBUG", "PYTHONDEVMODE", "PYTHONASYNCIODEBUG", "PYTHONINSPECT")
    return [name for name in names if environ.get(name, "").lower() not in {"", "0", "false", "no"}]


def documented() -> dict[str, str]:
    """Every variable with the line that documents it."""
    return {each.metadata["name"]: each.metadata["about"] for each in fields(Settings)}


def _database_url(name: str, url: str) -> str:
    if url.startswith(POSTGRES):
        return url
    if not url.startswith(SQLITE):
        raise InvalidSetting(name, "must begin with sqlite:/// or postgresql://")
    path = url.removeprefix(SQLITE)
    if not path or path.startswith(":") or "?" in path:
        raise InvalidSetting(name, "must name a file, as in sqlite:///awards.db or sqlite:////var/lib/awards/awards.db")
    return url


def _keys_url(url: str | None, database_url: str) -> str:
    if not url:
        if not database_url.startswith(SQLITE):
            raise InvalidSetting("AWARDS_KEYS", "is needed with PostgreSQL: the address of a second database")
        database = Path(database_url.removeprefix(SQLITE))
        return f"{SQLITE}{database.with_name(f'{database.stem}-keys.db')}"
    if url == database_url:
        raise InvalidSetting("AWARDS_KEYS", "must be another database than AWARDS_DATABASE_URL, with its own backups")
    return _database_url("AWARDS_KEYS", url)


def _key_file(path: str | None, keys_url: str) -> Path:
    if path:
        return Path(path)
    if not keys_url.startswith(SQLITE):
        raise InvalidSetting("AWARDS_KEY_FILE", "is needed when the key store is on PostgreSQL: the path of a file")
    return Path(keys_url.removeprefix(SQLITE)).with_suffix(".key")


def _log(environ: Mapping[str, str], database_url: str) -> tuple[Path | None, Path | None]:
    """Where checkpoints are kept, and the key that signs them; on PostgreSQL nowhere, unless it is said."""
    store, key = (environ.get(name) for name in ("AWARDS_LOG_STORE", "AWARDS_LOG_KEY"))
    if not store and database_url.startswith(SQLITE):
        database = Path(database_url.removeprefix(SQLITE))
        store = str(database.with_name(f"{database.stem}-log"))
    if not store:
        if key:
            raise InvalidSetting("AWARDS_LOG_KEY", "means nothing without AWARDS_LOG_STORE")
        return None, None
    folder = Path(store)
    return folder, Path(key) if key else folder.with_name(f"{folder.name}.key")


def _witness_policy(environ: Mapping[str, str], log_store: Path | None) -> Path | None:
    path = environ.get("AWARDS_WITNESS_POLICY")
    if path and log_store is None:
        raise InvalidSetting("AWARDS_WITNESS_POLICY", "means nothing without AWARDS_LOG_STORE")
    return Path(path) if path else None


def _tsa(environ: Mapping[str, str], log_store: Path | None) -> str | None:
    text = environ.get("AWARDS_TSA")
    if not text:
        return None
    if log_store is None:
        raise InvalidSetting("AWARDS_TSA", "means nothing without AWARDS_LOG_STORE")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and not parts.fragment
    except ValueError:
        usable = False
    if not usable or parts.username is not None or not (text.isascii() and text.isprintable()) or " " in text:
        raise InvalidSetting("AWARDS_TSA", "must look like https://tsa.example.org/stamp")
    return text


def _origin(text: str | None) -> str | None:
    if text and not ORIGIN.fullmatch(text):
        raise InvalidSetting("AWARDS_ORIGIN", "must look like awards.example.org/log: letters, digits and . _ / -")
    return text or None


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise InvalidSetting(name, f"must be a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _oidc(environ: Mapping[str, str]) -> dict[str, str | None]:
    """The OpenID provider: all of it or nothing, and only where its libraries are."""
    issuer, *others = (environ.get(name) or None for name in OIDC)
    found = dict(zip((name.removeprefix("AWARDS_").lower() for name in OIDC), [issuer, *others], strict=True))
    if issuer is None:
        for name, value in zip(OIDC[1:], others, strict=True):
            if value:
                raise InvalidSetting(name, "means nothing without AWARDS_OIDC_ISSUER")
        return found
    if not _is_issuer(issuer):
        raise InvalidSetting("AWARDS_OIDC_ISSUER", "must look like https://login.example.org; http only on loopback")
    for name in ("AWARDS_OIDC_CLIENT_ID", "AWARDS_OIDC_CLIENT_SECRET", "AWARDS_BASE_URL"):
        if not environ.get(name):
            raise InvalidSetting(name, "is needed with AWARDS_OIDC_ISSUER")
    if not all(find_spec(library) for library in ("authlib", "joserfc", "requests")):
        raise InvalidSetting(
            "AWARDS_OIDC_ISSUER", "needs libraries that are missing: install '.[oidc]', see the README"
        )
    return {**found, "oidc_name": found["oidc_name"] or urlsplit(issuer).hostname}


def _is_issuer(text: str) -> bool:
    """HTTPS without a query or fragment (OpenID Connect Core, 2), or plain HTTP to this machine."""
    try:
        parts = urlsplit(text)
        usable = parts.hostname and parts.port != 0 and parts.username is None and not text.endswith(("?", "#"))
    except ValueError:
        return False
    loopback = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return bool(usable) and (parts.scheme == "https" or loopback) and not (parts.query or parts.fragment)


def _base_url(text: str | None) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username is not None:
        raise InvalidSetting("AWARDS_BASE_URL", "must look like https://awards.example.org, without a query")
    return text.rstrip("/")


def _smtp(environ: Mapping[str, str]) -> str | None:
    text = environ.get("AWARDS_SMTP")
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0 and not parts.fragment
    except ValueError:
        usable = False
    # What was given is not repeated: it may hold a password.
    if not usable or parts.path not in {"", "/"} or parts.query not in {"", "tls=off"} or not text.isascii():
        raise InvalidSetting("AWARDS_SMTP", "must look like smtp://user:password@host:587 or smtps://host:465")
    for needed in ("AWARDS_MAIL_FROM", "AWARDS_BASE_URL"):
        if not environ.get(needed):
            raise InvalidSetting(needed, "is needed with AWARDS_SMTP: letters say whom they are from and where to look")
    return text


def _mail_from(text: str | None) -> str | None:
    if not text:
        return None
    name, address = parseaddr(text)
    plain = name.isprintable() and text.isprintable()
    if not plain or not MAILBOX.fullmatch(address) or text not in {address, f"{name} <{address}>"}:
        raise InvalidSetting("AWARDS_MAIL_FROM", "must look like Awards <awards@example.org>")
    return text
