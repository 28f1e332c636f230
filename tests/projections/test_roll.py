"""The roll of honour: what the public sees of decisions, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from awards.domain.decision import Decision
from awards.domain.values import instant
from awards.projections import roll
from awards.projections.catch_up import Projector
from awards.projections.tables import View
from tests.projections.histories import CONFERRAL, RULES, History

Public = Callable[..., list[View]]


def announced(history: History, **attributes: Any) -> Decision:
    """A decision announced at once, with one winner."""
    edition = history.open_edition(history.award())
    case = history.eligible(edition)
    decision = history.approved(edition, [case])
    decision.announce(history.act(), [history.published(case, **attributes)], [])
    history.record(decision)
    return decision


def names(views: list[View]) -> list[str]:
    return [view["name"] for view in views]


def test_a_winner_shows_what_was_sealed_for_publication(history: History, public: Public) -> None:
    decision = announced(history, name="Ada Lovelace", rank="Major", country="GB", mission="UNMISS")
    (winner,) = public()
    (participant,) = decision.winners
    assert participant not in str(winner)
    assert winner == {
        "id": winner["id"],
        "award": "advocate",
        "award_name": {"en": "Advocate"},
        "edition": "2026",
        "edition_id": decision.edition,
        "year": 2026,
        "category": "main",
        "placing": "winner",
        "kind": "person",
        "name": "Ada Lovelace",
        "rank": "Major",
        "country": "GB",
        "mission": "UNMISS",
        "citation": {"en": "For being first.", "fr": "Pour avoir été la première."},
        "corrections": [],
        "revoked": False,
        "announced": instant(history.now),
        "updated": instant(history.now),
        "public_from": instant(history.now),
    }


def test_a_winner_is_found_by_the_public_id(history: History, projector: Projector, public: Public) -> None:
    announced(history)
    (winner,) = public()
    with projector.reading() as rows:
        assert roll.find(rows, winner["id"], history.now) == winner
        assert roll.find(rows, winner["id"], history.now - timedelta(seconds=1)) is None
        assert roll.find(rows, "no such id", history.now) is None


def test_nothing_is_public_before_the_announcement(history: History, public: Public) -> None:
    edition = history.open_edition(history.award())
    history.approved(edition, [history.eligible(edition)])
    assert public(timedelta(days=1), placing=None) == []


def test_nobody_sees_a_winner_before_the_embargo_ends(history: History, projector: Projector, public: Public) -> None:
    edition = history.open_edition(history.award())
    case = history.eligible(edition)
    decision = history.approved(edition, [case])
    ends = history.now + timedelta(days=2)
    decision.announce(history.act(), [history.published(case)], [], ends)
    history.record(decision)
    with projector.reading() as rows:
        assert roll.find_all(rows, ends - timedelta(microseconds=1), placing=None).items == []
        assert roll.next_change(rows, history.now) == ends
        (winner,) = roll.find_all(rows, ends).items
        assert winner["announced"] == winner["updated"] == instant(ends)
        assert roll.next_change(rows, ends) is None


def test_joint_winners_and_runners_up(history: History, public: Public) -> None:
    edition = history.open_edition(history.award())
    first, second, third = (history.eligible(edition) for _ in range(3))
    decision = history.approved(edition, [first, second])
    winners = [history.published(first, name="Zoë"), history.published(second, name="Ada")]
    decision.announce(history.act(), winners, [history.published(third, name="Next")])
    history.record(decision)
    assert names(public()) == ["Ada", "Zoë"]
    assert names(public(placing="runner_up")) == ["Next"]
    assert [(view["name"], view["placing"]) for view in public(placing=None)] == [
        ("Ada", "winner"),
        ("Next", "runner_up"),
        ("Zoë", "winner"),
    ]


def test_runners_up_are_not_named_where_the_rules_publish_nothing(history: History, public: Public) -> None:
    edition = history.open_edition(history.award(), rules={**RULES, "publish": "nothing"})
    first, second = history.eligible(edition), history.eligible(edition)
    decision = history.approved(edition, [first])
    decision.announce(history.act(), [history.published(first, name="Ada")], [history.published(second)])
    history.record(decision)
    assert names(public(placing=None)) == ["Ada"]


def test_a_correction_updates_the_entry(history: History, public: Public) -> None:
    decision = announced(history, rank="Major")
    (who,) = decision.winners
    at = history.act()
    decision.correct(at, {"field": "rank", "standing": "Major", "rival": "Captain", "sources": [], "winner": who})
    history.record(decision)
    (winner,) = public()
    assert (winner["updated"], winner["updated"] > winner["announced"]) == (instant(at.at), True)


def test_the_conferral_is_shown_with_those_who_gave_the_award(history: History, public: Public) -> None:
    decision = announced(history)
    presenters = [
        {"participant": who, "name": history.seal("name", name, who, cls="public")}
        for who, name in ((history.keys.mint(), "António Guterres"), (history.keys.mint(), "A second"))
    ]
    decision.confer(history.act(), {**CONFERRAL, "presented_by": presenters, "date_certainty": "announced"})
    history.record(decision)
    (winner,) = public()
    assert winner["conferral"] == {
        **CONFERRAL,
        "presented_by": ["António Guterres", "A second"],
        "date_certainty": "announced",
    }


def test_a_conferral_shows_only_with_its_winners(history: History, public: Public) -> None:
    edition = history.open_edition(history.award())
    cases = [history.eligible(edition), history.eligible(edition)]
    decision = history.approved(edition, cases)
    winners = [history.published(case, name=name) for case, name in zip(cases, ("Ada", "Zoë"), strict=True)]
    decision.announce(history.act(), winners, [])
    decision.confer(history.act(), CONFERRAL, [cases[0].nominee["participant"]])
    history.record(decision)
    assert ["conferral" in view for view in public()] == [True, False]


def test_what_a_correction_says_stands_is_shown_and_both_are_told(history: History, public: Public) -> None:
    decision = announced(history, name="Ada", rank="Captain")
    (who,) = decision.winners
    said = {
        name: history.seal("rank", value, who, cls="public")
        for name, value in (("standing", "Major"), ("rival", "Captain"))
    }
    reading = history.seal("reading", "Promoted in between.", who, cls="public")
    decision.correct(
        history.act(), {"field": "rank", "sources": ["press-2016"], "winner": who, "reading": reading, **said}
    )
    history.record(decision)
    (winner,) = public()
    assert winner["rank"] == "Major"
    assert winner["corrections"] == [
        {
            "field": "rank",
            "standing": "Major",
            "rival": "Captain",
            "sources": ["press-2016"],
            "reading": "Promoted in between.",
        }
    ]


def test_corrections_of_the_year_and_of_the_conferral(history: History, public: Public) -> None:
    decision = announced(history)
    decision.confer(history.act(), CONFERRAL)
    for field, standing, rival in (
        ("year", 2025, 2026),
        ("conferral.date", "2026-05-30", "2026-05-29"),
        ("unheard_of", "a", "b"),
    ):
        decision.correct(history.act(), {"field": field, "standing": standing, "rival": rival, "sources": ["press"]})
    history.record(decision)
    (winner,) = public(year=2025)
    assert (winner["year"], winner["conferral"]["date"]) == (2025, "2026-05-30")
    assert [correction["field"] for correction in winner["corrections"]] == ["year", "conferral.date", "unheard_of"]
    assert "unheard_of" not in winner
    assert public(year=2026) == []


def test_a_correction_without_a_winner_concerns_all_winners_and_no_other(history: History, public: Public) -> None:
    edition = history.open_edition(history.award())
    cases = [history.eligible(edition) for _ in range(3)]
    decision = history.approved(edition, cases[:2])
    named = [history.published(case, name=name) for case, name in zip(cases, ("Ada", "Zoë", "Next"), strict=True)]
    decision.announce(history.act(), named[:2], named[2:])
    decision.correct(history.act(), {"field": "year", "standing": 2025, "rival": 2026, "sources": ["press"]})
    history.record(decision)
    assert {view["name"]: view["year"] for view in public(placing=None)} == {"Ada": 2025, "Zoë": 2025, "Next": 2026}


def test_what_was_not_sealed_for_publication_never_reaches_the_roll(history: History, public: Public) -> None:
    decision = announced(history, name="Ada")
    (who,) = decision.winners
    secret = {name: history.seal("rank", "Secret", who, cls="case") for name in ("standing", "rival", "reading")}
    decision.correct(history.act(), {"field": "rank", "sources": ["file"], "winner": who, **secret})
    decision.propose_revocation(history.act("p-one"), who, "fraud", history.seal("text", "Secret", who, cls="case"))
    history.record(decision)
    (winner,) = public()
    assert "Secret" not in str(winner)
    assert "sd" not in str(winner)
    assert "rank" not in winner


def test_a_revoked_award_stays_on_the_roll_marked(history: History, public: Public) -> None:
    decision = announced(history)
    (who,) = decision.winners
    decision.propose_revocation(history.act("p-one"), who, "fraud")
    history.record(decision)
    assert [view["revoked"] for view in public()] == [False]
    decision.revoke(history.act("p-two"), who)
    history.record(decision)
    assert [view["revoked"] for view in public()] == [True]


def test_a_past_winner_shows_the_sources(history: History, public: Public) -> None:
    award = history.award()
    history.honour(history.past_edition(award, "2016"), name="Issaka", country="NE", mission="MINUSMA")
    (winner,) = public()
    assert (winner["year"], winner["name"]) == (2016, "Issaka")
    assert [source["key"] for source in winner["sources"]] == ["press-2016"]


def test_the_award_shows_by_its_present_name(history: History, public: Public) -> None:
    award = history.award()
    history.honour(history.past_edition(award, "2016"))
    award.revise(history.act(), {"en": "Another name"}, {"en": "Body"})
    history.record(award)
    assert [view["award_name"] for view in public()] == [{"en": "Another name"}]


def test_a_winner_erased_before_a_rebuild_shows_as_erased(
    history: History, projector: Projector, public: Public
) -> None:
    decision = announced(history, name="Ada", country="GB")
    (who,) = decision.winners
    history.keys.erase(who, ["public"], history.now)
    projector.rebuild()
    (winner,) = public()
    assert (winner["name"], winner["country"], winner["citation"]) == ("erased", "erased", "erased")
