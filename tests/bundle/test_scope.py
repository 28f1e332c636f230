"""What is shown and what is opened, by what happened before: events in, shown or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from awards.bundle.scope import AFTER_EMBARGO, AUDITOR, PUBLIC, RESULT, Standing, references

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOON, BEFORE = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
ONE, TWO = "decision of one", "decision of two"
SEED = {"sd": "seed", "of": ["lot"], "class": "ballot"}
DELIBERATION = {"nomination.submitted", "review.submitted", "edition.role_entered", "decision.proposed"}
DELIBERATION |= {"decision.vote_cast", "decision.dissent_recorded", "decision.approved", "decision.revocation_proposed"}

Happened = tuple[str, str, dict[str, Any]]


def planned(publish: str, *categories: str) -> Happened:
    rules = {"publish": publish, "categories": [{"id": one} for one in categories or ("one",)]}
    return ("edition", "edition.planned", {"rules": rules, "seeds": {"panel": SEED}})


def decided(what: str, category: str = "one", **data: Any) -> Happened:
    return (ONE if category == "one" else TWO, f"decision.{what}", {"category": category, **data})


def written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def after(*happened: Happened, profile: str = PUBLIC, at: datetime = NOW) -> Standing:
    standing = Standing(profile, at)
    for event in happened:
        standing.take(*event)
    return standing


def shown(standing: Standing, stream: str = ONE) -> set[str]:
    every = {"award.established", *RESULT, *AFTER_EMBARGO, *DELIBERATION}
    return {topic for topic in every if standing.shows(stream, topic)}


ALL = {*RESULT, *AFTER_EMBARGO, *DELIBERATION}
UNDER = decided("announced", embargo=written(SOON))
OVER = decided("announced", embargo=written(BEFORE))


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        pytest.param([planned("nothing"), OVER], set(), id="rules that publish nothing"),
        pytest.param([planned("result"), decided("proposed")], RESULT, id="nothing announced"),
        pytest.param([planned("result"), UNDER], RESULT, id="an embargo that holds"),
        pytest.param([planned("result"), OVER], RESULT | AFTER_EMBARGO, id="an embargo that is over"),
        pytest.param([planned("result"), decided("announced")], RESULT | AFTER_EMBARGO, id="no embargo"),
        pytest.param([planned("scores"), decided("approved")], RESULT, id="scores, and decided only"),
        pytest.param([planned("scores"), UNDER], RESULT, id="scores under an embargo"),
        pytest.param([planned("scores"), OVER], ALL, id="scores, and all public"),
        pytest.param([planned("scores"), decided("withheld")], ALL, id="scores, and withheld"),
        pytest.param([planned("scores"), decided("withheld"), decided("reopened")], RESULT, id="reopened since"),
        pytest.param([planned("scores"), OVER, decided("revoked")], ALL, id="revoked since"),
        pytest.param([planned("scores"), UNDER, decided("revoked")], RESULT, id="revoked under the embargo"),
        pytest.param([planned("scores", "one", "two"), OVER], RESULT | AFTER_EMBARGO, id="one category of two"),
        pytest.param([planned("scores", "one", "two"), OVER, decided("withheld", "two")], ALL, id="both categories"),
        pytest.param(
            [("edition", "edition.recorded", {}), decided("honour_recorded")], RESULT | AFTER_EMBARGO, id="from sources"
        ),
        pytest.param(
            [planned("result"), OVER, decided("embargo_changed", embargo=written(SOON))], RESULT, id="a longer embargo"
        ),
    ],
)
def test_the_public_is_shown_what_the_rules_publish(happened: list[Happened], told: set[str]) -> None:
    assert shown(after(*happened)) == told


def test_the_embargo_of_one_category_is_not_that_of_another() -> None:
    standing = after(planned("result", "one", "two"), UNDER, decided("announced", "two"))
    assert (shown(standing, ONE), shown(standing, TWO)) == (set(RESULT), {*RESULT, *AFTER_EMBARGO})


def test_the_moment_an_embargo_ends_is_public() -> None:
    assert [shown(after(planned("scores"), UNDER, at=at)) == ALL for at in (SOON - timedelta(seconds=1), SOON)] == [
        False,
        True,
    ]


def test_an_auditor_is_shown_everything_of_the_edition_and_its_award() -> None:
    assert shown(after(planned("nothing"), profile=AUDITOR)) == ALL | {"award.established"}


CHOICE = {"sd": "choice", "of": ["ballot"], "class": "ballot"}
TEXT = {"sd": "text", "of": ["somebody"], "class": "case"}


@pytest.mark.parametrize(
    ("happened", "due"),
    [
        ([], {"text"}),
        ([decided("ballot_closed", ballot="another")], {"text"}),
        ([decided("ballot_closed", ballot="ballot")], {"text", "choice"}),
        ([decided("proposed", stage="panel")], {"text"}),
        ([decided("proposed", stage="other", seed="ab")], {"text"}),
        ([decided("proposed", stage="panel", seed="ab")], {"text", "seed"}),
        ([decided("proposed", stage="panel", seed="ab"), decided("returned")], {"text", "seed"}),
    ],
)
def test_a_secret_is_opened_when_it_is_due(happened: list[Happened], due: set[str]) -> None:
    standing = after(planned("scores"), *happened, profile=AUDITOR)
    assert {one["sd"] for one in (SEED, CHOICE, TEXT) if standing.due(one)} == due


def test_to_the_public_nothing_is_opened() -> None:
    standing = after(planned("scores"), decided("ballot_closed", ballot="ballot"), OVER)
    assert [one["sd"] for one in (SEED, CHOICE, TEXT) if standing.due(one)] == []


def test_references_come_in_the_order_of_the_line() -> None:
    def sealed(name: str) -> dict[str, Any]:
        return {"sd": name, "of": [], "class": "case"}

    data = {
        "text": sealed("d"),
        "nominee": {"members": [{"name": sealed("b")}, {"name": sealed("c")}], "a": sealed("a")},
    }
    assert [one["sd"] for one in references(data)] == ["a", "b", "c", "d"]
