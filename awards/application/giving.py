"""Commands on what happens to an award once it is decided: announcement, conferral, correction, revocation; and past
winners from sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from awards.application.desk import Commands, command
from awards.application.interests import require_category_open_to, require_panel_open_to
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.decision import Decision
from awards.domain.rules import last_stage
from awards.domain.values import Act
from awards.ledger.sealed import ERASED

SHOWN = ("name", "rank", "country", "mission")
"""What is published of a winner, besides the citation."""

PERSONAL = {*SHOWN, "citation", "unit", "presented_by"}
"""Facts that are sealed when they are corrected; the others (a date, a year, a place) stand in clear."""

Texts = dict[str, str]


class GivingCommands(Commands):
    """From the announcement to what happens to an award after it was given."""

    @command("decision.announce")
    def announce(
        self, work: Work, decision: str, citations: Mapping[str, Texts], embargo: datetime | None = None
    ) -> str:
        """Publish the winners with a citation each (nomination -> texts), at once or when the embargo ends."""
        found = work.decision(decision)
        act = work.act(edition=work.edition(str(found.edition)))
        found.require_approved()
        if set(citations) != set(found.chosen):
            raise no.CitationMissing
        winners = [self._publish(work, nomination, citations[nomination]) for nomination in found.chosen]
        runners_up = [self._publish(work, nomination) for nomination in found.next_ranked]
        found.announce(act, winners, runners_up, embargo)
        return decision

    def _publish(self, work: Work, nomination: str, citation: Texts | None = None) -> dict[str, Any]:
        """A nominee as the public sees her: what was sealed for the case is sealed anew for the public. Of one who is
        erased nothing is, so that she wins without a word on her.
        """
        found = work.nomination(nomination)
        nominee, edition = found.nominee, work.edition(str(found.edition))
        if "public" in edition.erased.get(nominee["participant"], ()):
            return {
                "nomination": nomination,
                "kind": nominee["kind"],
                **self._public(work, nominee["participant"], {}, None),
            }
        case = {name: nominee["attributes"][name] for name in SHOWN if name in nominee["attributes"]}
        values = work.open(case.values())
        told = {name: values[reference["sd"]] for name, reference in case.items()}
        told = {name: value for name, value in told.items() if value is not ERASED}
        return {
            "nomination": nomination,
            "kind": nominee["kind"],
            **self._public(work, nominee["participant"], told, citation),
        }

    def _public(self, work: Work, participant: str, told: Mapping[str, Any], citation: Texts | None) -> dict[str, Any]:
        winner: dict[str, Any] = {
            "participant": participant,
            "attributes": {name: work.seal(name, value, [participant], "public") for name, value in told.items()},
        }
        if citation is not None:
            winner["citation"] = work.seal("citation", citation, [participant], "public")
        return winner

    @command("decision.confer")
    def confer(
        self,
        work: Work,
        decision: str,
        conferral: dict[str, Any],
        presented_by: list[str],
        winners: list[str] | None = None,
    ) -> str:
        """Record the giving: occasion, place, date (EDTF), presented by; to all winners or to those named."""
        found = work.decision(decision)
        edition = work.edition(str(found.edition))
        act = work.act(edition=edition)
        presenters = [self._presenter(work, edition.key, name) for name in presented_by]
        found.confer(act, conferral | {"presented_by": presenters or None}, winners)
        return decision

    def _presenter(self, work: Work, edition: str, name: str) -> dict[str, Any]:
        who = work.newcomer(edition)
        return {"participant": who, "name": work.seal("name", name, [who], "public")}

    @command("decision.confer")
    def correct(
        self,
        work: Work,
        decision: str,
        field: str,
        stands: Any,
        rival: Any,
        sources: list[str],
        winner: str | None = None,
        reading: str | None = None,
    ) -> str:
        """State which value of a field stands and which other one is known, with the sources."""
        found = work.decision(decision)
        act = work.act(edition=work.edition(str(found.edition)))
        winner = found.winner_meant(winner, personal=field in PERSONAL)
        about = [winner] if winner else sorted(found.winners)
        correction = {
            "field": field,
            "standing": self._fact(work, field, stands, about),
            "rival": self._fact(work, field, rival, about),
            "sources": sources,
            "winner": winner,
            "reading": work.seal("reading", reading, about, "public") if reading else None,
        }
        found.correct(act, correction)
        return decision

    def _fact(self, work: Work, field: str, value: Any, about: list[str]) -> Any:
        return work.seal(field, value, about, "public") if field in PERSONAL else value

    @command("decision.propose_revocation")
    def propose_revocation(self, work: Work, decision: str, winner: str, code: str, text: str | None = None) -> str:
        """Propose to take the award away; another person approves."""
        found = work.decision(decision)
        edition = work.edition(str(found.edition))
        stage = last_stage(edition.rules)["id"] if edition.rules else None
        act = work.act(edition=edition, stage=stage)
        require_panel_open_to(work, edition, act, found.category)
        found.winner_meant(winner)
        found.propose_revocation(act, winner, code, work.seal_text("text", text, [winner]))
        return decision

    @command("decision.approve")
    def revoke(self, work: Work, decision: str, winner: str) -> str:
        """Agree to a revocation as the second person."""
        found, act, person = self._second(work, decision)
        found.revoke(act, winner, person)
        return decision

    @command("honour.record")
    def record_honour(
        self,
        work: Work,
        edition: str,
        winner: dict[str, Any],
        sources: list[str],
        category: str = "main",
        citation: Texts | None = None,
    ) -> str:
        """Record a winner of a past edition from sources; gives the decision's id. `winner`: {kind, name, rank?, …}."""
        found = work.edition(edition)
        act = work.act(edition=found)
        if found.rules is not None:
            raise no.EditionNotFromSources
        found.require_sources(sources)
        told = {name: winner[name] for name in SHOWN if name in winner}
        honoured = {"kind": winner["kind"], **self._public(work, work.newcomer(edition), told, citation)}
        decision = work.find(Decision, Decision.id_of(edition, category))
        if decision is None:
            return work.begin(Decision.record_honour(act, edition, category, honoured, sources)).key
        decision.record_joint_honour(act, honoured, sources)
        return decision.key

    def _second(self, work: Work, decision: str) -> tuple[Decision, Act, frozenset[str]]:
        """A decision, the act, and all ids of the second person, who must have no part in what is decided."""
        found = work.decision(decision)
        edition = work.edition(str(found.edition))
        act = work.act(edition=edition)
        require_category_open_to(work, edition, act, found.category)
        return found, act, edition.person(act.by)
