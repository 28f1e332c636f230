"""Awards, and editions with the phase they are in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from awards.domain.edition import Edition
from awards.projections import awards, editions
from awards.projections.catch_up import Projector
from awards.projections.editions import year_of
from tests.projections.histories import RULES, STAGE, START, History

TWO_CATEGORIES = {**RULES, "categories": [{"id": name, "name": {"en": name}} for name in ("main", "young")]}
TWO_STAGES = {**RULES, "stages": [STAGE, {**STAGE, "id": "final"}]}


def phase(history: History, projector: Projector, edition: Edition, later: timedelta = timedelta()) -> str:
    with projector.reading() as rows:
        view = editions.find(rows, edition.key, history.now + later)
    assert view is not None
    return str(view["phase"])


def test_an_award_shows_what_was_last_said_of_it(history: History, projector: Projector) -> None:
    award = history.award("advocate", name={"en": "Old name"})
    award.revise(history.act(), {"en": "Name", "fr": "Nom"}, {"en": "Body"}, {"en": "Why"})
    award.discontinue(history.act())
    history.record(award)
    shown = {
        "id": award.key,
        "slug": "advocate",
        "name": {"en": "Name", "fr": "Nom"},
        "awarding_body": {"en": "Body"},
        "purpose": {"en": "Why"},
        "discontinued": True,
        "version": 3,
    }
    with projector.reading() as rows:
        assert awards.find(rows, award.key) == shown
        assert awards.find_by_slug(rows, "advocate") == shown
        assert awards.find(rows, "advocate") is None


def test_a_purpose_that_is_not_said_again_is_gone(history: History, projector: Projector) -> None:
    award = history.award()
    award.revise(history.act(), {"en": "Name"}, {"en": "Body"}, {"en": "Why"})
    award.revise(history.act(), {"en": "Name"}, {"en": "Body"})
    history.record(award)
    with projector.reading() as rows:
        view = awards.find(rows, award.key)
    assert view is not None
    assert "purpose" not in view


def test_awards_are_listed_by_slug_a_page_at_a_time(history: History, projector: Projector) -> None:
    for slug in ("b", "a-b", "é", "a", "c"):
        history.award(slug)
    found, after = [], None
    with projector.reading() as rows:
        while True:
            page = awards.find_all(rows, after=after, limit=2)
            found += [view["slug"] for view in page.items]
            if (after := page.after) is None:
                break
    assert found == ["a", "a-b", "b", "c", "é"]


def test_an_edition_shows_who_acts_in_it(history: History, projector: Projector) -> None:
    edition = history.edition(history.award())
    planner = edition.roles
    edition.enter(history.act(), "p-approver", "approver")
    edition.enter(history.act(), "p-gone", "auditor")
    edition.leave(history.act(), "p-gone", "auditor")
    edition.appoint(history.act(), "review", "p-chair", "chair")
    edition.appoint(history.act(), "review", "p-member", "member")
    edition.discharge(history.act(), "review", "p-member", "moved")
    history.record(edition)
    with projector.reading() as rows:
        view = editions.find(rows, edition.key, history.now)
    assert view is not None
    (secretary,) = [participant for participant, roles in planner.items() if "secretariat" in roles]
    assert view["roles"] == [
        {"participant": secretary, "role": "secretariat"},
        {"participant": "p-approver", "role": "approver"},
    ]
    assert view["panel"] == [{"stage": "review", "participant": "p-chair", "seat": "chair"}]
    assert (view["label"], view["origin"], view["rules"], view["version"]) == ("2026", "run", RULES, 7)
    assert (view["award_slug"], view["award_name"]) == ("advocate", {"en": "Advocate"})


def test_a_past_edition_shows_its_sources(history: History, projector: Projector) -> None:
    edition = history.past_edition(history.award(), "2016")
    with projector.reading() as rows:
        view = editions.find(rows, edition.key, history.now)
    assert view is not None
    assert view["sources"] == [{"key": "press-2016", "title": "The press"}]
    assert (view["origin"], view["phase"], "rules" in view) == ("sources", "recorded", False)


def test_the_deadline_passes_without_an_event(history: History, projector: Projector) -> None:
    edition = history.edition(history.award())
    assert phase(history, projector, edition) == "planned"
    edition.open_call(history.act(), history.now + timedelta(days=1), history.now + timedelta(days=2), "Europe/Vienna")
    history.record(edition)
    assert phase(history, projector, edition) == "call_announced"
    assert phase(history, projector, edition, timedelta(days=1)) == "call_open"
    assert phase(history, projector, edition, timedelta(days=2)) == "call_closed"
    edition.extend_call(history.act(), history.now + timedelta(days=9), "Europe/Vienna")
    history.record(edition)
    assert phase(history, projector, edition, timedelta(days=3)) == "call_open"
    history.now += timedelta(days=3)
    edition.close_call(history.act())
    history.record(edition)
    assert phase(history, projector, edition) == "call_closed"


def test_phases_from_reviewing_to_the_announcement(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    case = history.eligible(edition)
    edition.appoint(history.act(), "review", "p-chair", "chair")
    edition.close_call(history.act())
    edition.open_reviewing(history.act(), "review")
    history.record(edition)
    assert phase(history, projector, edition) == "reviewing"
    edition.close_reviewing(history.act(), "review")
    history.record(edition)
    assert phase(history, projector, edition) == "reviewed"
    decision = history.approved(edition, [case])
    assert phase(history, projector, edition) == "decided"
    decision.announce(history.act(), [history.published(case)], [])
    history.record(decision)
    assert phase(history, projector, edition) == "announced"


def test_reviewing_goes_on_until_the_last_stage_is_closed(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award(), rules=TWO_STAGES)
    for stage in ("review", "final"):
        edition.appoint(history.act(), stage, "p-chair", "chair")
    edition.close_call(history.act())
    edition.open_reviewing(history.act(), "review")
    edition.close_reviewing(history.act(), "review")
    history.record(edition)
    assert phase(history, projector, edition) == "reviewing"
    edition.open_reviewing(history.act(), "final")
    edition.close_reviewing(history.act(), "final")
    history.record(edition)
    assert phase(history, projector, edition) == "reviewed"


def test_an_edition_is_decided_when_each_category_is(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award(), rules=TWO_CATEGORIES)
    history.approved(edition, [history.eligible(edition)])
    assert phase(history, projector, edition) == "call_open"
    history.approved(edition, [history.eligible(edition, "young")], "young")
    assert phase(history, projector, edition) == "decided"


def test_a_cancelled_edition_ends_its_call(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    edition.cancel(history.act(), "no_budget")
    history.record(edition)
    with projector.reading() as rows:
        view = editions.find(rows, edition.key, history.now)
    assert view is not None
    assert (view["phase"], view["cancelled"], view["call"]["ended"]) == ("cancelled", True, True)


def test_editions_are_listed_the_latest_label_first_with_their_nominations_counted(
    history: History, projector: Projector
) -> None:
    first, second = history.award("a"), history.award("b")
    for label in ("2024", "2026", "2025"):
        history.open_edition(first, label)
    last = history.open_edition(second, "2026")
    history.nomination(last)
    history.nomination(last)
    with projector.reading() as rows:
        page = editions.find_all(rows, START, limit=3)
        rest = editions.find_all(rows, START, after=page.after, limit=3)
        own = editions.find_all(rows, START, award=second.key)
    told = [(view["award_slug"], view["label"], view["nominations"]) for view in [*page.items, *rest.items]]
    assert told == [("a", "2026", 0), ("a", "2025", 0), ("a", "2024", 0), ("b", "2026", 2)]
    assert (rest.after, [view["id"] for view in own.items]) == (None, [last.key])


@pytest.mark.parametrize(
    ("label", "year"),
    [("2026", 2026), ("Spring 2026", 2026), ("2025-2026", 2025), ("XII", None), ("20261", None), ("No. 17", None)],
)
def test_the_year_is_the_one_the_label_names(label: str, year: int | None) -> None:
    assert year_of(label) == year
