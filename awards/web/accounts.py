"""The pages of one's account: entering by a one-time code, signing in and out, tokens for programs, the password.

They know the session cookie and nothing else: a bearer token opens no page. Reading changes nothing; what a form sends
is taken from our own pages only (`awards.web.sessions`), is limited where it could be used to guess, and is answered
alike whatever part of a sign-in was wrong.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from flask import Flask, Response, abort, request
from marshmallow import ValidationError

from awards import watch
from awards.application.accounts import Account, Refusal
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import FORBIDDEN, OK, SEE_OTHER, TOO_MANY, refusal_status
from awards.schemas.mail import KINDS
from awards.schemas.people import LABEL
from awards.schemas.text import Text
from awards.web import sessions
from awards.web.account_texts import TEXTS

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
WITH_SCRIPT = f"{POLICY}; script-src 'self'"
LONGEST_CODE, LONGEST_ANSWER = 100, 1_000
DAYS = ("30", "90", "366")


class Limits(Protocol):
    """How often somebody may try."""

    def take(self, kind: Literal["sign_in", "login", "token"], who: str, now: datetime) -> float | None:
        """Count one more: None, or the seconds to wait."""


class Shows(Protocol):
    """What renders a page in the reader's language."""

    def language(self) -> str: ...

    def root(self) -> str: ...

    def page(self, template: str, status: int, cache_control: str, policy: str, **more: Any) -> Response: ...


@dataclass(frozen=True)
class Doors:
    """What the pages need of the house."""

    application: Application
    limits: Limits
    clock: Callable[[], datetime]


def add_accounts(app: Flask, shows: Shows, doors: Doors) -> None:
    """Add the pages."""
    pages = AccountPages(shows, doors)
    both = ["GET", "POST"]
    app.add_url_rule("/enter", "page.enter", pages.enter, methods=both)
    app.add_url_rule("/sign-in", "page.sign_in", pages.sign_in, methods=both)
    app.add_url_rule("/sign-out", "page.sign_out", pages.sign_out, methods=["POST"])
    app.add_url_rule("/account", "page.account", pages.account, methods=["GET"])
    app.add_url_rule("/account/tokens", "page.account.tokens", pages.issue, methods=["POST"])
    app.add_url_rule("/account/tokens/<id>/revoke", "page.account.revoke", pages.revoke, methods=["POST"])
    app.add_url_rule("/account/mail", "page.account.mail", pages.mail, methods=["POST"])
    app.add_url_rule("/account/file", "page.account.file", pages.file, methods=["GET"])
    app.add_url_rule("/account/password", "page.account.password", pages.password, methods=["POST"])
    app.add_url_rule("/account/sign-out-everywhere", "page.account.everywhere", pages.everywhere, methods=["POST"])


class AccountPages:
    """One's own account."""

    def __init__(self, shows: Shows, doors: Doors) -> None:
        self._shows = shows
        self._accounts = doors.application.accounts
        self._people = doors.application.people
        self._mail = doors.application.mail
        self._files = doors.application.files
        self._limits = doors.limits
        self._clock = doors.clock

    # Coming in.

    def enter(self) -> Response:
        """Open one's account by a one-time code."""
        if request.method != "POST":
            return self._form("enter.html")
        code, login = _said("code", LONGEST_CODE).strip(), _said("login")
        told = {"code": code, "login": login}
        if wait := self._wait("token", str(request.remote_addr)):
            return self._often("enter.html", wait, **told)
        try:
            session = self._accounts.accept(code, self._clock(), login, _said("password"))
        except Refusal as refusal:
            return self._refuse("enter.html", refusal.code, refusal_status(type(refusal)), **told)
        if session is None:
            return self._refuse("enter.html", "code_not_valid", FORBIDDEN, **told)
        return self._begin(session, "code", "/account")

    def sign_in(self) -> Response:
        """Sign in by login and password, and go on to where one wanted to."""
        going_on = sessions.own_path(request.values.get("next", "")) or ""
        if request.method != "POST":
            if self._signed_in():
                return self._see(going_on or "/account")
            return self._form("sign_in.html", next=going_on)
        login = _said("login")
        told = {"login": login, "next": going_on}
        if wait := self._wait("sign_in", str(request.remote_addr)) or self._wait("login", login):
            return self._often("sign_in.html", wait, **told)
        session = self._accounts.sign_in(login, _said("password"), self._clock())
        if session is None:
            return self._refuse("sign_in.html", "sign_in_failed", FORBIDDEN, **told)
        return self._begin(session, "password", going_on or "/account")

    def sign_out(self) -> Response:
        """End the session."""
        if account := self._signed_in():
            self._accounts.sign_out(_cookie(), self._clock())
            watch.signed_out(account.subject)
        answer = self._see("/")
        sessions.end(answer)
        return answer

    # The account.

    def account(self) -> Response:
        """Who one is, what one holds, and one's tokens."""
        account = self._signed_in()
        return self._show(account) if account else self._see("/sign-in?next=/account")

    def issue(self) -> Response:
        """Issue a token for a role one holds; shown once."""
        account, arrival = self._arrival()
        if wait := self._wait("token", account.subject):
            return self._refuse_here(account, "too_many_requests", TOO_MANY, wait)
        held = {each.key: each for each in self._people.held(arrival)}.get(_said("held"))
        if held is None:
            return self._refuse_here(account, "role_not_held")
        days = _said("days") if _said("days") in DAYS else "90"
        try:
            label = str(Text(LABEL).deserialize(_said("label"))) if _said("label") else None
            ends = arrival.at + timedelta(days=int(days))
            token = self._people.issue_own(arrival, replace(held.token, label=label), ends)
        except ValidationError:
            return self._refuse_here(account, "label_not_usable")
        except Refusal as refusal:
            return self._refuse_here(account, refusal.code, refusal_status(type(refusal)))
        return self._show(account, new_token=token)

    def revoke(self, id: str) -> Response:
        """Revoke a token of one's own; that it is gone already is no mistake."""
        account, arrival = self._arrival()
        try:
            self._people.revoke_own(arrival, id)
        except Refusal as refusal:
            if refusal.code != "not_found":
                return self._refuse_here(account, "failed")
        return self._see("/account")

    def mail(self) -> Response:
        """Choose what one is written, and in which language."""
        account, arrival = self._arrival()
        language = _said("language")
        if language not in TEXTS:
            return self._refuse_here(account, "failed")
        self._mail.choose_mail(arrival, [kind for kind in KINDS if kind in request.form.getlist("wants")], language)
        return self._show(account, told="mail_kept")

    def file(self) -> Response:
        """Everything that is held on oneself, as a file to keep."""
        _, arrival = self._arrival()
        told = json.dumps(self._files.own_file(arrival), ensure_ascii=False, indent=2)
        kept = {"Content-Disposition": "attachment; filename=my-file.json", "Cache-Control": "no-store"}
        return Response(told, content_type="application/json", headers=kept)

    def password(self) -> Response:
        """Change the password, which ends every other session."""
        account, arrival = self._arrival()
        if wait := self._wait("login", account.subject):
            return self._refuse_here(account, "too_many_requests", TOO_MANY, wait)
        try:
            session = self._accounts.change_password(account.subject, _said("old"), _said("new"), arrival.at)
        except Refusal as refusal:
            return self._refuse_here(account, refusal.code, refusal_status(type(refusal)))
        if session is None:
            return self._refuse_here(account, "password_wrong")
        answer = self._show(account, told="changed")
        sessions.begin(answer, session)
        return answer

    def everywhere(self) -> Response:
        """End every session of one's own."""
        account, arrival = self._arrival()
        self._accounts.sign_out_everywhere(account.subject, arrival.at)
        watch.signed_out(account.subject)
        answer = self._see("/sign-in")
        sessions.end(answer)
        return answer

    # What they share.

    def _signed_in(self) -> Account | None:
        session = _cookie()
        account = self._accounts.signed_in(session, self._clock()) if session else None
        if account:
            request.environ[watch.CALLER] = account.caller
        return account

    def _arrival(self) -> tuple[Account, Arrival]:
        """Who sent a form, or the way to sign in."""
        account = self._signed_in()
        if account is None:
            abort(self._see("/sign-in?next=/account"))
        return account, Arrival(account.caller, self._clock())

    def _begin(self, session: str, how: str, path: str) -> Response:
        """Put a new session in the place of the one there was."""
        if earlier := _cookie():
            self._accounts.sign_out(earlier, self._clock())
        if account := self._accounts.signed_in(session, self._clock()):
            watch.signed_in(account.subject, how)
        answer = self._see(path)
        sessions.begin(answer, session)
        return answer

    def _wait(self, kind: Literal["sign_in", "login", "token"], who: str) -> float | None:
        return self._limits.take(kind, who, self._clock())

    def _show(self, account: Account, status: int = OK, **more: Any) -> Response:
        arrival = Arrival(account.caller, self._clock())
        held, tokens = self._people.held(arrival), self._people.tokens(arrival)
        more["mail"] = self._mail.mail_choices(arrival)
        names = {each.edition or each.award: each.where for each in held}
        return self._form("account.html", status, account=account, held=held, tokens=tokens, names=names, **more)

    def _refuse_here(self, account: Account, code: str, status: int = FORBIDDEN, wait: float | None = None) -> Response:
        watch.refused(code)
        return _waiting(self._show(account, status, refused=_known(code)), wait)

    def _refuse(self, template: str, code: str, status: int, /, **more: Any) -> Response:
        watch.refused(code)
        return self._form(template, status, refused=_known(code), **more)

    def _often(self, template: str, wait: float, **more: Any) -> Response:
        return _waiting(self._refuse(template, "too_many_requests", TOO_MANY, **more), wait)

    def _form(self, template: str, status: int = OK, **more: Any) -> Response:
        policy = WITH_SCRIPT if template == "enter.html" else POLICY
        texts = TEXTS[self._shows.language()]
        answer = self._shows.page(template, status, "no-store", policy, a=texts, here=_here(), **more)
        # The forms of a page without a referrer would be sent with the Origin `null`.
        answer.headers["Referrer-Policy"] = "same-origin"
        return answer

    def _see(self, path: str) -> Response:
        """Go on to a path of ours, in the language that was asked for."""
        language = request.args.get("lang", "")
        known = f"{'&' if '?' in path else '?'}lang={language}" if language in TEXTS else ""
        location = f"{self._shows.root()}{path}{known}"
        return Response(status=SEE_OTHER, headers={"Location": location, "Cache-Control": "no-store"})


def _here() -> str:
    """The page that the form on it belongs to."""
    return "/account" if request.path.startswith("/account") else request.path


def _said(name: str, longest: int = LONGEST_ANSWER) -> str:
    """A field of the form; one that is far too long for anything is taken as none."""
    value = request.form.get(name, "")
    return value if len(value) <= longest else ""


def _cookie() -> str:
    return request.cookies.get(sessions.COOKIE, "")[:LONGEST_CODE]


def _known(code: str) -> str:
    return code if code in TEXTS["en"]["refusals"] else "failed"


def _waiting(answer: Response, wait: float | None) -> Response:
    if wait is not None:
        answer.headers["Retry-After"] = str(math.ceil(wait))
    return answer
