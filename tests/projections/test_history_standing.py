"""The history, which tells no secrets, and the standing of a stage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from awards.domain import judging
from awards.domain.nomination import Nomination
from awards.domain.refusals import EditionFromSources, NotFound, UnknownCategory, UnknownStage
from awards.domain.values import instant
from awards.projections import history as history_model
from awards.projections import standing
from awards.projections.catch_up import Projector
from tests.projections.histories import RULES, STAGE, History

FINAL = {**STAGE, "id": "final"}
TWO_STAGES = {**RULES, "stages": [STAGE, FINAL]}


def test_an_item_tells_who_did_what_when(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    reviewer = history.keys.mint()
    review = history.review(history.eligible(edition), reviewer, (1, 5), comment="Between us.")
    with projector.reading() as rows:
        (scored,) = history_model.find_all(rows, stream=review.id, limit=1).items
        (assigned,) = history_model.find_all(rows, stream=review.id, newest_first=False, limit=1).items
    assert scored == {
        "position": history.ledger.position(),
        "time": instant(history.now),
        "edition": edition.key,
        "stream": review.key,
        "kind": "review",
        "type": "review.submitted",
        "version": 2,
        "actor": {"kind": "participant", "id": reviewer, "role": "reviewer"},
    }
    assert (assigned["type"], assigned["stage"], assigned["nomination"], assigned["reviewer"]) == (
        "review.assigned",
        "review",
        review.nomination,
        reviewer,
    )


def test_no_sealed_value_score_or_name_is_told(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    case = history.eligible(edition, name="Ada Lovelace")
    history.review(case, history.keys.mint(), (1, 5), comment="Between us.")
    decision = history.approved(edition, [case])
    decision.announce(history.act(), [history.published(case, name="Ada Lovelace")], [])
    (who,) = decision.winners
    rival = history.seal("rank", "Captain", who, cls="public")
    decision.correct(history.act(), {"field": "rank", "standing": rival, "rival": rival, "sources": ["press"]})
    decision.confer(history.act(), {"occasion": {"en": "Day"}, "date": "2026-05-29"})
    history.record(decision)
    with projector.reading() as rows:
        items = history_model.find_all(rows).items
    assert not any(word in str(items) for word in ("Lovelace", "Between", "Captain", "'sd'", "impact': 1", "scores"))
    conferred, corrected, announced = items[:3]
    assert (conferred["winners"], conferred["occasion"], conferred["date"]) == ([who], {"en": "Day"}, "2026-05-29")
    assert (corrected["field"], corrected["sources"], "rival" in corrected) == ("rank", ["press"], False)
    assert announced["winners"] == [who]


def test_the_history_of_an_edition_is_paged_both_ways(history: History, projector: Projector) -> None:
    award = history.award()
    edition, other = history.open_edition(award), history.open_edition(award, "2027")
    for _ in range(3):
        history.nomination(edition)
        history.nomination(other)
    for newest_first in (True, False):
        found: list[int] = []
        after = None
        with projector.reading() as rows:
            while True:
                page = history_model.find_all(
                    rows, edition=edition.key, newest_first=newest_first, after=after, limit=2
                )
                found += [item["position"] for item in page.items]
                assert all(item["edition"] == edition.key for item in page.items)
                if (after := page.after) is None:
                    break
        assert found == sorted(found, reverse=newest_first)
        assert len(found) == 5


def test_the_history_ends_where_the_read_began(history: History, projector: Projector) -> None:
    award = history.award()
    with projector.reading() as rows:
        history.award("later")
        (item,) = history_model.find_all(rows).items
    assert (item["award"], item["slug"], item["type"]) == (award.key, "advocate", "award.established")


# --- standing


@pytest.fixture
def count(history: History, projector: Projector) -> Callable[..., standing.Count]:
    def look(edition: Any, stage: str = "review", category: str = "main") -> standing.Count:
        with projector.reading() as rows:
            return standing.count(rows, edition.key, stage, category)

    return look


def test_the_standing_ranks_by_the_reviews_that_count(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    better, worse = history.eligible(edition), history.eligible(edition)
    history.review(better, history.keys.mint(), (5, 4))
    history.review(worse, history.keys.mint(), (2, 4))
    with projector.reading() as rows:
        view = standing.find(rows, edition.key, "review", "main")
    assert (view["size"], view["stage"], view["category"]) == (history.ledger.position(), "review", "main")
    assert [(entry["nomination"], entry["rank"], entry["total"]) for entry in view["ranking"]["entries"]] == [
        (better.key, 1, [19, 4]),
        (worse.key, 2, [5, 2]),
    ]


def test_each_nomination_and_review_is_counted_or_says_why_not(
    history: History, count: Callable[..., standing.Count]
) -> None:
    edition = history.open_edition(history.award())
    withdrawn, declined, unruled, ineligible = (history.nomination(edition) for _ in range(4))
    counted, unreviewed = history.eligible(edition), history.eligible(edition)
    withdrawn.withdraw(history.act())
    declined.decline(history.act(), "informed")
    ineligible.rule_ineligible(history.act(), "served", "too_short")
    made = {
        name: history.review(case, history.keys.mint(), scores)
        for name, case, scores in (
            ("counts", counted, (3, 3)),
            ("recused", counted, (1, 1)),
            ("declined", counted, None),
            ("waiting", counted, None),
            ("of_unruled", unruled, (5, 5)),
        )
    }
    made["recused"].recuse(history.act(), "colleague")
    made["declined"].decline(history.act(), "no_time")
    history.record(withdrawn, declined, ineligible, *made.values())
    found = count(edition)
    assert found.standings == {
        withdrawn.key: "withdrawn",
        declined.key: "nominee_declined",
        unruled.key: "not_ruled",
        ineligible.key: "ineligible",
        unreviewed.key: "too_few_reviews",
        counted.key: "counted",
        made["counts"].key: "counted",
        made["recused"].key: "recused",
        made["declined"].key: "reviewer_declined",
        made["waiting"].key: "not_submitted",
        made["of_unruled"].key: "nomination_left_out",
    }
    assert set(found.standings.values()) - {"counted"} <= set(judging.LEFT_OUT)
    assert [entry.nomination for entry in found.ranking.entries] == [counted.key]


def test_a_later_stage_counts_the_shortlisted(history: History, count: Callable[..., standing.Count]) -> None:
    edition = history.open_edition(history.award(), rules=TWO_STAGES)
    listed, left = history.eligible(edition), history.eligible(edition)
    for case in (listed, left):
        history.review(case, history.keys.mint(), (3, 3))
    edition.appoint(history.act(), "review", "p-chair", "chair")
    edition.close_call(history.act())
    edition.open_reviewing(history.act(), "review")
    edition.close_reviewing(history.act(), "review")
    history.record(edition)
    assert set(count(edition, "final").standings.values()) == {"not_shortlisted"}
    for choice in (left, listed):
        edition.shortlist(history.act(), "review", "main", [choice.key])
    history.record(edition)
    final = history.review(listed, history.keys.mint(), (4, 4), stage=FINAL)
    assert count(edition, "final").standings == {
        listed.key: "counted",
        left.key: "not_shortlisted",
        final.key: "counted",
    }
    assert len(count(edition, "review").ranking.entries) == 2


def test_a_count_is_kept_until_the_edition_moves(history: History, count: Callable[..., standing.Count]) -> None:
    award = history.award()
    edition, other = history.open_edition(award), history.open_edition(award, "2027")
    case: Nomination = history.eligible(edition)
    first = count(edition)
    history.eligible(other)
    assert count(edition) is first
    history.review(case, history.keys.mint(), (3, 3))
    assert [entry.nomination for entry in count(edition).ranking.entries] == [case.key]


def test_what_has_no_standing_is_refused(history: History, count: Callable[..., standing.Count]) -> None:
    award = history.award()
    edition = history.open_edition(award)
    with pytest.raises(EditionFromSources):
        count(history.past_edition(award, "2016"))
    with pytest.raises(UnknownStage):
        count(edition, "final")
    with pytest.raises(UnknownCategory):
        count(edition, category="young")
    with pytest.raises(NotFound):
        count(award)
