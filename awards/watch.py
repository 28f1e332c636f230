"""What is watched, outside the event log: refused acts and sign-ins, each one line of JSON on the logger
`awards.refused`.

A line tells when, which rule of a route, which code, who by kind, role and id, and from which address: no token,
password, code, body, query, path or header. All of it is ASCII with control characters escaped, so that nobody can
write a line of their own (OWASP ASVS 5.0, 16.2 and 16.4). The address of a client is personal: keep these lines no
longer than you need them. `configure` is the only place that says where log lines go.
"""

from __future__ import annotations

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

from flask import request

from awards.access import ANYBODY, Caller

CALLER = "awards.caller"
"""Under this name the environment of a request holds who is calling, once that is known."""

LONGEST = 128
log = logging.getLogger("awards.refused")


def refused(code: str, who: Caller | None = None, **more: str) -> None:
    """Log that the request under way was refused, to `who`, or to whom it has been found to come from."""
    _tell("refused", code, who or request.environ.get(CALLER) or ANYBODY, more)


def signed_in(subject: str, how: str) -> None:
    """Log that somebody signed in: by `password`, by `code`, or by the name of an identity provider."""
    _tell("signed_in", how, Caller("subject", subject=subject), {})


def signed_out(subject: str) -> None:
    """Log that somebody signed out."""
    _tell("signed_out", "asked", Caller("subject", subject=subject), {})


def _tell(event: str, code: str, who: Caller, more: dict[str, str]) -> None:
    facts = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event": event,
        "code": code,
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "kind": who.kind,
        "role": who.role,
        "id": who.participant or who.subject,
        "address": request.remote_addr,
        **more,
    }
    log.info(json.dumps({name: value[:LONGEST] for name, value in facts.items() if value}))


class Lines(logging.Formatter):
    """Every record is one line of JSON, its traceback too."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; what is watched is one already."""
        if record.name == log.name:
            return record.getMessage()
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told)


def configure() -> None:
    """Send warnings and errors, and what is watched, to standard error."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": Lines}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"level": "WARNING", "handlers": ["stderr"]},
            "loggers": {log.name: {"level": "INFO"}},
        }
    )
