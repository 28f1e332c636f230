"""Histories that nobody thought of: random commands, of which the refused ones leave nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from awards.domain.award import Award
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.refusals import Refusal
from awards.domain.review import Review
from awards.domain.stream import Stream
from awards.domain.subject import Subject
from awards.ledger.keys import BALLOT, SUBJECT
from tests.projections.histories import STAGE, History


class Chance:
    """Plays one random command after another on streams it has begun."""

    def __init__(self, history: History, seed: int) -> None:
        self.told = history
        self.random = Random(seed)
        self.people = [history.keys.mint() for _ in range(6)]
        self.award = history.award()
        self.editions = [history.open_edition(self.award, str(2020 + year)) for year in range(2)]
        self.nominations: list[Nomination] = []
        self.reviews: list[Review] = []
        self.decisions: list[Decision] = []
        self.voting: Decision | None = None
        self.subjects: list[Subject] = []
        for begin in (
            self._submit,
            self._assign,
            self._honour,
            self._know,
            self._open_ballot,
        ):  # no read model stays empty
            begin()

    def play(self, steps: int) -> None:
        """Play so many commands."""
        moves = [self._submit] * 3 + [self._move_nomination] * 4 + [self._assign] * 3 + [self._move_review] * 4
        moves += [self._open_ballot] + [self._move_ballot] * 4
        moves += [self._know, self._move_subject, self._move_subject]
        moves += [self._move_edition] * 2 + [self._decide, self._honour, self._move_award] + [self._move_decision] * 4
        for _ in range(steps):
            self.told.sealed.clear()
            with suppress(Refusal):
                self.random.choice(moves)()

    def _do(self, stream: Stream, *choices: Any) -> None:
        """Carry out one of the commands and record what comes of it; a refused one is forgotten."""
        try:
            self.random.choice(choices)()
        finally:
            self.told.record(stream)

    def _text(self, about: str) -> dict[str, Any]:
        return self.told.seal("text", self.random.choice(["Yes.", "Ça va de soi.", "'; DROP TABLE roll"]), about)

    def _know(self) -> None:
        who = self.told.keys.mint(SUBJECT)
        name = self.told.seal("name", "Ada", who, cls="account")
        self.subjects.append(Subject.register(self.told.act(), UUID(who), "person", name))
        self.told.record(self.subjects[-1])

    def _move_subject(self) -> None:
        subject, act = self.random.choice(self.subjects), self.told.act()
        role = self.random.choice(["secretariat", "approver", "auditor"])
        self._do(
            subject,
            lambda: subject.grant(act, role, self.award.key),
            lambda: subject.revoke(act, role, self.award.key),
            lambda: subject.deactivate(act, "gone"),
        )

    def _submit(self) -> None:
        edition = self.random.choice(self.editions)
        name = self.random.choice(["Ada", "Grace", "Zoë"])
        self.nominations.append(self.told.nomination(edition, name=name, country="GB"))

    def _move_nomination(self) -> None:
        case, act = self.random.choice(self.nominations or [None]), self.told.act(self.random.choice(self.people))
        if case is None:
            return
        about = case.nominee["participant"]
        self._do(
            case,
            lambda: case.amend(act, self.told.nominee(name="Another"), self._text(about)),
            lambda: case.endorse(act, act.by, self.told.seal("name", "E.", act.by), self._text(about)),
            lambda: case.withdraw_endorsement(act, act.by),
            lambda: case.accept(act, "informed"),
            lambda: case.decline(act, "informed", self._text(about)),
            lambda: case.rule_eligible(act, "served", "meets_rules", "informed"),
            lambda: case.rule_eligible(act, "served", "meets_rules", "informed", self._text(about)),
            lambda: case.rule_ineligible(act, "served", "too_short", self._text(about)),
            lambda: case.withdraw(act),
            lambda: case.appeal(act, "misread", self._text(about)),
            lambda: case.decide_appeal(act, self._outcome(), "so", "informed", self._text(about)),
        )

    def _outcome(self) -> str:
        return self.random.choice(["upheld", "dismissed"])

    def _assign(self) -> None:
        if self.nominations:
            case, reviewer = self.random.choice(self.nominations), self.random.choice(self.people)
            if all((review.nomination, review.reviewer) != (case.key, reviewer) for review in self.reviews):
                begin = self.random.choice([self._given, self._given, self._kept_off, self._conflict])
                self.reviews.append(begin(case, reviewer))

    def _given(self, case: Nomination, reviewer: str) -> Review:
        return self.told.review(case, reviewer)

    def _kept_off(self, case: Nomination, reviewer: str) -> Review:
        about = {"stage": "review", "nomination": case.key, "reviewer": reviewer}
        review = Review.begin_recused(self.told.act(), str(case.edition), about, "colleague")
        self.told.record(review)
        return review

    def _conflict(self, case: Nomination, reviewer: str) -> Review:
        about = {"stage": "review", "nomination": case.key, "reviewer": reviewer}
        text = self._text(reviewer)
        review = Review.begin_with_conflict(self.told.act(reviewer), str(case.edition), about, "colleague", text)
        self.told.record(review)
        return review

    def _move_review(self) -> None:
        review = self.random.choice(self.reviews or [None])
        if review is None:
            return
        act, scores = self.told.act(review.reviewer), {name: self.random.randint(1, 5) for name in ("impact", "reach")}
        self._do(
            review,
            lambda: review.submit(act, STAGE, scores, self._text(review.reviewer)),
            lambda: review.submit(act, STAGE, scores),
            lambda: review.revise(act, STAGE, scores),
            lambda: review.decline(act, "no_time"),
            lambda: review.declare_conflict(act, "colleague", self._text(review.reviewer)),
            lambda: review.recuse(act, "colleague"),
            lambda: review.assign_anew(act, frozenset()),
            lambda: review.declare_no_conflict(act, "5a" * 32),
            lambda: review.reinstate(self.told.act(), frozenset({review.reviewer}), frozenset(), "mistaken"),
        )

    def _move_edition(self) -> None:
        edition, person = self.random.choice(self.editions), self.random.choice(self.people)
        act, cases = self.told.act(), [case.key for case in self.nominations]
        self._do(
            edition,
            lambda: edition.enter(act, person, "approver"),
            lambda: edition.leave(act, person, "approver"),
            lambda: edition.appoint(act, "review", person, self.random.choice(["member", "chair"])),
            lambda: edition.discharge(act, "review", person, "moved"),
            lambda: edition.extend_call(act, edition.closes + timedelta(days=1), "Europe/Paris"),
            lambda: edition.close_call(act),
            lambda: edition.open_reviewing(act, "review"),
            lambda: edition.close_reviewing(act, "review"),
            lambda: edition.reopen_reviewing(act, "review", "late"),
            lambda: edition.shortlist(act, "review", "main", cases[:3]),
        )

    def _move_award(self) -> None:
        self._do(self.award, lambda: Award.revise(self.award, self.told.act(), {"en": "New name"}, {"en": "Body"}))

    def _honour(self) -> None:
        label = str(1990 + len(self.decisions))
        past: Edition = self.told.past_edition(self.award, label)
        self.decisions.append(self.told.honour(past, name="Past", country="FR"))

    def _decide(self) -> None:
        edition = self.random.choice(self.editions)
        if all(decision.edition != edition.key for decision in self.decisions):
            chosen = [case for case in self.nominations if case.edition == edition.key][:2]
            if chosen:
                self.decisions.append(self.told.approved(edition, chosen))

    def _open_ballot(self) -> None:
        ballot, secret = self.told.keys.mint(BALLOT), self.random.choice([True, False])
        question: dict[str, Any] = {
            "ballot": ballot,
            "stage": "review",
            "purpose": "question",
            "method": {"name": "majority", "version": 1},
            "options": ["yes", "no"],
            "voters": sorted(self.people),
            "quorum": self.random.randint(1, 3),
            "secret": secret,
            "text": self.random.choice([None, self._text(self.people[0])]),
        }
        if not self.voting:
            edition = self.random.choice(self.editions)
            self.voting = Decision.begin_ballot(self.told.act("chair", "chair"), edition.key, "votes", question)
        else:
            self.voting.open_ballot(self.told.act("chair", "chair"), question)
        self.told.record(self.voting)

    def _move_ballot(self) -> None:
        if not self.voting:
            return
        decision, who = self.voting, self.random.choice(self.people)
        ballot = decision.ballots[self.random.choice(sorted(decision.ballots))]
        choice: dict[str, Any] = self.random.choice(
            [{"abstained": True}, {"ranking": [["yes"]]}, {"ranking": [["no"]]}]
        )
        sealed = {"choice": self.told.seal("choice", choice, ballot.id, cls="ballot")}
        opened = {voter: {"ranking": [["yes"]]} for voter in ballot.votes}
        act, left_out = self.told.act(who, "reviewer"), {who: self.random.choice(["recused", "same_person"])}
        self._do(
            decision,
            lambda: decision.cast_vote(act, ballot.id, who, sealed if ballot.secret else choice),
            lambda: decision.cast_vote(act, ballot.id, who, sealed if ballot.secret else choice),
            lambda: decision.close_ballot(act, ballot.id, left_out, opened),
        )

    def _move_decision(self) -> None:
        decision = self.random.choice(self.decisions or [None])
        if decision is None:
            return
        act, other = self.told.act("first"), self.told.act("second")
        winner = self.random.choice(sorted(decision.winners) or ["nobody"])
        named = {case.key: case for case in self.nominations}
        public = [self.told.published(named[key], name="Public", mission="UNMISS") for key in decision.chosen]
        rival = self.told.seal("rank", "Captain", winner, cls="public") if decision.winners else "Captain"
        conferral = {"occasion": {"en": "Day"}, "date": "2026-05-29", "place": "Oslo"}
        correction = {"field": "rank", "standing": rival, "rival": rival, "sources": ["press"]}
        self._do(
            decision,
            lambda: decision.record_dissent(act, self._text(self.people[0])),
            lambda: decision.appeal(act, "not-weighed", self._text(self.people[0])),
            lambda: decision.decide_appeal(self.told.act("third"), self._outcome(), "so", self._text(self.people[0])),
            lambda: decision.announce(act, public, []),
            lambda: decision.announce(act, public, [], act.at + timedelta(days=1)),
            lambda: decision.confer(act, conferral),
            lambda: decision.correct(act, {**correction, "winner": winner}),
            lambda: decision.correct(act, correction),
            lambda: decision.propose_revocation(act, winner, "fraud"),
            lambda: decision.revoke(other, winner),
        )
