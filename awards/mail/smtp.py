"""The mail server: an address, a connection, and one exchange a letter (RFC 5321).

Between networks a letter travels only under TLS whose certificate was checked; without it only where the address says
so (`?tls=off`), or on the loopback interface of this machine. Every step has a time-out, and the whole exchange ends
before the lease of a row does. What the server says is kept as codes only, because its words repeat addresses.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

STEP_SECONDS = 30.0
"""For the answer to a command."""

ACCEPT_SECONDS = 300.0
"""For the answer to a whole letter: an impatient client would send it again (RFC 1047)."""

EXCHANGE_SECONDS = 900.0
"""For everything, however slowly the server dribbles; less than `outbox.LEASE`."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")

_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")  # RFC 3463


class Unreachable(Exception):
    """The mail server takes no letter from us at all now: nothing is the matter with the letter."""


class Refused(Exception):
    """The server did not take a letter; `for_good` if it never will."""

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.why = why
        self.for_good = for_good


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over; `smtp://user:password@host:587` (STARTTLS) or `smtps://…` (TLS at once)."""

    host: str
    port: int
    at_once: bool
    must_encrypt: bool
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    step_seconds: float = STEP_SECONDS
    accept_seconds: float = ACCEPT_SECONDS

    @classmethod
    def from_url(cls, url: str) -> Self:
        """The server of an address that the settings have checked."""
        parts = urlsplit(url)
        at_once = parts.scheme == "smtps"
        host = parts.hostname or ""
        off = parse_qs(parts.query).get("tls") == ["off"] or host in LOOPBACK
        user, password = (unquote(part) if part is not None else None for part in (parts.username, parts.password))
        return cls(host, parts.port or (465 if at_once else 587), at_once, not off, user, password)


class Connection:
    """Open to the server, for letters one after another. Not to be shared between threads."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        context = ssl.create_default_context()
        try:
            if server.at_once:
                self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=server.step_seconds, context=context
                )
            else:
                self._smtp = smtplib.SMTP(server.host, server.port, timeout=server.step_seconds)
        except OSError as error:
            raise Unreachable(_told(error)) from None
        try:
            self._greet(context)
        except OSError as error:  # those of smtplib are too
            self._smtp.close()
            raise Unreachable(_told(error)) from None
        except BaseException:
            self._smtp.close()
            raise

    def _greet(self, context: ssl.SSLContext) -> None:
        server, smtp = self._server, self._smtp
        smtp.ehlo_or_helo_if_needed()
        if not server.at_once:
            if smtp.has_extn("starttls"):
                smtp.starttls(context=context)
                smtp.ehlo()
            elif server.must_encrypt:
                raise Unreachable("it offers no STARTTLS, and AWARDS_SMTP does not say tls=off")
        if server.user is not None:
            smtp.login(server.user, server.password or "")

    def send(self, sender: str, recipient: str, write: Callable[[], bytes]) -> None:
        """Hand one letter over, written once its recipient is accepted; returns when the server has accepted it."""
        watch = Timer(EXCHANGE_SECONDS, self.cut)
        watch.daemon = True
        watch.start()
        try:
            self._exchange(sender, recipient, write)
        except smtplib.SMTPDataError as error:  # no "go ahead" after DATA
            self._judge(error.smtp_code, _bytes(error.smtp_error))
        except OSError as error:  # broken, timed out, or left by the server
            self.close()
            raise Refused(_told(error), for_good=False) from None
        finally:
            watch.cancel()

    def _exchange(self, sender: str, recipient: str, write: Callable[[], bytes]) -> None:
        smtp = self._smtp
        code, reply = smtp.mail(sender)
        if code >= 500:
            self.close()
            raise Unreachable(f"it does not let AWARDS_MAIL_FROM write: {_codes(code, reply)}")
        self._judge(code, reply)
        self._judge(*smtp.rcpt(recipient))
        letter = write()
        if smtp.sock is not None:
            smtp.sock.settimeout(self._server.accept_seconds)
        self._judge(*smtp.data(letter))
        if smtp.sock is not None:
            smtp.sock.settimeout(self._server.step_seconds)

    def _judge(self, code: int, reply: bytes) -> None:
        """Raise unless the server agreed; what is left of the exchange is dropped with the connection."""
        if not 200 <= code < 300:
            self.close()
            raise Refused(_codes(code, reply), for_good=code >= 500)

    def close(self) -> None:
        """Take leave, if the server still listens."""
        with suppress(OSError, smtplib.SMTPException):
            self._smtp.quit()
        self._smtp.close()

    def cut(self) -> None:
        """End it at once, also for a thread that waits for the server's answer."""
        if self._smtp.sock is not None:
            with suppress(OSError):
                self._smtp.sock.shutdown(socket.SHUT_RDWR)


def _codes(code: int, reply: bytes) -> str:
    """What the server said, as its codes: 550 5.1.1."""
    enhanced = _ENHANCED.match(reply)
    return f"{code} {enhanced[0].decode()}" if enhanced else str(code)


def _told(error: Exception) -> str:
    """What went wrong, without words that might repeat an address or a password."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _codes(error.smtp_code, _bytes(error.smtp_error))
    if isinstance(error, smtplib.SMTPException):
        return type(error).__name__
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else type(error).__name__


def _bytes(reply: bytes | str) -> bytes:
    return reply if isinstance(reply, bytes) else reply.encode("ascii", "replace")
