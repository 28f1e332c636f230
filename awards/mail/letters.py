"""From a row of the outbox to a letter, or the reason why none goes out.

Everything is asked again when the letter is about to go: the address, what its reader chose, and whether the message is
still true. A letter says where to look, and nothing that its reader might not see there: no name of anybody, no score,
no outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from awards.application.desk import Desk
from awards.domain.award import Award
from awards.domain.decision import Decision
from awards.domain.duties import SEAT_ROLES
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.stream import Stream
from awards.domain.subject import EVERY_AWARD, Subject
from awards.domain.values import moment
from awards.ledger.beside import subject_of
from awards.ledger.contacts import Contact, contact_of
from awards.mail import concerned
from awards.mail.outbox import Message
from awards.mail.texts import TEXTS

A = TypeVar("A", bound=Stream)
Facts = Mapping[str, str]


class Accounts(Protocol):
    """What is asked of the accounts: who has one, and a code for who is to make one."""

    def has_account(self, subject: str) -> bool: ...

    def new_code(self, subject: str, at: datetime, expires: datetime) -> str: ...


@dataclass(frozen=True)
class Letter:
    """A letter that lacks only its code, if it is an invitation: `about` names its text."""

    to: str = field(repr=False)
    language: str
    about: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class NotSent:
    """Why no letter goes out; `until` when one may later."""

    why: str
    until: datetime | None = None


class Letters:
    """Writes what goes out."""

    def __init__(self, desk: Desk, accounts: Accounts) -> None:
        self._desk = desk
        self._accounts = accounts

    def write(self, message: Message, now: datetime) -> Letter | NotSent:
        """The letter of a row, or why there is none."""
        if refused := self._not_theirs(message):
            return refused
        contact = contact_of(self._desk.ledger.rows, self._desk.keys, message.recipient)
        if contact is None or contact.email is None:
            return NotSent("no_address")
        invited = message.kind == "role" and not self._accounts.has_account(message.recipient)
        if not invited and message.kind not in contact.wants:
            return NotSent("not_wanted")
        edition = self._edition(message.facts)
        held = STILL[message.kind](self, message, edition, now)
        if held is not None:
            return held
        about = "invitation" if invited else _about(message)
        return Letter(contact.email, contact.language, about, self._values(message.facts, edition, contact))

    def _not_theirs(self, message: Message) -> NotSent | None:
        """Why a message is not for this person any more, whatever it says."""
        participant = message.facts.get("participant")
        if participant is not None and subject_of(self._desk.ledger.rows, participant) != message.recipient:
            return NotSent("over")
        subject = self._find(Subject, message.recipient)
        return NotSent("inactive") if subject is not None and not subject.active else None

    # Whether it is still true.

    def _role_held(self, message: Message, edition: Edition | None, _now: datetime) -> NotSent | None:
        facts = message.facts
        if "scope" in facts:
            subject = self._find(Subject, message.recipient)
            granted = subject is not None and (facts["role"], facts["scope"]) in subject.grants
            return None if granted else NotSent("over")
        if edition is None or edition.cancelled:
            return NotSent("over")
        who = facts["participant"]
        if "seat" in facts:
            held = edition.seats_at(facts["stage"]).get(who) == facts["seat"]
        else:
            held = facts["role"] in edition.roles_of(who)
        return None if held else NotSent("over")

    def _to_review(self, message: Message, edition: Edition | None, _now: datetime) -> NotSent | None:
        review = self._find(Review, message.facts["review"])
        if edition is None or edition.cancelled or review is None or review.ended or review.scores is not None:
            return NotSent("over")
        case = self._find(Nomination, review.nomination)
        if case is None or not case.in_play() or review.reviewer not in edition.seats_at(review.stage):
            return NotSent("over")
        return None

    def _submitted(self, message: Message, edition: Edition | None, _now: datetime) -> NotSent | None:
        case = self._find(Nomination, message.facts["nomination"])
        return None if edition and case else NotSent("over")

    def _public(self, message: Message, edition: Edition | None, now: datetime) -> NotSent | None:
        decision = self._find(Decision, message.facts["decision"])
        if edition is None or decision is None or decision.phase != "announced":
            return NotSent("over")
        if decision.embargo is not None and now < decision.embargo:
            return NotSent("embargo", decision.embargo)
        return None if concerned.took_part(self._desk, edition, message.facts) else NotSent("over")

    def _owed(self, message: Message, edition: Edition | None, now: datetime) -> NotSent | None:
        owes = edition is not None and concerned.owes(self._desk, edition, message.facts, now)
        return None if owes else NotSent("over")

    # What it says.

    def _values(self, facts: Facts, edition: Edition | None, contact: Contact) -> dict[str, str]:
        texts = TEXTS[contact.language]
        of_award = edition.of_award if edition else facts.get("scope", EVERY_AWARD)
        award = self._find(Award, of_award) if of_award != EVERY_AWARD else None
        where = in_language(award.name, contact.language) if award else str(texts["every_award"])
        if edition is not None:
            where = str(texts["where"]).format(award=where, edition=edition.label)
        values = {"where": one_line(where)}
        role = SEAT_ROLES.get(facts.get("seat", ""), facts.get("role"))
        if role is not None:
            values["role"] = texts["roles"][role]
        for name in ("review", "nomination"):
            if name in facts:
                values["reference"] = facts[name]
        if "deadline" in facts:
            local = moment(facts["deadline"]).astimezone(ZoneInfo(facts["zone"]))
            values["deadline"] = f"{local:%Y-%m-%d %H:%M} ({facts['zone']})"
        return values

    def _edition(self, facts: Facts) -> Edition | None:
        return self._find(Edition, facts["edition"]) if "edition" in facts else None

    def _find(self, kind: type[A], stream: str) -> A | None:
        found = self._desk.streams.get(UUID(stream))
        return found if isinstance(found, kind) else None


STILL: Mapping[str, Callable[[Letters, Message, Edition | None, datetime], NotSent | None]] = {
    "role": Letters._role_held,
    "assignment": Letters._to_review,
    "receipt": Letters._submitted,
    "results": Letters._public,
    "reminder": Letters._owed,
}


def _about(message: Message) -> str:
    """Which text: a result is told by the part its reader took, a reminder by what is due."""
    more = message.facts.get("part") if message.kind == "results" else message.facts.get("what")
    return f"{message.kind}.{more}" if more else message.kind


def in_language(texts: Mapping[str, str], language: str) -> str:
    """A public text in a language, or the nearest there is."""
    spoken = [tag for tag in texts if tag.partition("-")[0] == language]
    return texts[next(iter([*spoken, *(tag for tag in texts if tag == "en"), *texts]))]


def one_line(text: str) -> str:
    """Text without line breaks: it cannot begin a header or a paragraph of its own."""
    return " ".join(text.split())
