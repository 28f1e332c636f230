"""Who takes part in the demonstration, and with which tokens: what an operator does with `awards subject`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from awards.access import OPERATOR
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.demo.client import Client

SLUG = "un-military-gender-advocate"
MEMBERS = {"chair": "chair", "deputy": "deputy", "member": "reviewer"}


def data_of(name: str) -> bytes:
    """A data file of the demonstration."""
    return files("awards.demo").joinpath(name).read_bytes()


def script() -> dict[str, Any]:
    """Rules, panel, nominations and scores of the exercise edition; everybody in it is invented."""
    return json.loads(data_of("exercise.json"))  # type: ignore[no-any-return]


def now() -> Arrival:
    """The operator, now."""
    return Arrival(OPERATOR, datetime.now(UTC))


class People:
    """Gives out clients: with tokens for award-wide roles, for roles in an edition, and links."""

    def __init__(self, application: Application, site: str) -> None:
        self._people = application.people
        self._invitations = application.invitations
        self._subjects: dict[str, str] = {}
        self.public = Client(site)
        self.award = application.reading.award(SLUG)["id"]
        self.secretariat = self._registered("Secretariat of the exercise", "secretariat")
        self.approver = self._registered("Under-Secretary of the exercise", "approver")
        self.auditor = self._registered("Auditor of the exercise", "auditor")

    def _registered(self, name: str, role: str) -> Client:
        who = self._subjects[role] = self._people.register(now(), name, role, self.award)
        return self.public.holding(self._people.issue_token(now(), who, role, self.award))

    def ways_in(self) -> dict[str, str]:
        """A one-time link to the pages for each award-wide role."""
        codes = {role: self._invitations.of_subject(now(), who).code for role, who in self._subjects.items()}
        return {role: f"{self.public.site}/enter#{code}" for role, code in codes.items()}

    def in_edition(self, edition: str, participant: str, role: str) -> Client:
        """A participant in a role that is held by an event."""
        return self.public.holding(self._people.issue_edition_token(now(), edition, participant, role))

    def entered(self, edition: str, role: str, **who: str) -> Client:
        """Somebody the secretariat lets act in the edition: `name` or `participant`."""
        view = self.secretariat.post(f"/editions/{edition}/enter", {"role": role, **who})
        return self.in_edition(edition, view["participant"], role)

    def appointed(self, edition: str, stage: str, seat: str, name: str) -> tuple[str, Client]:
        """A member of a stage's panel: the participant's id and a client."""
        body = {"stage": stage, "seat": seat, "name": name}
        who: str = self.secretariat.post(f"/editions/{edition}/appoint", body)["participant"]
        return who, self.in_edition(edition, who, MEMBERS[seat])

    def link(self, nomination: str, role: str) -> Client:
        """Whoever holds a link to one nomination."""
        return self.public.holding(self._people.issue_link(now(), nomination, role))
