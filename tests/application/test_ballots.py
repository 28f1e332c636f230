"""Ballots: who may vote on what, what counts, what each may see of it, and what is left where."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from awards.domain import judging
from awards.domain import refusals as no
from awards.domain.balloting import (
    BallotClosed,
    BallotStillOpen,
    InvalidOptions,
    InvalidVote,
    NoOpenTie,
    NotAVoter,
    QuorumOutOfReach,
)
from awards.domain.judging import UnknownMethod
from awards.domain.judging.lot import drawn
from tests.application.guards import assert_sound, at_once
from tests.application.house import House
from tests.application.jury import Jury
from tests.domain.cases import PANEL as PANEL_STAGE

YES, NO = [["yes"]], [["no"]]
PANEL = ("rosa", "rudi", "chair", "deputy")
Ranking = list[list[str]] | None


@pytest.fixture
def jury(house: House) -> Jury:
    return Jury(house)


def opened(jury: Jury, who: str = "chair", **told: Any) -> str:
    return jury.app.ballots.open(jury.by(who), jury.edition, **told)


def cast(jury: Jury, ballot: str, **rankings: Ranking) -> None:
    for who, ranking in rankings.items():
        told: dict[str, Any] = {"abstain": True} if ranking is None else {"ranking": ranking}
        jury.app.ballots.vote(jury.by(who), ballot, **told)


def close(jury: Jury, ballot: str, who: str = "chair") -> dict[str, Any]:
    jury.app.ballots.close(jury.by(who), ballot)
    return seen(jury, who, ballot)


def seen(jury: Jury, who: str, ballot: str) -> dict[str, Any]:
    return jury.app.reading.ballot(jury.by(who), ballot)


def votes(jury: Jury, who: str, ballot: str) -> dict[str, Ranking]:
    """How the others voted, as far as somebody is told: nothing, a ranking, or None for an abstention."""
    told = {vote["voter"]: vote for vote in seen(jury, who, ballot)["votes"]}
    shown = {one: told[jury.id(one)] for one in PANEL if jury.id(one) in told}
    return {one: vote.get("ranking") for one, vote in shown.items() if "ranking" in vote or "abstained" in vote}


# --- who votes on what


def test_the_panel_votes_and_the_count_is_told_step_by_step(jury: Jury) -> None:
    ballot = opened(jury, text="Shall we hear the nominees?")
    cast(jury, ballot, rosa=YES, rudi=NO, chair=YES)
    told = close(jury, ballot)
    assert told["text"] == "Shall we hear the nominees?"
    assert sorted(told["voters"]) == sorted(map(jury.id, PANEL))
    assert (told["status"], told["cast"], told["counted"], told["abstained"]) == ("closed", 3, 3, 0)
    assert told["result"] == {
        "method": "majority",
        "version": 1,
        "ballots": 3,
        "order": [["yes"], ["no"]],
        "found": {"yes": {"votes": 2}, "no": {"votes": 1}},
        "steps": {"votes": 3, "blank": 0, "reached": "yes"},
    }


def test_who_has_a_part_in_an_option_or_is_recused_from_it_has_no_vote_and_sees_nothing(jury: Jury) -> None:
    review = jury.assign(jury.irina, "rosa")
    jury.app.reviews.declare_conflict(jury.by("rosa"), review, "family")
    ballot = opened(jury, options=[jury.irina, jury.olga])
    assert jury.id("rosa") not in seen(jury, "ada", ballot)["voters"]
    with pytest.raises(no.NotFound):
        cast(jury, ballot, rosa=[[jury.irina]])
    with pytest.raises(no.NotFound):
        seen(jury, "rosa", ballot)
    listed = jury.app.reading.ballots(jury.by("rosa"), jury.edition).items
    history = jury.app.reading.history(jury.by("rosa"), jury.edition).items
    assert (listed, [item for item in history if item["kind"] == "decision"]) == ([], [])


def test_a_question_without_nominations_is_about_all_of_its_category(jury: Jury) -> None:
    review = jury.assign(jury.irina, "rosa")
    jury.app.reviews.declare_conflict(jury.by("rosa"), review, "family")
    others = opened(jury, options=[jury.olga, "no-award"])
    assert jury.id("rosa") in seen(jury, "ada", others)["voters"]
    assert jury.id("rosa") not in seen(jury, "ada", opened(jury))["voters"]


def test_only_the_chair_and_the_deputy_open_and_close_and_not_where_something_is_closed_to_them(jury: Jury) -> None:
    ballot = opened(jury)
    for who in ("secretary", "rosa", "abel", "ada", "nadia"):
        with pytest.raises((no.NotAllowed, no.NotFound)):
            opened(jury, who)
        with pytest.raises((no.NotAllowed, no.NotFound)):
            jury.app.ballots.close(jury.by(who), ballot)
    for who in ("secretary", "abel", "ada", "nadia"):
        with pytest.raises((no.NotAllowed, no.NotFound)):
            cast(jury, ballot, **{who: YES})
    review = jury.assign(jury.irina, "chair")
    jury.app.reviews.declare_conflict(jury.by("chair"), review, "family")
    with pytest.raises(no.ClosedToYou):
        opened(jury)
    with pytest.raises(no.NotFound):  # for to her it is not there any more
        jury.app.ballots.close(jury.by("chair"), ballot)
    jury.app.ballots.close(jury.by("deputy"), ballot)


def test_what_cannot_be_asked_is_refused(jury: Jury) -> None:
    before = jury.size()
    refused: Sequence[tuple[type[Exception], dict[str, Any]]] = (
        (InvalidOptions, {"options": ["yes", jury.irina]}),
        (InvalidOptions, {"options": ["yes", "no", "no-award"]}),
        (InvalidOptions, {"options": [jury.irina]}),
        (UnknownMethod, {"method": {"name": "acclamation", "version": 1}}),
        (QuorumOutOfReach, {"quorum": 5}),
        (no.NotFound, {"options": ["00000000-0000-4000-8000-000000000000", "no-award"]}),
        (no.UnknownCategory, {"category": "other"}),
        (no.UnknownStage, {"stage": "other"}),
    )
    for refusal, told in refused:
        with pytest.raises(refusal):
            opened(jury, **told)
    assert jury.size() == before


# --- votes


def test_a_vote_may_be_changed_until_the_close_and_the_log_shows_it(jury: Jury) -> None:
    ballot = opened(jury, quorum=1)
    cast(jury, ballot, rosa=YES)
    cast(jury, ballot, rosa=NO)
    assert [vote["changes"] for vote in seen(jury, "rosa", ballot)["votes"]] == [1]
    assert [event.ranking for event in jury.house.events("decision.vote_cast")] == [YES, NO]
    assert close(jury, ballot)["result"]["order"] == [["no"], ["yes"]]
    with pytest.raises(BallotClosed):
        cast(jury, ballot, rosa=YES)
    with pytest.raises(BallotClosed):
        jury.app.ballots.close(jury.by("deputy"), ballot)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"ranking": [["yes"]], "abstain": True},
        {"ranking": []},
        {"ranking": [[]]},
        {"ranking": [["yes"], ["yes"]]},
        {"ranking": [["no-award"]]},
    ],
)
def test_what_is_no_vote_is_refused_in_secret_too(jury: Jury, told: dict[str, Any]) -> None:
    for secret in (False, True):
        ballot = opened(jury, secret=secret)
        with pytest.raises(InvalidVote):
            jury.app.ballots.vote(jury.by("rosa"), ballot, **told)


def test_who_came_later_has_no_vote_and_who_left_casts_none(jury: Jury) -> None:
    ballot = opened(jury)
    jury.join("dora", "reviewer")
    with pytest.raises(no.NotFound):  # for while others score she sees no ballot but her own
        cast(jury, ballot, dora=YES)
    cast(jury, ballot, rosa=YES)
    jury.app.editions.discharge(jury.by("secretary"), jury.edition, "panel", jury.id("rosa"), "moved")
    with pytest.raises(no.NotFound):
        cast(jury, ballot, rosa=NO)
    jury.close()
    with pytest.raises(NotAVoter):
        cast(jury, ballot, dora=YES)
    cast(jury, ballot, rudi=YES, chair=None)
    assert close(jury, ballot)["counted"] == 3


def test_a_late_recusal_takes_the_vote_out_of_the_count_and_is_told(jury: Jury) -> None:
    ballot = opened(jury, options=[jury.irina, jury.olga], quorum=2)
    cast(jury, ballot, rosa=[[jury.irina]], rudi=[[jury.olga]], deputy=None)
    jury.app.reviews.recuse(jury.by("secretary"), jury.assign(jury.irina, "rosa"), "colleague")
    told = close(jury, ballot)
    assert told["left_out"] == [{"voter": jury.id("rosa"), "code": "recused"}]
    assert (told["counted"], told["abstained"]) == (2, 1)
    assert told["result"]["order"] == [[jury.olga], [jury.irina]]


def test_one_person_has_one_vote(jury: Jury) -> None:
    ballot = opened(jury, quorum=1)
    cast(jury, ballot, rosa=YES, rudi=NO)
    jury.link(jury.id("rosa"), jury.id("rudi"))
    told = close(jury, ballot)
    assert told["left_out"] == [{"voter": jury.id("rosa"), "code": "same_person"}]
    assert (told["counted"], told["result"]["order"][0]) == (1, ["no"])


def test_short_of_the_quorum_there_is_no_result_and_abstentions_count_towards_it(jury: Jury) -> None:
    missed, met = opened(jury, quorum=3), opened(jury, quorum=3)
    cast(jury, missed, rosa=YES, rudi=YES)
    cast(jury, met, rosa=YES, rudi=None, chair=None)
    told = close(jury, missed)
    assert (told["code"], told["counted"]) == ("quorum_missed", 2)
    assert "result" not in told
    assert "abstained" not in told
    assert close(jury, met)["result"]["order"] == [["yes"], ["no"]]


def test_where_all_abstain_nothing_is_preferred(jury: Jury) -> None:
    ballot = opened(jury)
    cast(jury, ballot, rosa=None, rudi=None, chair=None)
    assert close(jury, ballot)["result"]["order"] == [["no", "yes"]]


# --- who sees what


def test_the_votes_of_others_are_shown_when_the_own_is_in_or_the_ballot_closed(jury: Jury) -> None:
    ballot = opened(jury)
    cast(jury, ballot, rosa=YES)
    assert votes(jury, "rudi", ballot) == {}
    assert votes(jury, "rosa", ballot) == {"rosa": YES}
    cast(jury, ballot, rudi=NO)
    assert votes(jury, "rudi", ballot) == votes(jury, "rosa", ballot) == {"rosa": YES, "rudi": NO}
    assert votes(jury, "chair", ballot) == {}
    close(jury, ballot)
    assert votes(jury, "chair", ballot) == {"rosa": YES, "rudi": NO}


def test_a_secret_choice_is_opened_to_auditors_once_the_ballot_is_closed_and_to_nobody_else(jury: Jury) -> None:
    ballot = opened(jury, secret=True)
    cast(jury, ballot, rosa=YES, rudi=NO, chair=None)
    assert votes(jury, "ada", ballot) == {}
    told = close(jury, ballot)
    assert told["result"]["found"] == {"no": {"votes": 1}, "yes": {"votes": 1}}
    assert votes(jury, "ada", ballot) == {"rosa": YES, "rudi": NO, "chair": None}
    for who in ("rosa", "chair", "deputy", "abel", "secretary"):
        shown = seen(jury, who, ballot)
        assert {frozenset(vote) for vote in shown["votes"]} == {frozenset({"voter", "time", "changes"})}
    assert_sound(jury.house)


def test_a_secret_choice_stands_nowhere_in_clear_and_every_one_is_as_long(jury: Jury) -> None:
    ballot = opened(jury, options=[jury.irina, jury.olga, "no-award"], secret=True)
    choices: dict[str, Ranking] = {
        "rosa": [[jury.irina], [jury.olga], ["no-award"]],
        "rudi": [["no-award", jury.olga]],
        "chair": None,
    }
    cast(jury, ballot, **choices)
    events = jury.house.events("decision.vote_cast")
    assert [(event.ranking, event.abstained) for event in events] == [(None, None)] * 3
    digests = [event.choice["sd"] for event in events]
    assert {(*event.choice["of"], event.choice["class"]) for event in events} == {(ballot, "ballot")}
    rows = jury.house.service.ledger.rows("SELECT * FROM sealed WHERE class = 'ballot'")
    assert sorted(row["digest"] for row in rows) == sorted(digests)
    assert len({len(row["ciphertext"]) for row in rows}) == 1
    close(jury, ballot)
    votes(jury, "ada", ballot)  # what was opened once is not kept either
    for table in everything(jury):
        for told in ('"ranking"', '"pad"', 'abstained":true', f'["no-award","{jury.olga}"]'):
            assert told not in table


def everything(jury: Jury) -> list[str]:
    """Every table of the log's database, keys apart, as text."""
    rows = jury.house.service.ledger.rows
    by_kind = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    }
    kind = "sqlite" if "SQLite" in type(jury.house.service.ledger.recorder).__name__ else "postgres"
    names = [row["name"] for row in rows(by_kind[kind])]
    assert {"stored_events", "ballots", "sealed"} <= set(names)
    found = [[[*map(as_text, row.values())] for row in rows(f"SELECT * FROM {name}")] for name in names]
    return ["\n".join(cell for row in table for cell in row) for table in found]


def as_text(cell: object) -> str:
    return bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell)


def test_no_persons_erasure_touches_a_secret_choice(jury: Jury) -> None:
    ballot = opened(jury, secret=True, quorum=1)
    cast(jury, ballot, rosa=YES)
    jury.app.desk.keys.erase(jury.id("rosa"), ("case", "public"), jury.house.at)
    assert close(jury, ballot)["result"]["order"][0] == ["yes"]


# --- a stream that began with a ballot


def test_a_ballot_proposes_nothing(jury: Jury) -> None:
    ballot = opened(jury)
    decision = seen(jury, "chair", ballot)["decision"]
    assert jury.app.reading.decisions(jury.by("ada"), jury.edition).items == []
    for read in (jury.app.reading.decision, jury.app.decisions.approve):
        with pytest.raises(no.NotFound if read == jury.app.reading.decision else no.NotProposed):
            read(jury.by("abel"), decision)
    jury.scored(jury.irina, "rosa")
    jury.close()
    jury.app.editions.reopen_reviewing(jury.by("secretary"), jury.edition, "panel", "late")
    jury.close()
    assert jury.app.reading.edition(jury.by("ada"), jury.edition)["phase"] == "reviewed"
    assert jury.propose() == decision
    assert [one["phase"] for one in jury.app.reading.decisions(jury.by("ada"), jury.edition).items] == ["proposed"]
    cast(jury, ballot, rosa=YES, rudi=YES, chair=NO)
    close(jury, ballot)
    jury.app.decisions.approve(jury.by("abel"), decision)


# --- ties


def tied(house: House, *ties: str) -> Jury:
    """Irina and Olga are scored alike, and reviewing is closed."""
    stage = {**PANEL_STAGE, "ties": list(ties)}
    jury = Jury(house, stages=[stage])
    for nomination in (jury.irina, jury.olga):
        jury.scored(nomination, "rosa", impact=4, reach=4)
    jury.close()
    return jury


def test_a_run_off_settles_the_first_place(house: House) -> None:
    jury = tied(house, "run-off-vote", "joint-winners")
    with pytest.raises(no.Refusal, match="run-off") as refused:
        jury.propose()
    assert refused.value.code == "run_off_needed"
    ballot = opened(jury, purpose="run-off-vote")
    with pytest.raises(BallotStillOpen):
        opened(jury, purpose="run-off-vote")
    with pytest.raises(NoOpenTie):
        opened(jury, purpose="casting-vote")
    assert sorted(seen(jury, "chair", ballot)["options"]) == sorted([jury.irina, jury.olga])
    cast(jury, ballot, rosa=[[jury.olga]], rudi=[[jury.olga]], chair=[[jury.irina]])
    close(jury, ballot)
    decision = jury.app.reading.decision(jury.by("ada"), jury.propose())
    assert (decision["decided_by"], decision["winners"]) == ("run-off-vote", [{"nomination": jury.olga}])
    with pytest.raises(no.Refusal):
        opened(jury, purpose="run-off-vote")
    jury.app.decisions.approve(jury.by("abel"), decision["id"])


def test_a_run_off_short_of_its_quorum_is_held_again(house: House) -> None:
    jury = tied(house, "run-off-vote", "joint-winners")
    close(jury, opened(jury, purpose="run-off-vote"))
    with pytest.raises(no.Refusal, match="run-off"):
        jury.propose()
    again = opened(jury, purpose="run-off-vote", quorum=1)
    cast(jury, again, rosa=[[jury.irina], [jury.olga]])
    close(jury, again)
    assert jury.app.reading.decision(jury.by("ada"), jury.propose())["decided_by"] == "run-off-vote"


def test_a_run_off_that_ends_in_a_tie_leads_to_the_next_rung(house: House) -> None:
    jury = tied(house, "run-off-vote", "casting-vote", "joint-winners")
    ballot = opened(jury, purpose="run-off-vote", quorum=2)
    cast(jury, ballot, rosa=[[jury.olga]], rudi=[[jury.irina]])
    close(jury, ballot)
    with pytest.raises(no.Refusal, match="casting vote") as refused:
        jury.propose()
    assert refused.value.code == "casting_vote_needed"
    casting = opened(jury, "deputy", purpose="casting-vote")
    assert seen(jury, "chair", casting)["voters"] == [jury.id("chair")]
    with pytest.raises(NotAVoter):
        cast(jury, casting, deputy=[[jury.olga]])
    cast(jury, casting, chair=[[jury.irina]])
    close(jury, casting)
    decision = jury.app.reading.decision(jury.by("ada"), jury.propose())
    assert (decision["decided_by"], decision["winners"]) == ("casting-vote", [{"nomination": jury.irina}])


def test_the_casting_vote_of_a_conflicted_chair_is_the_deputys(house: House) -> None:
    jury = tied(house, "casting-vote", "joint-winners")
    jury.app.conflicts.recuse(jury.by("secretary"), jury.edition, "panel", jury.irina, jury.id("chair"), "family")
    ballot = opened(jury, "deputy", purpose="casting-vote")
    assert seen(jury, "deputy", ballot)["voters"] == [jury.id("deputy")]
    with pytest.raises(no.NotFound):
        cast(jury, ballot, chair=[[jury.olga]])


def test_where_both_are_conflicted_the_rung_is_passed_over(house: House) -> None:
    jury = tied(house, "casting-vote", "joint-winners")
    for who, nomination in (("chair", jury.irina), ("deputy", jury.olga)):
        jury.app.conflicts.recuse(jury.by("secretary"), jury.edition, "panel", nomination, jury.id(who), "family")
    ranking = jury.app.reading.standing(jury.by("ada"), jury.edition, "panel", "main")["ranking"]
    assert ranking["decided_by"] == "joint-winners"
    assert "open_tie" not in ranking


def test_a_run_off_whose_voter_is_recused_afterwards_is_held_again(house: House) -> None:
    """A late conflict takes a vote out as it takes a review out; a proposal that rested on it goes back."""
    jury = tied(house, "run-off-vote", "joint-winners")
    ballot = opened(jury, purpose="run-off-vote", quorum=1)
    cast(jury, ballot, rudi=[[jury.olga]])
    close(jury, ballot)
    decision = jury.propose()
    jury.app.conflicts.declare(jury.by("rudi"), jury.edition, "panel", jury.olga, "family-tie")
    with pytest.raises(no.ProposalOutdated):
        jury.app.decisions.approve(jury.by("abel"), decision)
    jury.app.decisions.send_back(jury.by("abel"), decision, "outdated")
    with pytest.raises(no.Refusal, match="run-off"):
        jury.propose()
    again = opened(jury, purpose="run-off-vote", quorum=1)
    cast(jury, again, rosa=[[jury.irina]])
    close(jury, again)
    told = jury.app.reading.decision(jury.by("ada"), jury.propose())
    assert (told["decided_by"], told["winners"]) == ("run-off-vote", [{"nomination": jury.irina}])


def test_withholding_while_the_tie_is_open_departs_from_nothing(house: House) -> None:
    jury = tied(house, "run-off-vote", "joint-winners")
    withheld = jury.app.decisions.propose(jury.by("chair"), jury.edition, "main", "withheld", "none-stands-out")
    told = jury.app.reading.decision(jury.by("ada"), withheld)
    assert (told["decided_by"], told["computed"]) == ("open", {"winners": [], "runners_up": []})
    assert "departs" not in told


def test_a_run_off_on_another_tie_settles_nothing(house: House) -> None:
    jury = tied(house, "run-off-vote", "joint-winners")
    ballot = opened(jury, purpose="run-off-vote", quorum=1)
    cast(jury, ballot, rudi=[[jury.olga]])
    close(jury, ballot)
    jury.app.editions.reopen_reviewing(jury.by("secretary"), jury.edition, "panel", "late")
    jury.close()
    standing = jury.app.reading.standing(jury.by("ada"), jury.edition, "panel", "main")["ranking"]
    assert standing["decided_by"] == "run-off-vote"
    jury.app.nominations.withdraw(jury.by("secretary"), jury.olga, None)
    standing = jury.app.reading.standing(jury.by("ada"), jury.edition, "panel", "main")["ranking"]
    assert (standing["decided_by"], [entry["rank"] for entry in standing["entries"]]) == ("none", [1])


def test_the_lot_is_drawn_from_a_seed_committed_to_when_the_edition_was_planned(house: House) -> None:
    jury = tied(house, "lot")
    [planned] = house.events("edition.planned")
    commitment = planned.rules["stages"][0]["lot"]
    before = jury.app.reading.standing(jury.by("ada"), jury.edition, "panel", "main")["ranking"]
    assert before["open_tie"]["rung"] == "lot"
    decision = jury.propose()
    [proposed] = house.events("decision.proposed")
    assert judging.commitment_to(proposed.seed) == commitment
    assert [[one] for one in proposed.winners] == drawn(proposed.seed, [jury.irina, jury.olga])[:1]
    assert proposed.decided_by == "lot"
    jury.app.decisions.send_back(jury.by("abel"), decision, "unclear")
    jury.propose("deputy")
    jury.app.decisions.approve(jury.by("abel"), decision)
    after = jury.app.reading.standing(jury.by("ada"), jury.edition, "panel", "main")["ranking"]
    assert (after["decided_by"], after["entries"][0]["nomination"]) == ("lot", proposed.winners[0])


def test_withholding_draws_no_lot(house: House) -> None:
    jury = tied(house, "lot")
    jury.app.decisions.propose(jury.by("chair"), jury.edition, "main", "withheld", "none-suitable")
    [proposed] = house.events("decision.proposed")
    assert (proposed.seed, proposed.winners) == (None, [])


def test_a_lot_that_was_drawn_decides_also_beside_a_later_proposal_to_withhold(house: House) -> None:
    jury = tied(house, "lot")
    decision = jury.propose()
    jury.app.decisions.send_back(jury.by("abel"), decision, "unclear")
    jury.app.decisions.propose(jury.by("chair"), jury.edition, "main", "withheld", "none-suitable")
    drawn_first, withheld = house.events("decision.proposed")
    assert (withheld.seed, withheld.computed) == (drawn_first.seed, drawn_first.computed)
    jury.app.decisions.approve(jury.by("abel"), decision)


# --- races


def test_a_vote_that_was_answered_counts_and_nothing_lands_after_the_close(jury: Jury) -> None:
    ballot = opened(jury, quorum=1)

    def vote(who: str, ranking: Ranking) -> str:
        cast(jury, ballot, **{who: ranking})
        return who

    racing = [partial(vote, who, ranking) for who in PANEL for ranking in (YES, NO)]
    answers = at_once([*racing[:5], partial(jury.app.ballots.close, jury.by("chair"), ballot), *racing[5:]])
    [closed] = jury.house.events("decision.ballot_closed")
    landed = jury.house.events("decision.vote_cast")
    assert all(event.position < closed.position for event in landed)
    assert len(landed) == sum(answer in PANEL for answer in answers)
    assert {answer for answer in answers if answer not in PANEL} <= {ballot, "ballot_closed"}
    assert closed.counted == len({event.voter for event in landed})
    assert_sound(jury.house)


def test_two_closings_at_once_are_one(jury: Jury) -> None:
    ballot = opened(jury, quorum=1)
    cast(jury, ballot, rosa=YES)
    answers = at_once([partial(jury.app.ballots.close, jury.by(who), ballot) for who in ("chair", "deputy")] * 3)
    assert sorted(answers) == sorted([ballot, *["ballot_closed"] * 5])
    assert len(jury.house.events("decision.ballot_closed")) == 1
    assert_sound(jury.house)


def test_a_recusal_at_the_moment_of_the_close_is_either_before_or_after_it(jury: Jury) -> None:
    ballot = opened(jury, options=[jury.irina, jury.olga], quorum=1)
    review = jury.assign(jury.irina, "rosa")
    cast(jury, ballot, rosa=[[jury.irina]], rudi=[[jury.olga]])
    at_once(
        [
            partial(jury.app.ballots.close, jury.by("chair"), ballot),
            partial(jury.app.reviews.recuse, jury.by("secretary"), review, "colleague"),
        ]
    )
    [closed], [recused] = jury.house.events("decision.ballot_closed"), jury.house.events("review.recused")
    assert (closed.left_out is not None) == (recused.position < closed.position)
