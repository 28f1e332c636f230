"""The public roll: its order, its pages, what is found in it, and how long a copy of it is good."""

from __future__ import annotations

from typing import Any

from awards.projections import roll
from awards.projections.catch_up import Projector
from awards.projections.tables import View
from tests.projections.histories import CONFERRAL, History
from tests.projections.test_roll import Public, names

SEARCHES: list[tuple[dict[str, Any], list[str]]] = [
    ({"award": "advocate"}, ["Suman Gawani", "Marcia Braga"]),
    ({"award": "other"}, ["100%_sure\\"]),
    ({"award": "none"}, []),
    ({"year": 2019}, ["Suman Gawani"]),
    ({"country": "BR"}, ["Marcia Braga"]),
    ({"country": "br"}, []),
    ({"text": "gAWAni"}, ["Suman Gawani"]),
    ({"text": "MINUSCA"}, ["Marcia Braga"]),
    ({"text": "première"}, ["Suman Gawani", "Marcia Braga"]),
    ({"text": "PREMIÈRE"}, ["Suman Gawani", "Marcia Braga"]),
    ({"text": "premiere"}, ["Suman Gawani", "Marcia Braga"]),
    ({"text": "gawáni"}, ["Suman Gawani"]),
    ({"text": "premie\u0300re"}, ["Suman Gawani", "Marcia Braga"]),
    ({"text": "straße"}, ["100%_sure\\"]),
    ({"text": "STRASSE"}, ["100%_sure\\"]),
    ({"text": "peacekeepers' day"}, ["Suman Gawani"]),
    ({"text": "%"}, ["100%_sure\\"]),
    ({"text": "_"}, ["100%_sure\\"]),
    ({"text": "\\"}, ["100%_sure\\"]),
    ({"text": "/"}, []),
    ({"text": "0%_s"}, ["100%_sure\\"]),
    ({"text": "S_man"}, []),
    ({"text": "' OR 1=1 --"}, []),
    ({"text": "a\0b"}, []),
    ({"text": "Major"}, []),
    ({"text": ""}, ["Suman Gawani", "Marcia Braga", "100%_sure\\"]),
    ({"year": 2018, "country": "BR", "text": "braga", "award": "advocate"}, ["Marcia Braga"]),
    ({"year": 2018, "country": "IN"}, []),
]


def test_the_roll_begins_with_the_latest_and_pages_without_gaps(history: History, public: Public) -> None:
    award = history.award()
    for label, name in (("2016", "Issaka"), ("2019", "gawani"), ("XII", "Nobody knows"), ("2019 autumn", "Zed")):
        history.honour(history.past_edition(award, label), name=name)
    edition = history.past_edition(award, "2018")
    joint = history.honour(edition, name="Ábel")
    for name in ("Ada", "ada", "Braga"):
        joint.record_joint_honour(history.act(), history.winner(history.keys.mint(), name=name), [])
    history.record(joint)
    whole = public()
    assert [view.get("year") for view in whole] == [2019, 2019, 2018, 2018, 2018, 2018, 2016, None]
    assert names(whole)[:2] == ["Zed", "gawani"]
    assert names(whole)[2] == "Ábel"
    assert sorted(names(whole)[3:5]) == ["Ada", "ada"]
    assert names(whole)[5] == "Braga"


def test_pages_of_the_roll_make_up_the_whole(history: History, projector: Projector, public: Public) -> None:
    award = history.award()
    for year in range(2010, 2017):
        decision = history.honour(history.past_edition(award, str(year)), name=f"Name {year % 3}")
        decision.record_joint_honour(history.act(), history.winner(history.keys.mint(), name="Name 1"), [])
        history.record(decision)
    found: list[View] = []
    after = None
    with projector.reading() as rows:
        while True:
            page = roll.find_all(rows, history.now, after=after, limit=3)
            found += page.items
            if (after := page.after) is None:
                break
    assert found == public()
    assert len(found) == 14


def test_the_roll_is_searched(history: History, public: Public) -> None:
    award, other = history.award(), history.award("other")
    braga = {"name": "Marcia Braga", "rank": "Major", "country": "BR", "mission": "MINUSCA"}
    history.honour(history.past_edition(award, "2018"), **braga)
    gawani = history.honour(history.past_edition(award, "2019"), name="Suman Gawani", country="IN")
    gawani.confer(history.act(), CONFERRAL)
    history.record(gawani)
    history.honour(history.past_edition(other, "2010"), name="100%_sure\\", citation={"de": "Für die Straße."})
    for filters, expected in SEARCHES:
        assert (filters, names(public(**filters))) == (filters, expected)


def test_a_copy_of_the_roll_holds_until_an_event_changes_it(history: History, projector: Projector) -> None:
    def changed() -> int:
        with projector.reading() as rows:
            return rows.roll_changed

    award = history.award()
    assert changed() == 0
    decision = history.honour(history.past_edition(award, "2016"))
    since = changed()
    assert since == history.ledger.position()
    history.nomination(history.open_edition(award, "2026"))
    assert changed() == since
    for step in (
        lambda: decision.confer(history.act(), CONFERRAL),
        lambda: decision.correct(history.act(), {"field": "year", "standing": 1, "rival": 2, "sources": []}),
        lambda: award.revise(history.act(), {"en": "Another name"}, {"en": "Body"}),
    ):
        step()
        history.record(decision, award)
        assert changed() == history.ledger.position()
