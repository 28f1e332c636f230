"""Whether the winner would change: worked out by hand on small cases, ties and several recusals included."""

from __future__ import annotations

from typing import Any

import pytest

from awards.domain import refusals as no
from tests.application.house import House
from tests.application.jury import Jury


@pytest.fixture
def jury(house: House) -> Jury:
    return Jury(house)


def score_all(jury: Jury, **given: tuple[int, int]) -> dict[str, str]:
    """Everybody named scores Irina and Olga; gives the reviews of Irina."""
    own = {}
    for who, (irina, olga) in given.items():
        own[who] = jury.scored(jury.irina, who, impact=irina, reach=irina)
        jury.scored(jury.olga, who, impact=olga, reach=olga)
    jury.close()
    return own


def outcomes(jury: Jury) -> list[dict[str, Any]]:
    """The winners of each ranking, as a text, for each recusal; and whether they differ."""
    found = jury.app.reading.conflicts(jury.by("secretary"), jury.edition)["conflicts"]
    names = {jury.irina: "I", jury.olga: "O"}
    return [
        {
            name: "".join(sorted(names[one] for one in told["winners"])) if isinstance(told, dict) else told
            for name, told in one["outcomes"][0].items()
            if name not in ("stage", "category")
        }
        for one in found
    ]


def test_recusals_that_change_the_winner_only_together_say_so(jury: Jury) -> None:
    own = score_all(jury, rosa=(5, 4), rudi=(5, 4), deputy=(1, 2), chair=(3, 3))
    jury.app.reviews.declare_conflict(jury.by("rosa"), own["rosa"], "family-tie")
    assert [one["winner_changes"] for one in outcomes(jury)] == [True]
    jury.app.reviews.declare_conflict(jury.by("rudi"), own["rudi"], "family-tie")
    told = {"counted": "O", "with_affected": "O", "with_all_affected": "I", "without_reviewer": "O"}
    assert outcomes(jury) == [told | {"winner_changes": True}] * 2


def test_a_tie_that_a_recusal_breaks_is_a_change(jury: Jury) -> None:
    own = score_all(jury, rosa=(5, 4), rudi=(3, 4))
    jury.app.reviews.declare_conflict(jury.by("rosa"), own["rosa"], "family-tie")
    told = {"counted": "O", "with_affected": "IO", "with_all_affected": "IO", "without_reviewer": "O"}
    assert outcomes(jury) == [told | {"winner_changes": True}]


def test_a_proposal_that_a_later_conflict_overtook_is_sent_back_not_approved(jury: Jury) -> None:
    own = score_all(jury, rosa=(5, 4), rudi=(3, 4), deputy=(4, 3))
    decision = jury.propose()
    jury.app.reviews.declare_conflict(jury.by("rosa"), own["rosa"], "family-tie")
    size = jury.size()
    with pytest.raises(no.ProposalOutdated):
        jury.app.decisions.approve(jury.by("abel"), decision)
    assert jury.size() == size
    jury.app.decisions.send_back(jury.by("abel"), decision, "conflict")
    assert jury.propose() == decision
    jury.app.decisions.approve(jury.by("abel"), decision)


def test_a_conflict_that_changes_nothing_lets_the_proposal_stand(jury: Jury) -> None:
    own = score_all(jury, rosa=(5, 1), rudi=(5, 1))
    decision = jury.propose()
    jury.app.reviews.declare_conflict(jury.by("rosa"), own["rosa"], "family-tie")
    jury.app.decisions.approve(jury.by("abel"), decision)
    assert jury.app.reading.decision(jury.by("ada"), decision)["phase"] == "approved"


def test_nothing_is_approved_that_somebody_barred_proposed(jury: Jury) -> None:
    own = score_all(jury, rosa=(5, 1), rudi=(5, 1), chair=(5, 1))
    decision = jury.propose("chair")
    jury.app.reviews.declare_conflict(jury.by("chair"), own["chair"], "family-tie")
    with pytest.raises(no.ProposalOutdated):
        jury.app.decisions.approve(jury.by("abel"), decision)
    jury.app.decisions.send_back(jury.by("abel"), decision, "conflict")
    jury.propose("deputy")
    jury.app.decisions.approve(jury.by("abel"), decision)
