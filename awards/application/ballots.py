"""Commands on ballots: a question put to the panel, votes, and the close.

Nobody votes where something the ballot is about is closed to her: a nomination among its options, or, where there is
none, any of the category; and nobody opens or closes where anything of the category is. A secret choice is sealed under
the ballot and opened in two places only: here, to count it, and for auditors once the ballot is closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from awards.application.desk import Commands, command
from awards.application.interests import is_closed_to, require_panel_open_to
from awards.application.work import Work
from awards.domain import balloting
from awards.domain import refusals as no
from awards.domain.balloting import QUESTION, Ballot, NoOpenTie, nominations_in
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.rules import last_stage, require_category, stage_of
from awards.domain.values import Act
from awards.ledger.canonical import canonical
from awards.projections import standing

MAJORITY = {"name": "majority", "version": 1}
"""How votes are counted where a ballot does not say otherwise."""

Ranking = list[list[str]]


class BallotCommands(Commands):
    """What the chair, or the deputy, and the voters do."""

    @command("ballot.run")
    def open(
        self,
        work: Work,
        edition: str,
        category: str = "main",
        purpose: str = QUESTION,
        stage: str | None = None,
        options: Sequence[str] = (),
        method: Mapping[str, Any] | None = None,
        quorum: int | None = None,
        secret: bool = False,
        text: str | None = None,
    ) -> str:
        """Put a question to the panel of a stage, by default the last; gives the ballot's id."""
        found = work.edition(edition)
        found.require_run()
        rules = stage_of(found.rules, stage) if stage else last_stage(found.rules)
        act = work.act(edition=found, stage=rules["id"])
        require_category(found.rules, category)
        decision = work.find(Decision, Decision.id_of(edition, category))
        require_panel_open_to(work, found, act, category)
        if purpose == QUESTION:
            options = self._options(work, found, category, options)
        else:
            options = self._tie(work, found, category, purpose, rules["id"], options)
        voters = self._voters(work, found, rules["id"], category, purpose, options)
        question: dict[str, Any] = {
            "ballot": work.new_ballot(),
            "stage": rules["id"],
            "purpose": purpose,
            "method": dict(method or MAJORITY),
            "options": [*options],
            "voters": voters,
            "quorum": quorum or len(voters) // 2 + 1,
            "secret": secret,
            "text": work.seal_text("text", text, self._about(work, options) or [act.by]),
        }
        if decision is None:
            work.begin(Decision.begin_ballot(act, edition, category, question))
        else:
            decision.open_ballot(act, question)
        return str(question["ballot"])

    def _options(self, work: Work, edition: Edition, category: str, options: Sequence[str]) -> Sequence[str]:
        """What a question offers: nominations of the category that may win; yes and no where nothing is told."""
        for nomination in nominations_in(options):
            case = work.nomination(nomination)
            if (case.edition, case.category) != (edition.key, category):
                raise no.NotFound
            case.require_eligible()
        return options or (balloting.YES, balloting.NO)

    def _tie(
        self, work: Work, edition: Edition, category: str, purpose: str, stage: str, told: Sequence[str]
    ) -> Sequence[str]:
        """What a vote on a tie offers: the nominations whose tie waits for it, no others."""
        edition.require_reviewing_closed(stage)
        with work.ground(edition) as rows:
            tie = standing.count(rows, edition.key, stage, category).ranking.open_tie
        if tie is None or tie["rung"] != purpose or stage != last_stage(edition.rules)["id"]:
            raise NoOpenTie
        if told and {*told} != {*tie["nominations"]}:
            raise NoOpenTie("The standing has another tie; what settles it takes its options from there.")
        return [*tie["nominations"]]

    def _about(self, work: Work, options: Sequence[str]) -> list[str]:
        """Whom the wording of a question is about."""
        return sorted({one for nomination in nominations_in(options) for one in work.nomination(nomination).nominees})

    def _voters(
        self, work: Work, edition: Edition, stage: str, category: str, purpose: str, options: Sequence[str]
    ) -> list[str]:
        """Who on the panel has a vote."""
        about = nominations_in(options)

        def may_judge(one: str) -> bool:
            return not is_closed_to(work, edition, one, category, about)

        return balloting.electors(purpose, edition.seats_at(stage), may_judge)

    @command("ballot.vote")
    def vote(self, work: Work, ballot: str, ranking: Ranking | None = None, abstain: bool = False) -> str:
        """Vote, or vote anew: options in groups, best first, or an abstention."""
        decision, found, edition, act = self._at(work, ballot)
        edition.require_on_panel(found.stage, act.by)
        if is_closed_to(work, edition, act.by, decision.category, found.nominations):
            raise no.NotFound
        choice: dict[str, Any] = {"abstained": True} if abstain else {}
        choice |= {} if ranking is None else {"ranking": ranking}
        decision.require_ballot_open(ballot)
        balloting.check_choice(found, choice)
        if found.secret:
            choice = {"choice": work.seal("choice", padded(choice, found.options), [ballot], "ballot")}
        decision.cast_vote(act, ballot, act.by, choice)
        return ballot

    @command("ballot.run")
    def close(self, work: Work, ballot: str) -> str:
        """End a ballot and count its votes, without those of who may no longer judge what it is about."""
        decision, found, edition, act = self._at(work, ballot)
        require_panel_open_to(work, edition, act, decision.category)
        left_out = self._left_out(work, edition, decision.category, found)
        decision.close_ballot(act, ballot, left_out, self._opened(work, found))
        return ballot

    def _at(self, work: Work, ballot: str) -> tuple[Decision, Ballot, Edition, Act]:
        """A ballot where it is, and the act."""
        decision, found = work.ballot(ballot)
        edition = work.edition(str(decision.edition))
        act = work.act(edition=edition, stage=found.stage)
        edition.require_run()
        return decision, found, edition, act

    def _left_out(self, work: Work, edition: Edition, category: str, ballot: Ballot) -> dict[str, str]:
        """The votes that do not count: voter -> why. Of one person's votes under several ids the last one counts."""
        out: dict[str, str] = {}
        seen: set[str] = set()
        for voter in reversed([*ballot.votes]):
            if is_closed_to(work, edition, voter, category, ballot.nominations):
                out[voter] = balloting.RECUSED
            elif voter in seen:
                out[voter] = balloting.SAME_PERSON
            seen |= edition.person(voter)
        return out

    def _opened(self, work: Work, ballot: Ballot) -> dict[str, Mapping[str, Any]]:
        """The secret votes, by voter."""
        values = work.open(ballot.sealed)
        return {voter: unpadded(values[vote["choice"]["sd"]]) for voter, vote in ballot.votes.items() if ballot.secret}


def padded(choice: Mapping[str, Any], options: Sequence[str]) -> dict[str, Any]:
    """A choice to be sealed, as long as any other of the ballot, so that its ciphertext does not tell it apart."""
    longest = len(canonical({"pad": "", "ranking": [[option] for option in options]}))
    return {**choice, "pad": " " * (longest - len(canonical({"pad": "", **choice})))}


def unpadded(value: Mapping[str, Any]) -> dict[str, Any]:
    """A choice as it was made."""
    return {name: told for name, told in value.items() if name != "pad"}
