"""Nomination: the case for one nominee, from its submission to its ruling.

What is said about a person is a sealed value (`values.Sealed`); no rule here reads one. The nominee is
`{kind, participant, attributes: {name, rank, …: sealed}, members?: [{participant, name: sealed}]}`.
"""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from awards.domain import appealing
from awards.domain import refusals as no
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act

Sealed = dict[str, Any]


class Nomination(Stream):
    """The case for one nominee in one category of an edition."""

    TOPIC = "nomination"

    class Event(StreamEvent):
        pass

    # The events, as they stand on disk.

    class Submitted(Event, FirstEvent):
        TOPIC = "nomination.submitted"
        category: str
        nominee: dict[str, Any]
        nominator: str
        statement: Sealed
        nominator_name: Sealed | None = None

    class Amended(Event):
        TOPIC = "nomination.amended"
        nominee: dict[str, Any]
        statement: Sealed

    class Endorsed(Event):
        TOPIC = "nomination.endorsed"
        endorser: str
        name: Sealed
        statement: Sealed

    class EndorsementWithdrawn(Event):
        TOPIC = "nomination.endorsement_withdrawn"
        endorser: str

    class Accepted(Event):
        TOPIC = "nomination.accepted"

    class Declined(Event):
        TOPIC = "nomination.declined"
        text: Sealed | None = None

    class FileOpened(Event):
        TOPIC = "nomination.file_opened"
        reviewer: str

    class RuledEligible(Event):
        TOPIC = "nomination.ruled_eligible"
        rule: str
        code: str
        text: Sealed | None = None

    class RuledIneligible(Event):
        TOPIC = "nomination.ruled_ineligible"
        rule: str
        code: str
        text: Sealed | None = None

    class RulingAppealed(Event):
        TOPIC = "nomination.ruling_appealed"
        code: str
        text: Sealed | None = None

    class AppealDecided(Event):
        TOPIC = "nomination.appeal_decided"
        outcome: str
        code: str
        text: Sealed | None = None

    class Withdrawn(Event):
        TOPIC = "nomination.withdrawn"
        text: Sealed | None = None

    # Predicates.

    def in_play(self) -> bool:
        """Neither withdrawn nor declined nor ruled ineligible."""
        return not (self.withdrawn or self.answer == "declined" or self.ruling == "ineligible")

    def interested(self) -> frozenset[str]:
        """Participants who must not review this nomination: nominator, nominees and endorsers, also those of once."""
        return frozenset({self.nominator, *self.parts})

    # Appeals: methods that stand in a file of their own.

    appeal = appealing.appeal_ruling
    decide_appeal = appealing.decide_appeal_of_ruling

    # Deciding.

    @classmethod
    def submit(
        cls,
        act: Act,
        stream: UUID,
        edition: str,
        category: str,
        nominee: dict[str, Any],
        nominator: str,
        statement: Sealed,
        self_nomination: bool,
        nominator_name: Sealed | None = None,
    ) -> Self:
        """Put a nominee forward. The caller has made sure that the call is open."""
        if nominee["kind"] != "team" and nominee.get("members"):
            raise no.NomineeKindNotAllowed
        if nominator in participants_of(nominee) and not self_nomination:
            raise no.SelfNomination
        return cls._begin(
            cls.Submitted,
            act,
            stream,
            edition=edition,
            category=category,
            nominee=nominee,
            nominator=nominator,
            statement=statement,
            nominator_name=nominator_name,
        )

    def amend(self, act: Act, nominee: dict[str, Any], statement: Sealed) -> None:
        """Replace what the nomination says, before it is ruled upon; the nominee answers to what it says now."""
        self.require_standing()
        if self.ruling is not None:
            raise no.AlreadyRuled
        if nominee["kind"] != "team" and nominee.get("members"):
            raise no.NomineeKindNotAllowed
        self._record(self.Amended, act, nominee=nominee, statement=statement)

    def endorse(self, act: Act, endorser: str, name: Sealed, statement: Sealed) -> None:
        """Add a signed statement in support."""
        self.require_standing()
        if endorser in self.endorsers:
            raise no.AlreadyEndorsed
        if endorser in self.nominees:
            raise no.SelfNomination
        self._record(self.Endorsed, act, endorser=endorser, name=name, statement=statement)

    def withdraw_endorsement(self, act: Act, endorser: str) -> None:
        """Take an endorsement back."""
        self.require_standing()
        if endorser not in self.endorsers:
            raise no.NotEndorsed
        self._record(self.EndorsementWithdrawn, act, endorser=endorser)

    def accept(self, act: Act, consent: str) -> None:
        """The nominee agrees to stand. `consent`: the edition's rule."""
        self._require_asked(consent)
        self._record(self.Accepted, act)

    def decline(self, act: Act, consent: str, text: Sealed | None = None) -> None:
        """The nominee refuses to stand."""
        self._require_asked(consent)
        self._record(self.Declined, act, text=text)

    def rule_eligible(self, act: Act, rule: str, code: str, consent: str, text: Sealed | None = None) -> None:
        """Record that the nomination meets the rules."""
        self._require_unruled()
        if consent == "required" and self.answer != "accepted":
            raise no.ConsentMissing
        self._record(self.RuledEligible, act, rule=rule, code=code, text=text)

    def rule_ineligible(self, act: Act, rule: str, code: str, text: Sealed | None = None) -> None:
        """Record that the nomination fails a rule: a fact with its rule and reason, never a deletion."""
        self._require_unruled()
        self._record(self.RuledIneligible, act, rule=rule, code=code, text=text)

    def open_file(self, act: Act, reviewer: str) -> None:
        """Record that a reviewer opened the file; the caller has made sure that it is the first time."""
        self.require_eligible()
        self._record(self.FileOpened, act, reviewer=reviewer)

    def withdraw(self, act: Act, text: Sealed | None = None) -> None:
        """Take the nomination back."""
        self.require_standing()
        self._record(self.Withdrawn, act, text=text)

    # Guards.

    def require_standing(self) -> None:
        if self.withdrawn:
            raise no.NominationWithdrawn
        if self.answer == "declined":
            raise no.NominationDeclined

    def require_eligible(self) -> None:
        """Refuse what needs a nomination ruled eligible and still standing."""
        self.require_standing()
        if self.ruling != "eligible":
            raise no.NotRuled

    def require_opened(self, reviewer: str) -> None:
        """Refuse what needs the reviewer to have opened the file."""
        if reviewer not in self.opened:
            raise no.FileNotOpened

    def _require_unruled(self) -> None:
        self.require_standing()
        if self.ruling is not None:
            raise no.AlreadyRuled

    def _require_asked(self, consent: str) -> None:
        if consent == "not_told":
            raise no.NotAsked
        if self.withdrawn:
            raise no.NominationWithdrawn
        if self.answer is not None:
            raise no.AlreadyAnswered

    # Applying.

    def _on_submitted(self, event: Submitted) -> None:
        self.edition = event.edition
        self.category = event.category
        self.nominator = event.nominator
        self.nominee = event.nominee
        self.nominees = participants_of(event.nominee)
        self.endorsers: set[str] = set()
        self.parts: set[str] = {*self.nominees}
        self.opened: set[str] = set()
        self.answer: str | None = None
        self.ruling: str | None = None
        self.ruled_by: str | None = None
        self.appellants = frozenset[str]()
        self.appealed = False
        self.withdrawn = False

    def _on_amended(self, event: Amended) -> None:
        self.nominee = event.nominee
        self.nominees = participants_of(event.nominee)
        self.parts |= self.nominees
        self.answer = None

    def _on_endorsed(self, event: Endorsed) -> None:
        self.endorsers.add(event.endorser)
        self.parts.add(event.endorser)

    def _on_endorsement_withdrawn(self, event: EndorsementWithdrawn) -> None:
        self.endorsers.discard(event.endorser)

    def _on_accepted(self, _event: Accepted) -> None:
        self.answer = "accepted"

    def _on_declined(self, _event: Declined) -> None:
        self.answer = "declined"

    def _on_file_opened(self, event: FileOpened) -> None:
        self.opened.add(event.reviewer)

    def _on_ruled_eligible(self, event: RuledEligible) -> None:
        self._rule("eligible", event)

    def _on_ruled_ineligible(self, event: RuledIneligible) -> None:
        self._rule("ineligible", event)

    def _rule(self, ruling: str, event: Event) -> None:
        self.ruling = ruling
        self.ruled_by = event.actor.get("id", event.actor["kind"])

    def _on_ruling_appealed(self, event: RulingAppealed) -> None:
        self.appellants = appealing.behind(event.actor)
        self.appealed = True

    def _on_appeal_decided(self, event: AppealDecided) -> None:
        self.appellants = frozenset()
        self.ruling = "eligible" if event.outcome == appealing.UPHELD else self.ruling

    def _on_withdrawn(self, _event: Withdrawn) -> None:
        self.withdrawn = True


def participants_of(nominee: dict[str, Any]) -> frozenset[str]:
    """The participants put forward: the nominee and, for a team, its members."""
    return frozenset({nominee["participant"], *(member["participant"] for member in nominee.get("members", ()))})
