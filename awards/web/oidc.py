"""Signing in with an OpenID provider: the question at `/sign-in/oidc`, the answer at `/sign-in/oidc/callback`.

OpenID Connect Core 1.0 (3.1), code flow with PKCE, after the advice of RFC 9700: a question is answered once, by the
browser that asked it. What goes wrong is told by a page that names neither a person nor what the provider said; an
identity that nobody attached and an account that has ended look the same.
"""

from __future__ import annotations

import hmac
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import Flask, Response, request

from awards import watch
from awards.application.identities import LIFE, NotAttached
from awards.problems import BAD_ANSWER, BAD_REQUEST, FORBIDDEN, OK, SEE_OTHER, TOO_MANY, UNAVAILABLE
from awards.web import sessions
from awards.web.id_tokens import ProviderWrong
from awards.web.oidc_texts import TEXTS
from awards.web.provider import Challenge, CodeRefused, Identity, Provider, ProviderDown
from awards.web.question import COOKIE, Question, Questions

START, CALLBACK = "/sign-in/oidc", "/sign-in/oidc/callback"
SECONDS = int(LIFE.total_seconds())
LONGEST_CODE = 200
WAIT = "30"
BUSY = frozenset({"server_error", "temporarily_unavailable"})
"""Errors by which a provider says that it cannot answer now (RFC 6749, 4.1.2.1); every other is a no."""
STATUSES = {
    "stale": BAD_REQUEST,
    "declined": FORBIDDEN,
    "unknown": FORBIDDEN,
    "code": FORBIDDEN,
    "taken": FORBIDDEN,
    "often": TOO_MANY,
    "wrong": BAD_ANSWER,
    "down": UNAVAILABLE,
}
log = logging.getLogger(__name__)


class Identities(Protocol):
    """What the application offers: subject and new session of whom an identity belongs to."""

    def answer_once(self, state: str, at: datetime) -> bool: ...

    def sign_in(self, issuer: str, sub: str, at: datetime) -> tuple[str, str] | None: ...

    def accept(self, code: str, issuer: str, sub: str, at: datetime) -> tuple[str, str] | None: ...

    def sign_out(self, session: str, at: datetime) -> None: ...


class Shows(Protocol):
    """What renders a page in the reader's language."""

    def language(self) -> str: ...

    def root(self) -> str: ...

    def page(self, template: str, status: int, cache_control: str, **more: Any) -> Response: ...


@dataclass(frozen=True)
class House:
    """What the pages need of the house; `wait`: count one more try, None or the seconds to wait."""

    identities: Identities
    pages: Shows
    secret: bytes
    clock: Callable[[], datetime]
    wait: Callable[[datetime], float | None]


def add_oidc(app: Flask, provider: Provider, name: str, house: House) -> None:
    """Add the two routes; `name`: what people call the provider."""
    pages = OidcPages(provider, name, house)
    app.add_url_rule(START, "oidc", pages.start, methods=["GET", "POST"])
    app.add_url_rule(CALLBACK, "oidc_callback", pages.finish, methods=["GET"])


class _Told(Exception):
    """What ends a sign-in, by the name of its page."""


class OidcPages:
    """The two ends of a sign-in elsewhere."""

    def __init__(self, provider: Provider, name: str, house: House) -> None:
        self._provider = provider
        self._name = name
        self._house = house
        self._questions = Questions(house.secret)

    def start(self) -> Response:
        """Ask the provider who this is; a POST brings a one-time code of ours along, for the first time."""
        now = self._house.clock()
        wait = self._house.wait(now)
        if wait is not None:
            return self._tell("often", {"Retry-After": str(math.ceil(wait))})
        code = request.form.get("code", "").strip()
        if len(code) > LONGEST_CODE:
            return self._tell("code")
        question = Question.new(code, now, SECONDS)
        try:
            url = self._provider.question(_challenge(question))
        except (ProviderDown, ProviderWrong) as problem:
            return self._tell(_failed(problem))
        # A form may not lead to another site (form-action): who comes by one is led on by a page.
        answer = self._led(url) if request.method == "POST" else _see(url)
        self._questions.keep(answer, question, SECONDS)
        return answer

    def finish(self) -> Response:
        """Take the provider's answer: begin a session, or tell why not. Its question is forgotten either way."""
        now = self._house.clock()
        try:
            subject, session = self._enter(now)
        except _Told as told:
            answer = self._tell(str(told))
        else:
            self._house.identities.sign_out(request.cookies.get(sessions.COOKIE, ""), now)
            watch.signed_in(subject, "oidc")
            answer = _see(f"{self._house.pages.root()}/account")
            sessions.begin(answer, session)
        self._questions.drop(answer)
        return answer

    def _enter(self, now: datetime) -> tuple[str, str]:
        question = self._question(now)
        identity = self._identity(question, now)
        try:
            if question.code:
                found = self._house.identities.accept(question.code, identity.issuer, identity.sub, now)
            else:
                found = self._house.identities.sign_in(identity.issuer, identity.sub, now)
        except NotAttached as refusal:
            watch.refused(refusal.code)
            raise _Told("taken") from None
        if found is None:
            why = "code" if question.code else "unknown"
            watch.refused(f"oidc_{why}")
            raise _Told(why)
        return found

    def _question(self, now: datetime) -> Question:
        """The question that the answer belongs to; of several answers to it the first alone counts."""
        question = self._questions.open(request.cookies.get(COOKIE, ""), now)
        repeated = any(len(values) > 1 for values in request.args.listvalues())
        state = request.args.get("state", "")
        if question is None or repeated or not hmac.compare_digest(question.state.encode(), state.encode()):
            raise _Told("stale")
        if not self._house.identities.answer_once(question.state, now):
            watch.refused("oidc_replayed")
            raise _Told("stale")
        return question

    def _identity(self, question: Question, now: datetime) -> Identity:
        if error := request.args.get("error"):
            raise _Told("down" if error in BUSY else "declined")
        code = request.args.get("code")
        if not code:
            raise _Told("stale")
        try:
            return self._provider.identity(code, request.args.get("iss"), _challenge(question), now)
        except CodeRefused:
            raise _Told("stale") from None
        except (ProviderDown, ProviderWrong) as problem:
            raise _Told(_failed(problem)) from None

    def _tell(self, told: str, headers: dict[str, str] | None = None) -> Response:
        answer = self._page(told, STATUSES[told], f"{self._house.pages.root()}/sign-in", "again")
        answer.headers.update(headers or ({"Retry-After": WAIT} if told == "down" else {}))
        return answer

    def _led(self, url: str) -> Response:
        answer = self._page("go", OK, url, "go")
        answer.headers["Refresh"] = f"0; url={url}"
        return answer

    def _page(self, told: str, status: int, target: str, action: str) -> Response:
        texts = {key: text.format(name=self._name) for key, text in TEXTS[self._house.pages.language()].items()}
        return self._house.pages.page(
            "oidc.html",
            status,
            "no-store",
            told=texts[told],
            more=texts[f"{told}_text"],
            target=target,
            action=texts[action],
        )


def _challenge(question: Question) -> Challenge:
    return Challenge(question.state, question.nonce, question.verifier)


def _failed(problem: ProviderDown | ProviderWrong) -> str:
    """The page for a provider that failed; what it was is for the log, which no text of the provider's reaches."""
    log.warning("the OpenID provider failed: %s", problem)
    return "down" if isinstance(problem, ProviderDown) else "wrong"


def _see(url: str) -> Response:
    return Response(status=SEE_OTHER, headers={"Location": url, "Cache-Control": "no-store"})
