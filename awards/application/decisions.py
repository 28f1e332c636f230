"""Commands on decisions: what is proposed, by the count or against it, the second person, and dissent."""

from __future__ import annotations

from typing import Any

from awards.application.appeals import nominees_of, require_appeals_settled
from awards.application.desk import command
from awards.application.giving import GivingCommands
from awards.application.interests import is_closed_to, require_category_open_to, require_panel_open_to
from awards.application.work import Work
from awards.domain import judging, proposing
from awards.domain import refusals as no
from awards.domain.balloting import CASTING_VOTE, RUN_OFF, CastingVoteNeeded, RunOffNeeded
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.rules import Stage, last_stage, require_category, stage_of
from awards.domain.values import Act
from awards.projections import standing
from awards.projections.rows import Rows

Reason = dict[str, Any]
"""{code, text?}: the text as it arrives, or sealed."""

NEEDED = {RUN_OFF: RunOffNeeded, CASTING_VOTE: CastingVoteNeeded}
"""What the ladder waits for -> the refusal that says so."""


class DecisionCommands(GivingCommands):
    """From the count to a decision of two people."""

    @command("decision.propose")
    def propose(
        self,
        work: Work,
        edition: str,
        category: str,
        outcome: str = "awarded",
        code: str | None = None,
        text: str | None = None,
        winners: list[str] | None = None,
        runners_up: list[str] | None = None,
        override: Reason | None = None,
        cross_check: Reason | None = None,
    ) -> str:
        """Propose what the count says, others for a reason, or to withhold the award, for one; another approves."""
        found = work.edition(edition)
        found.require_run()
        stage = last_stage(found.rules)
        act = work.act(edition=found, stage=stage["id"])
        require_category(found.rules, category)
        found.require_reviewing_closed(stage["id"])
        earlier = work.find(Decision, Decision.id_of(edition, category))
        if earlier:
            earlier.require_unproposed()
        require_panel_open_to(work, found, act, category)
        require_appeals_settled(work, found, category)
        count, ranking = self._count(work, found, stage, category, draw=outcome == "awarded")
        if outcome == "withheld":
            sealed = work.seal_text("text", text, [act.by])
            count |= {"winners": [], "runners_up": [], "code": code, "text": sealed}
        else:
            if ranking.open_tie:
                raise NEEDED[ranking.open_tie["rung"]]
            candidates = _candidates(ranking)
            count |= proposing.chosen(count["computed"], candidates, found.rules["runners_up"], winners, runners_up)
            count["override"] = self._sealed_reason(work, override, count, act)
            count["cross_check"] = self._sealed_reason(work, cross_check, count, act)
        count["outcome"] = outcome
        if earlier:
            earlier.propose_anew(act, count)
            return earlier.key
        return work.begin(Decision.propose(act, edition, category, count)).key

    def _sealed_reason(self, work: Work, reason: Reason | None, count: dict[str, Any], act: Act) -> Reason | None:
        """A reason with its text sealed, which is about everybody whom the count or the proposal names."""
        if reason is None or "text" not in reason:
            return reason
        named = {*count["winners"], *count["runners_up"], *count["computed"]["winners"]}
        named |= {one for check in count["cross_checks"] or () for one in check.get("winners", ())}
        return reason | {"text": work.seal("text", reason["text"], nominees_of(work, named) or [act.by])}

    def _count(
        self, work: Work, edition: Edition, stage: Stage, category: str, *, draw: bool
    ) -> tuple[dict[str, Any], judging.Ranking]:
        """What the stage's method makes of the log as it stands, and what it rests on (docs/judging.md, section 6).

        `draw`: whether the lot is drawn where it decides; one that was drawn before decides in any case.
        """
        ledger = self.desk.ledger
        with work.ground(edition) as rows:
            size, root = ledger.basis()
            count = standing.count(rows, edition.key, stage["id"], category)
            drawn = count.ranking.decided_by == judging.LOT
            seed = self._seed(work, edition, stage["id"], count.ranking) if draw or drawn else None
            if seed:
                count = standing.count(rows, edition.key, stage["id"], category, seed)
            checks = cross_checks(rows, edition, stage["id"], category, seed)
        standings = [
            (stream, version, count.standings.get(stream, judging.NOT_COUNTED))
            for stream, version in ledger.edition_streams(edition.key, size)
        ]
        streams, digest = judging.inputs_digest(standings)
        ranking = count.ranking
        counted = {
            "stage": stage["id"],
            "method": _method_run(stage),
            "basis": {"size": size, "root": root},
            "inputs": {"count": streams, "sha256": digest},
            "decided_by": ranking.decided_by,
            "seed": seed,
            "computed": computed(ranking, edition),
            "cross_checks": checks,
        }
        return counted, ranking

    def _seed(self, work: Work, edition: Edition, stage: str, ranking: judging.Ranking) -> str | None:
        """The seed of the lot, if that is what decides; nobody opens it before."""
        waits = ranking.open_tie is not None and ranking.open_tie["rung"] == judging.LOT
        if not waits and ranking.decided_by != judging.LOT:
            return None
        sealed = edition.seeds[stage]
        return str(work.open([sealed])[sealed["sd"]])

    @command("decision.approve")
    def approve(self, work: Work, decision: str) -> str:
        """Agree as the second person, as long as the proposal is what would be proposed now."""
        found, act, person = self._second(work, decision)
        require_appeals_settled(work, work.edition(str(found.edition)), found.category)
        found.approve(act, person)
        self._require_timely(work, found)
        return decision

    def _require_timely(self, work: Work, found: Decision) -> None:
        """Refuse what a conflict declared since has overtaken: the count says otherwise, or bars who proposed."""
        edition = work.edition(str(found.edition))
        if is_closed_to(work, edition, found.proposer, found.category):
            raise no.ProposalOutdated
        with work.ground(edition) as rows:
            stage = last_stage(edition.rules)["id"]
            ranking = standing.count(rows, edition.key, stage, found.category).ranking
            checks = cross_checks(rows, edition, stage, found.category)
        if found.cross_checks not in (None, checks):
            raise no.ProposalOutdated
        if found.computed not in (None, computed(ranking, edition)) or not {*found.chosen} <= {*_candidates(ranking)}:
            raise no.ProposalOutdated

    @command("decision.approve")
    def send_back(self, work: Work, decision: str, code: str, text: str | None = None) -> str:
        """Disagree as the second person: it may be proposed anew."""
        found, act, person = self._second(work, decision)
        found.send_back(act, code, work.seal_text("text", text, [act.by]), person)
        return decision

    @command("decision.dissent")
    def dissent(self, work: Work, decision: str, text: str) -> str:
        """Record that a member of the panel does not share what is proposed or decided, and why."""
        found = work.decision(decision)
        edition = work.edition(str(found.edition))
        act = work.act(edition=edition, stage=last_stage(edition.rules)["id"] if edition.rules else None)
        edition.require_run()
        require_category_open_to(work, edition, act, found.category)
        about = nominees_of(work, [*found.chosen, *(found.computed or {}).get("winners", ())])
        found.record_dissent(act, work.seal("text", text, about or [act.by]), edition.person(act.by))
        return decision


def computed(ranking: judging.Ranking, edition: Edition) -> dict[str, list[str]]:
    """Whom the ranking names, by the edition's rules; nobody to win while the tie for the first place is open."""
    if ranking.open_tie:
        return {"winners": [], "runners_up": []}
    return {
        "winners": [entry.nomination for entry in ranking.winners],
        "runners_up": [entry.nomination for entry in ranking.runners_up(edition.rules["runners_up"])],
    }


def cross_checks(
    rows: Rows, edition: Edition, stage: str, category: str, seed: str | None = None
) -> list[dict[str, Any]] | None:
    """Whom each of the stage's cross-checks names to win, or why that cannot be told; None where there are none."""
    made = standing.cross_checks(rows, edition.key, stage, category, seed)
    named = stage_of(edition.rules, stage).get("cross_checks", ())
    return [{"name": one["name"], "version": one["version"], **_named_by(made[one["name"]])} for one in named] or None


def _named_by(ranking: judging.Ranking | None) -> dict[str, Any]:
    if ranking is None:
        return {"code": judging.TooManyOptions.code}
    return {"winners": [entry.nomination for entry in ranking.winners]}


def _candidates(ranking: judging.Ranking) -> list[str]:
    return [entry.nomination for entry in ranking.entries] + [one.nomination for one in ranking.unranked]


def _method_run(stage: Stage) -> dict[str, Any]:
    """The method, and the rules it was run with, without the texts for people: what a recount needs."""
    rubric = [
        {key: criterion[key] for key in ("id", "weight", "lead") if key in criterion} for criterion in stage["rubric"]
    ]
    run = judging.completed_method(stage["method"])
    name, version = run.pop("name"), run.pop("version")
    fixed = {key: stage[key] for key in ("cross_checks", "lot") if key in stage}
    told = {key: stage[key] for key in ("scale", "ties", "minimum_reviews")}
    return {"name": name, "version": version, "parameters": {"rubric": rubric, **told, **fixed, **run}}
