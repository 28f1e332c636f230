"""Histories of the application are found sound, to the last line; what an administrator writes anew is found wrong.

Here he signs everything again, so nothing but the rules can tell: which line does not follow from those before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from awards import verifier
from awards.verifier import DOES_NOT_FOLLOW, NOT_RECOUNTABLE, UNKNOWN_METHOD, History
from tests.application.house import CLOSES
from tests.application.jury import Jury
from tests.golden.names import CLEAR
from tests.verifier.histories import history_of
from tests.verifier.story import Story, Told, house_in


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Story, Told]]:
    """The story and its log."""
    house = house_in(tmp_path_factory.mktemp("story"))
    story = Story(house)
    yield story, Told.of(house, story.edition)
    house.service.close()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """An edition whose first place the lot decides."""
    house = house_in(tmp_path_factory.mktemp("drawn"))
    stage = {**house_stage(), "ties": ["run-off-vote", "lot"]}
    jury = Jury(house, stages=[stage])
    for nomination in (jury.irina, jury.olga):
        jury.scored(nomination, "rosa", impact=4, reach=4)
    jury.close()
    ballots = jury.app.ballots
    run_off = ballots.open(jury.by("chair"), jury.edition, purpose="run-off-vote", quorum=1)
    ballots.vote(jury.by("rosa"), run_off, [[jury.irina, jury.olga]])
    ballots.close(jury.by("chair"), run_off)
    jury.app.decisions.approve(jury.by("abel"), jury.propose())
    yield Told.of(house, jury.edition)
    house.service.close()


def house_stage() -> dict[str, Any]:
    from tests.domain.cases import PANEL

    return PANEL


def test_a_real_history_is_sound(played: tuple[Story, Told], drawn: Told) -> None:
    assert (played[1].found(), drawn.found()) == ([], [])
    assert drawn.data(drawn.index("decision.proposed"))["decided_by"] == "lot"


def test_every_topic_there_is_is_known() -> None:
    named = {name.rpartition(".v")[0] for name in CLEAR if not name.startswith("subject.")}
    known = {*verifier.WHO, *verifier.OF_AWARD} - {"edition.participant_erased"}
    assert known == named - {"edition.participant_erased"}
    methods = {name for name in dir(History) if name.startswith("_may_")}
    assert {"_may_" + topic.replace(".", "_") for topic in verifier.WHO} <= methods


# --- what an administrator does, the leaf where it shows, and how

Tamper = Callable[[Story, Told], int]


def score_changed(story: Story, told: Told) -> int:
    told.data(told.index("review.submitted"))["scores"] = {"impact": 1, "reach": 1}
    return told.index("decision.proposed")


def score_off_the_scale(story: Story, told: Told) -> int:
    at = told.index("review.submitted")
    told.data(at)["scores"] = {"impact": 6, "reach": 1}
    return at


def criterion_left_out(story: Story, told: Told) -> int:
    del told.data(at := told.index("review.revised"))["scores"]["reach"]
    return at


def review_dropped(story: Story, told: Told) -> int:
    told.drop(told.index("review.revised"))
    return told.index("decision.proposed")


def line_dropped_and_its_gap_left(story: Story, told: Told) -> int:
    del told.lines[told.index("review.submitted", id=story.id("rudi"), number=1)]
    return told.index("review.revised")


def review_added_after_the_basis(story: Story, told: Told) -> int:
    """As part of the proposal, since an act of its own would come before the basis or after the close."""
    proposed = told.index("decision.proposed")
    correlation = told.data(proposed)["correlation"]
    told.insert(proposed, told.index("review.revised"), correlation=correlation)
    told.data(proposed + 1)["basis"]["size"] -= 1
    return proposed


def proposal_on_an_older_basis(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.proposed"))["basis"]["size"] -= 2
    return at


def proposal_on_a_later_basis(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.proposed"))["basis"]["size"] += 1
    return at


def score_after_the_close(story: Story, told: Told) -> int:
    return told.insert(told.index("edition.reviewing_closed") + 1, told.index("review.revised"))


def second_scores_submitted(story: Story, told: Told) -> int:
    return told.insert(told.index("edition.reviewing_closed"), told.index("review.submitted"))


def score_by_the_secretariat(story: Story, told: Told) -> int:
    told.data(at := told.index("review.submitted"))["actor"] = told.data(told.index("edition.reviewing_opened"))[
        "actor"
    ]
    return at


def score_by_another_reviewer(story: Story, told: Told) -> int:
    told.data(at := told.index("review.submitted"))["actor"]["id"] = story.id("rudi")
    return at


def score_without_an_assignment(story: Story, told: Told) -> int:
    at = told.index("review.assigned", reviewer=story.id("rudi"))
    told.drop(at)
    return at


def score_without_a_declaration(story: Story, told: Told) -> int:
    told.drop(told.index("review.no_conflict_declared"))
    return told.index("nomination.file_opened")


def score_without_a_look_at_the_file(story: Story, told: Told) -> int:
    told.drop(told.index("nomination.file_opened"))
    return told.index("review.submitted")


def declaration_under_another_policy(story: Story, told: Told) -> int:
    told.data(at := told.index("review.no_conflict_declared"))["policy"] = "0" * 64
    return at


def score_on_an_own_nomination(story: Story, told: Told) -> int:
    """The endorser of Irina turns out to be who reviews her: a link that nothing follows from."""
    endorser = told.data(told.index("nomination.endorsed"))["endorser"]
    link: dict[str, Any] = {"participants": sorted([endorser, story.id("rosa")]), "code": "same"}
    told.insert(told.index("review.assigned"), told.index("edition.reviewing_opened"), **link)
    told.lines[at := told.index("edition.reviewing_opened", number=1)]["type"] = "edition.participants_linked.v1"
    return at + 1


def nominator_on_the_panel(story: Story, told: Told) -> int:
    appointed = told.index("edition.panel_member_appointed", participant=story.id("chair"))
    return told.insert(told.index("edition.reviewing_opened"), appointed, participant=story.id("nadia"), seat="chair")


def secretariat_on_the_panel(story: Story, told: Told) -> int:
    secretary = told.data(told.index("edition.planned"))["actor"]["id"]
    appointed = told.index("edition.panel_member_appointed")
    told.data(appointed)["participant"] = secretary
    return appointed


def auditor_who_nominates(story: Story, told: Told) -> int:
    entered = told.index("edition.role_entered", participant=story.id("ada"))
    return told.insert(told.index("edition.reviewing_opened"), entered, participant=story.id("nadia"))


def role_taken_by_oneself(story: Story, told: Told) -> int:
    entered = told.index("edition.role_entered", participant=story.id("nadia"))
    told.data(entered)["participant"] = told.data(told.index("edition.planned"))["actor"]["id"]
    return entered


def recusal_removed(story: Story, told: Told) -> int:
    told.drop(told.index("review.recused"))
    return told.index("decision.proposed")


def recusal_of_the_winner_s_reviewer(story: Story, told: Told) -> int:
    """It came after the approval, but now stands before the count."""
    stream = told.lines[told.index("review.submitted")]["id"].partition("/")[0]
    told.insert(told.index("edition.reviewing_closed"), told.index("review.recused"), stream)
    return told.index("decision.proposed")


def own_recusal_lifted(story: Story, told: Told) -> int:
    actor = {"kind": "participant", "id": story.id("deputy"), "role": "deputy"}
    at = told.insert(told.index("edition.reviewing_closed"), told.index("review.recused"), actor=actor)
    told.lines[at]["type"] = "review.reinstated.v1"
    return at


def finished_review_voided(story: Story, told: Told) -> int:
    at = told.insert(told.index("edition.reviewing_closed"), told.index("review.revised"), code="away")
    told.lines[at]["type"] = "review.voided.v1"
    told.data(at)["actor"] = told.data(told.index("edition.reviewing_opened"))["actor"]
    return at


def submitted_after_the_close(story: Story, told: Told) -> int:
    at, after = told.index("nomination.submitted", number=2), told.index("edition.reviewing_opened")
    return told.insert(after + 1, at, "0" * 8 + "-0000-4000-8000-" + "0" * 12)


def submitted_after_the_deadline(story: Story, told: Told) -> int:
    at = told.index("nomination.submitted", number=2)
    told.data(at)["time"] = told.lines[at]["time"] = f"{CLOSES:%Y-%m-%dT%H:%M:%S.%fZ}"
    return at


def submitted_under_another_name(story: Story, told: Told) -> int:
    told.data(at := told.index("nomination.submitted"))["nominator"] = story.id("rosa")
    return at


def accepted_by_somebody_else(story: Story, told: Told) -> int:
    told.data(at := told.index("nomination.accepted"))["actor"]["id"] = story.id("rosa")
    return at


def ruled_twice(story: Story, told: Told) -> int:
    ruled = told.index("nomination.ruled_eligible")
    told.lines[at := told.insert(ruled + 1, ruled)]["type"] = "nomination.ruled_ineligible.v1"
    return at


def ineligible_without_a_word(story: Story, told: Told) -> int:
    """The ruling of the winner's rival is written anew, after all was reviewed."""
    told.drop(told.index("nomination.ruled_eligible", number=1))
    return told.index("review.assigned", nomination=story.olga)


def appeal_decided_by_who_appealed(story: Story, told: Told) -> int:
    told.data(told.index("nomination.ruling_appealed"))["actor"]["on_behalf_of"] = story.id("nadia")
    told.data(at := told.index("nomination.appeal_decided"))["actor"]["id"] = story.id("nadia")
    return at


def second_vote_counted(story: Story, told: Told) -> int:
    """A voter votes once more, otherwise, and the count of the ballot is left."""
    at = told.insert(told.index("decision.ballot_closed"), told.index("decision.vote_cast"))
    told.data(at)["ranking"] = [["no"]]
    return told.index("decision.ballot_closed")


def vote_after_the_close(story: Story, told: Told) -> int:
    return told.insert(told.index("decision.ballot_closed") + 1, told.index("decision.vote_cast"))


def vote_by_who_has_none(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.vote_cast"))["voter"] = story.id("nadia")
    return at


def voter_left_out_of_the_ballot(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.ballot_opened"))["voters"].pop()
    return at


def result_of_a_secret_ballot_changed(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.ballot_closed", number=1))["result"]["order"].reverse()
    return at


def winner_swapped(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.proposed"))["winners"] = [story.olga]
    return at


def winner_swapped_with_the_count(story: Story, told: Told) -> int:
    data = told.data(at := told.index("decision.proposed"))
    data["winners"], data["computed"]["winners"] = [story.olga], [story.olga]
    data["runners_up"], data["computed"]["runners_up"] = [story.irina], [story.irina]
    return at


def override_without_a_departure(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.proposed"))["override"] = {"code": "as-we-like"}
    return at


def winner_who_is_not_eligible(story: Story, told: Told) -> int:
    data = told.data(at := told.index("decision.proposed"))
    data["winners"], data["override"] = [story.vera], {"code": "as-we-like"}
    return at


def withheld_without_a_code(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.proposed")).update(outcome="withheld", winners=[], runners_up=[])
    return at


def digest_of_other_inputs(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.proposed", number=1))["inputs"]["sha256"] = "0" * 64
    return at


def parameters_of_other_rules(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.proposed"))["method"]["parameters"]["minimum_reviews"] = 2
    return at


def proposed_while_reviewing_is_open(story: Story, told: Told) -> int:
    told.drop(told.index("edition.reviewing_closed"))
    return told.index("decision.proposed")


def proposed_by_a_reviewer(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.proposed"))["actor"] = {
        "kind": "participant",
        "id": story.id("rosa"),
        "role": "chair",
    }
    return at


def proposed_by_the_recused_deputy(story: Story, told: Told) -> int:
    told.data(at := told.index("decision.proposed"))["actor"].update(id=story.id("deputy"), role="deputy")
    return at


def approved_by_the_proposer(story: Story, told: Told) -> int:
    entered = told.index("edition.role_entered", participant=story.id("abel"))
    told.insert(told.index("decision.approved"), entered, participant=story.id("chair"))
    told.data(at := told.index("decision.approved"))["actor"]["id"] = story.id("chair")
    return at


def approved_by_the_proposer_under_another_id(story: Story, told: Told) -> int:
    link: dict[str, Any] = {"participants": sorted([story.id("abel"), story.id("chair")]), "code": "same"}
    at = told.insert(told.index("decision.approved"), told.index("edition.reviewing_closed"), **link)
    told.lines[at]["type"] = "edition.participants_linked.v1"
    return told.index("decision.approved")


def announced_without_approval(story: Story, told: Told) -> int:
    told.drop(told.index("decision.approved"))
    return told.index("decision.announced")


def others_announced(story: Story, told: Told) -> int:
    data = told.data(at := told.index("decision.announced"))
    data["winners"][0]["nomination"], data["runners_up"][0]["nomination"] = story.olga, story.irina
    return at


def conferred_before_the_embargo_ends(story: Story, told: Told) -> int:
    told.data(told.index("decision.announced"))["embargo"] = "2026-07-01T00:00:00.000000Z"
    return told.index("decision.conferred")


def revoked_by_one_person(story: Story, told: Told) -> int:
    told.drop(told.index("decision.revocation_proposed"))
    return told.index("decision.revoked")


def call_never_opened(story: Story, told: Told) -> int:
    told.drop(told.index("edition.call_opened"))
    return told.index("nomination.submitted")


def act_of_nobody(story: Story, told: Told) -> int:
    del told.data(at := told.index("nomination.withdrawn"))["actor"]
    return at


def line_of_no_form(story: Story, told: Told) -> int:
    told.data(at := told.index("review.submitted"))["scores"] = None
    return at


FOUND: list[Tamper] = [
    made
    for made in list(globals().values())
    if callable(made) and getattr(made, "__annotations__", {}).get("told") == "Told"
]


@pytest.mark.parametrize("tamper", FOUND, ids=lambda tamper: tamper.__name__)
def test_what_does_not_follow_is_found_where_it_stands(played: tuple[Story, Told], tamper: Tamper) -> None:
    story, told = played[0], played[1].forged()
    at = tamper(story, told)
    found = told.found()
    assert found, "nothing was found"
    assert (found[0][0], found[0][1]) == (DOES_NOT_FOLLOW, at), found


LAST_OF_ITS_KIND = {"decision.dissent_recorded.v1", "decision.conferred.v1", "decision.revoked.v1"}
"""What nothing in the story rests on: that it was taken out, only the tree or a known head tells."""


def test_no_line_can_be_taken_out_that_another_rests_on_and_none_comes_twice(played: tuple[Story, Told]) -> None:
    told = played[1]
    mine = [index for index, line in enumerate(told.lines) if line["data"].get("edition") == told.edition]
    unseen = set()
    for index in mine:
        (without := told.forged()).drop(index)
        (twice := told.forged()).insert(index + 1, index)
        unseen |= {told.lines[index]["type"]} if not without.found() else set()
        assert twice.found(), told.lines[index]["type"]
    assert unseen == LAST_OF_ITS_KIND


def test_whatever_a_line_lacks_or_holds_the_verifier_goes_on(played: tuple[Story, Told]) -> None:
    told = played[1]
    names = {name for line in told.lines for name in line["data"]} - {"edition", "award", "of_award"}
    for name in sorted(names):
        for odd in (None, 7, "odd", ["odd"], {"odd": "odd"}):
            forged = told.forged()
            for line in forged.lines:
                if line["data"].get("edition") == told.edition and name in line["data"]:
                    line["data"][name] = odd
            assert all(
                verdict in (UNKNOWN_METHOD, DOES_NOT_FOLLOW, NOT_RECOUNTABLE) for verdict, _, _ in forged.found()
            )


# --- what it cannot tell, and says so


def test_a_method_version_or_rung_it_does_not_know_is_no_verdict_on_the_decision(played: tuple[Story, Told]) -> None:
    for change in ({"method": {"name": "weighted-rubric-mean", "version": 2}}, {"ties": ["coin", "joint-winners"]}):
        told = played[1].forged()
        told.data(told.index("edition.planned"))["rules"]["stages"][0] |= change
        assert told.found()[0][:2] == (UNKNOWN_METHOD, told.index("decision.proposed"))
    told = played[1].forged()
    told.data(at := told.index("decision.proposed"))["method"]["version"] = 2
    assert told.found()[0][:2] == (UNKNOWN_METHOD, at)


@pytest.mark.parametrize("change", [{"jurors": 2}, {"consent": "by-silence"}])
def test_rules_it_does_not_know_are_told(played: tuple[Story, Told], change: dict[str, Any]) -> None:
    told = played[1].forged()
    told.data(at := told.index("edition.planned"))["rules"] |= change
    assert told.found()[0][:2] == (UNKNOWN_METHOD, at)


def test_a_topic_it_does_not_know_is_told(played: tuple[Story, Told]) -> None:
    told = played[1].forged()
    told.lines[at := told.index("edition.reviewing_closed")]["type"] = "edition.reviewing_paused.v1"
    words = "this program does not know edition.reviewing_paused"
    assert told.found()[0] == (UNKNOWN_METHOD, at, words)
    assert told.found(whole=False)[0] == (UNKNOWN_METHOD, at, words)


def test_a_secret_ballot_is_not_counted_again_unless_its_choices_are_opened(played: tuple[Story, Told]) -> None:
    told = played[1].forged()
    told.opened = {}
    words = "decision.ballot_closed: the choices of a secret ballot are not opened, so they cannot be counted again"
    assert told.found() == [(NOT_RECOUNTABLE, told.index("decision.ballot_closed", number=1), words)]


def test_where_single_lines_are_shown_no_decision_is_counted_again(played: tuple[Story, Told]) -> None:
    told = played[1].forged()
    shown = ("edition.planned.v1", "decision.announced.v1", "decision.conferred.v1", "decision.revoked.v1")
    for line in told.lines:
        if line["type"] not in shown:
            line["data"] = {"actor": {}}
    assert [one[:2] for one in told.found(whole=False)] == [(NOT_RECOUNTABLE, told.index("decision.announced"))]


# --- the lot, the roots, erasure


def other_seed(told: Told) -> None:
    told.data(told.index("decision.proposed"))["seed"] = "0" * 64


def other_seed_and_its_commitment(told: Told) -> None:
    """The commitment is bent to a seed that draws the other one; whom it draws is not."""
    data = told.data(told.index("decision.proposed"))
    [winner] = data["winners"]
    seeds = (f"{number:064x}" for number in range(1_000))
    cases = [told.lines[told.index("nomination.submitted", number)]["id"].partition("/")[0] for number in (0, 1)]
    data["seed"] = next(seed for seed in seeds if first_drawn(seed, cases) != winner)
    stage = told.data(told.index("edition.planned"))["rules"]["stages"][0]
    stage["lot"] = data["method"]["parameters"]["lot"] = hashlib.sha256(data["seed"].encode()).hexdigest()


def first_drawn(seed: str, cases: list[str]) -> str:
    return min(cases, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest())


def run_off_turned(told: Told) -> None:
    """The run-off, which left the tie, is told to have settled it."""
    result = told.data(told.index("decision.ballot_closed"))["result"]
    result["order"] = [[one] for group in result["order"] for one in group]


@pytest.mark.parametrize(
    ("tamper", "topic"),
    [
        (other_seed, "decision.proposed"),
        (other_seed_and_its_commitment, "decision.proposed"),
        (run_off_turned, "decision.ballot_closed"),
    ],
)
def test_a_tie_is_settled_by_the_votes_and_the_seed_there_are(
    drawn: Told, tamper: Callable[[Told], None], topic: str
) -> None:
    tamper(told := drawn.forged())
    assert told.found()[0][:2] == (DOES_NOT_FOLLOW, told.index(topic))


def test_what_an_erasure_names_is_lawfully_gone(played: tuple[Story, Told]) -> None:
    story, told = played[0], played[1].forged()
    erased: dict[str, Any] = {"participant": story.id("rudi"), "classes": ["case"], "basis": "gdpr-17-1-b"}
    erased["actor"] = {"kind": "system", "role": "erasure"}
    at = told.insert(told.index("decision.revoked") + 1, told.index("edition.reviewing_closed"), **erased)
    told.lines[at]["type"] = "edition.participant_erased.v1"
    history = History(told.edition)
    events = history_of(told.lines, told.edition, told.opened)
    assert [finding for event in events for finding in history.take(event)] == []
    assert not history.erased(story.id("rudi"), "case")
    assert list(history.end()) == []
    asked = [(story.id("rudi"), "case"), (story.id("rudi"), "public"), (story.id("rosa"), "case")]
    assert [history.erased(*one) for one in asked] == [True, False, False]
    told.data(at)["actor"] = {"kind": "participant", "id": story.id("rosa"), "role": "reviewer"}
    assert [one[:2] for one in told.found()] == [(DOES_NOT_FOLLOW, at)]
