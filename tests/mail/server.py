"""A real SMTP server on loopback that can be told to accept, defer, refuse, hang, or cut the connection.

Run as a program (`python -m tests.mail.server FILE`) it appends each letter it accepted to a file, synced before the
answer goes out, and prints its port: so what it accepted can be counted, whoever was killed meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Behaviour:
    """What it answers at each step; `None` for what a server usually says. It may be changed at any time."""

    mail: str | None = None
    rcpt: str | None = None
    data: str | None = None
    hang: bool = False  # never answers to a letter
    cut: bool = False  # takes the letter, then leaves without a word
    slow_seconds: float = 0.0
    strangers: tuple[str, ...] = ()  # recipients it refuses for good
    once: bool = False  # the next letter only


@dataclass
class Got:
    """A letter it accepted: envelope and content."""

    sender: str
    recipients: list[str]
    content: bytes
    encrypted: bool
    mail: EmailMessage = field(init=False)

    def __post_init__(self) -> None:
        self.mail = message_from_bytes(self.content, policy=policy.default)

    @property
    def text(self) -> str:
        return str(self.mail.get_content())

    def __getitem__(self, name: str) -> str:
        return str(self.mail[name])


class Handler:
    """Keeps what it accepted, in the order of acceptance."""

    def __init__(self, keep: Callable[[Got], None]) -> None:
        self.behaviour = Behaviour()
        self.asked = 0
        self._keep = keep

    async def handle_MAIL(  # noqa: N802  # named by the library
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.behaviour.mail:
            return self.behaviour.mail
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  # named by the library
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        if self.behaviour.rcpt:
            return self.behaviour.rcpt
        if address in self.behaviour.strangers:
            return f"550 5.1.1 <{address}>: there is nobody of this name"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        doing = self.behaviour
        if doing.once:
            self.behaviour = Behaviour()
        if doing.hang:
            await asyncio.sleep(3600)
        if doing.slow_seconds:
            await asyncio.sleep(doing.slow_seconds)
        if doing.data:
            return doing.data
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        transport: Any = server.transport
        encrypted = transport.get_extra_info("ssl_object") is not None
        got = Got(str(envelope.mail_from), list(envelope.rcpt_tos), content, encrypted)
        self._keep(got)
        if doing.cut:
            transport.abort()
        return "250 2.0.0 taken"


class MailServer(Controller):
    """The server, in a thread of this process."""

    def __init__(self, tls: ssl.SSLContext | None = None, password: str | None = None, at_once: bool = False) -> None:
        self.got: list[Got] = []
        self._locked = threading.Lock()
        self._password = password
        handler = Handler(self._keep)
        more: dict[str, Any] = {} if at_once else {"tls_context": tls}
        if password is not None:
            more |= {
                "authenticator": self._authenticate,
                "auth_required": True,
                "auth_require_tls": "tls_context" in more,
            }
        super().__init__(handler, hostname="127.0.0.1", port=0, ssl_context=tls if at_once else None, **more)

    def _trigger_server(self) -> None:
        socket.create_connection(("127.0.0.1", self.address)).close()  # not to the port asked for, which is 0

    def _keep(self, got: Got) -> None:
        with self._locked:
            self.got.append(got)

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password.decode() == self._password
        return AuthResult(success=good, handled=False)

    @property
    def behaviour(self) -> Behaviour:
        return self.handler.behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        self.handler.behaviour = behaviour

    @property
    def address(self) -> int:
        """The port it listens on."""
        return int(self.server.sockets[0].getsockname()[1])  # type: ignore[union-attr]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(no_assert=True)

    def subjects(self) -> list[str]:
        return [got["Subject"] for got in self.got]


def main(path: str) -> None:
    """Accept into a file until told to stop."""
    file = open(path, "ab")  # noqa: SIM115  # open as long as the process lives

    def keep(got: Got) -> None:
        file.write(f"{got['Message-ID']} {','.join(got.recipients)}\n".encode())
        file.flush()
        os.fsync(file.fileno())

    with MailServer() as server:
        server.handler._keep = keep
        server.behaviour.slow_seconds = 0.02
        print(server.address, flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main(sys.argv[1])
