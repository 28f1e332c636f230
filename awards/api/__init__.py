"""The HTTP API: each route is declared once, which registers, checks and documents it; see `awards.api.op`."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Protocol

from flask import Flask, Response

from awards.api import (
    assignments,
    awards,
    ballots,
    bundles,
    conflicts,
    decisions,
    editions,
    erasures,
    files,
    log,
    mail,
    nominations,
    oversight,
    people,
    reviews,
    tokens,
    winners,
)
from awards.api.answers import JSON
from awards.api.exchange import Http, Limits
from awards.api.mount import mount
from awards.application.application import Application
from awards.application.once import Idempotency
from awards.problems import Problem

GROUPS = (
    winners.winners,
    awards.awards,
    editions.editions,
    nominations.nominations,
    reviews.reviews,
    conflicts.conflicts,
    assignments.assignments,
    ballots.ballots,
    decisions.decisions,
    oversight.oversight,
    bundles.bundles,
    people.people,
    erasures.erasures,
    tokens.tokens,
    mail.mail,
    files.files,
    log.receipts,
    log.log,
)
logger = logging.getLogger(__name__)


class Secrets(Protocol):
    """Where secrets come from that every process shares."""

    def secret(self, label: str) -> bytes: ...


class Address(Protocol):
    """What is known of the public address."""

    @property
    def base_url(self) -> str | None: ...


def create_api(app: Flask, application: Application, secrets: Secrets, address: Address, limits: Limits) -> None:
    """Put the API, its document and the two probes onto an app."""
    http = Http(
        application=application,
        authenticate=application.people.caller,
        idempotency=Idempotency(secrets.secret("idempotency")),
        secret=secrets.secret("api"),
        clock=lambda: datetime.now(UTC),
        limits=limits,
        formerly=application.people.former_caller,
    )
    app.config[winners.BASE_URL] = address.base_url
    mount(app, http, GROUPS)
    app.add_url_rule("/healthz", "healthz", lambda: _told({"alive": True}))
    app.add_url_rule("/readyz", "readyz", lambda: _ready(application))


def _ready(application: Application) -> Response:
    """Bring the read models up to the log, so that a probe keeps those of a read replica fresh."""
    try:
        position = application.desk.projector.catch_up()
    except Exception:
        logger.exception("not ready")
        raise Problem("too_busy", "The log or the read models cannot be reached.") from None
    return _told({"ready": True, "position": position})


def _told(facts: dict[str, object]) -> Response:
    return Response(json.dumps(facts), headers={"Cache-Control": "no-store"}, content_type=JSON)
