"""From a letter to the bytes that go to the mail server (RFC 5322).

The Message-ID follows from cause and recipient, by an HMAC that tells neither: should a letter go out twice, receivers
can drop the second. Headers are set through `EmailMessage`, which refuses line breaks; the texts hold none.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from awards.mail.letters import Letter
from awards.mail.outbox import Message
from awards.mail.texts import TEXTS

POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Stationery:
    """What is the same on every letter: who writes, and where the service is."""

    sender: str
    base_url: str
    secret: bytes = field(repr=False)

    @property
    def address(self) -> str:
        """The sender's address alone, for the envelope."""
        return parseaddr(self.sender)[1]

    @property
    def choices(self) -> str:
        """Where people choose what they are written."""
        return f"{self.base_url}/account"

    def message_id(self, message: Message) -> str:
        """The same for every try at the same message."""
        about = f"{message.cause}\n{message.recipient}".encode()
        return f"<{hmac.new(self.secret, about, 'sha256').hexdigest()[:40]}@{self.address.rpartition('@')[2]}>"


def compose(
    stationery: Stationery, message: Message, letter: Letter, now: datetime, code: str = "", expires: str = ""
) -> bytes:
    """The whole letter; `code` and `expires` for an invitation."""
    texts = TEXTS[letter.language]
    subject, body = texts["letters"][letter.about]
    values = {**letter.values, "enter": f"{stationery.base_url}/enter", "code": code, "expires": expires}
    invites = letter.about == "invitation"
    parts = [body.format(**values)]
    if not invites:
        parts.append(texts["look"].format(look=f"{stationery.base_url}/"))
        parts.append(texts["choices"].format(choices=stationery.choices))
    mail = EmailMessage(policy=POLICY)
    mail["From"] = stationery.sender
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = subject.format(**values)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = stationery.message_id(message)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers
    if not invites:
        mail["List-Unsubscribe"] = f"<{stationery.choices}>"  # RFC 2369
    mail.set_content("\n\n".join([*parts, texts["automatic"]]) + "\n", cte="quoted-printable")
    mail["Content-Language"] = letter.language
    return mail.as_bytes()
