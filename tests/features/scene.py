"""Who is in a scenario and what they do: people by name, what was read last, what was refused."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.features.clock import Clock
from tests.features.driver import Driver, Refused, View
from tests.features.house import House

SECRETARIAT = "the secretariat"
ROLES = {
    "the nominator": "nominator",
    "another nominator": "nominator",
    "the approver": "approver",
    "the auditor": "auditor",
}
"""Who enters the edition when first needed."""


class Scene:
    """What any scenario has. A refusal that no step expects fails the scenario.

    What was done before a scenario begins goes the short way; what it tells, and every read, goes the way under test.
    """

    def __init__(self, way: Driver, short: Driver, clock: Clock, house: House) -> None:
        self.way = way
        self.short = short
        self.clock = clock
        self.house = house
        self.told = False
        self.slug = f"award-{secrets.token_hex(6)}"
        self.stage = "review"
        self.award = self.edition = self.decision = ""
        self.tokens = {SECRETARIAT: house.secretariat}
        self.participants: dict[str, str] = {}
        self.invitations: dict[str, Any] = {}
        self.nominations: dict[str, str] = {}
        self.reviews: dict[tuple[str, str, str], str] = {}
        self.read: Any = None
        self.length = 0
        self._refused: Refused | None = None

    # Doing and reading.

    def do(self, who: str, command: str, *, as_read: Any = None, **facts: Any) -> View:
        """Carry out a command as somebody; `told` says whether that is what the scenario is about."""
        token = self.token(who)
        self.length = self.house.position()
        driver = self.way if self.told else self.short
        return driver.do(token, command, as_read=as_read, **facts)

    def see(self, who: str | None, read: str, **asked: Any) -> Any:
        """Read as somebody; None: the public."""
        self.settle()
        return self.way.see(None if who is None else self.token(who), read, **asked)

    @contextmanager
    def trying(self) -> Iterator[None]:
        """What is refused here waits for the step that expects it."""
        self.settle()
        try:
            yield
        except Refused as refused:
            self._refused = refused

    def settle(self) -> None:
        """Fail by a refusal that no step expected."""
        refused, self._refused = self._refused, None
        if refused:
            raise refused

    def refusal(self) -> str:
        """The code of what was refused; empty if nothing was."""
        refused, self._refused = self._refused, None
        return refused.code if refused else ""

    # People.

    def token(self, who: str) -> str:
        """How somebody signs in; whoever has a role by name enters the edition when first needed."""
        if who not in self.tokens:
            entered = self.secretariat("editions.enter", edition=self.edition, role=ROLES[who], name=who)
            self.join(who, entered["participant"], ROLES[who])
        return self.tokens[who]

    def participant(self, who: str) -> str:
        """Somebody's id in the edition."""
        if who == SECRETARIAT:
            roles = self.see(SECRETARIAT, "edition", edition=self.edition)["roles"]
            return next(str(held["participant"]) for held in roles if held["role"] == "secretariat")
        self.token(who)
        return self.participants[who]

    def join(self, who: str, participant: str, role: str) -> None:
        """Remember somebody under a name, with a token for the role."""
        self.participants[who] = participant
        self.tokens[who] = self.house.token(self.edition, participant, role)

    def send_link(self, nominee: str) -> None:
        """Let a nominee answer."""
        if nominee not in self.tokens:
            self.tokens[nominee] = self.house.link(self.nominations[nominee], "nominee")

    def appoint(self, who: str, seat: str, stage: str | None = None) -> None:
        """Put somebody on the panel; who takes part in the edition already keeps the former token."""
        stage = stage or self.stage
        known = who in self.tokens or who in ROLES
        facts = {"participant": self.participant(who)} if known else {"name": who}
        seated = self.do(SECRETARIAT, "editions.appoint", edition=self.edition, stage=stage, seat=seat, **facts)
        if not known:
            self.join(who, seated["participant"], {"member": "reviewer"}.get(seat, seat))

    def discharge(self, who: str) -> None:
        """Take somebody off the panel."""
        facts = {"stage": self.stage, "participant": self.participant(who), "code": "moved-away"}
        self.secretariat("editions.discharge", edition=self.edition, **facts)

    def take_chair(self, who: str) -> None:
        """Let somebody be the chair from now on."""
        self.discharge("the chair")
        self.appoint(who, "chair")
        self.join("the chair", self.participants[who], "chair")

    # What there is.

    def nomination(self, nominee: str, who: str = SECRETARIAT) -> View:
        """A nomination as somebody sees it."""
        return dict(self.see(who, "nomination", nomination=self.nominations[nominee]))

    def roll(self, placing: str = "winner") -> dict[str, View]:
        """The award's part of the roll of honour, as the public sees it, by name.

        A public read may be a second old; nobody waits here, because a committee read brings all up to date.
        """
        self.see(SECRETARIAT, "edition", edition=self.edition)
        return {winner["name"]: winner for winner in self.see(None, "winners", award=self.slug, placing=placing)}

    def winner(self, nominee: str) -> str:
        """The participant who wins, or might."""
        if nominee in self.nominations:
            return str(self.nomination(nominee)["nominee"]["participant"])
        decision = self.see(SECRETARIAT, "decision", decision=self.decision)
        return next(str(winner["participant"]) for winner in decision["winners"] if winner["name"] == nominee)

    def secretariat(self, command: str, **facts: Any) -> View:
        """Carry out a command as the secretariat."""
        return self.do(SECRETARIAT, command, **facts)
