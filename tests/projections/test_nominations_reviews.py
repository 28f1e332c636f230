"""Nominations with their progress, and reviews."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import event

from awards.domain.nomination import Nomination
from awards.domain.values import instant
from awards.projections import nominations, reviews
from awards.projections.catch_up import Projector
from awards.projections.tables import View
from tests.projections.histories import STAGE, History


def shown(projector: Projector, nomination: Nomination) -> View:
    with projector.reading() as rows:
        view = nominations.find(rows, nomination.key)
    assert view is not None
    return view


def test_a_nomination_shows_what_was_said_opened(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    case = history.nomination(edition, name="Ada Lovelace", country="GB")
    assert shown(projector, case) == {
        "id": case.key,
        "edition": edition.key,
        "category": "main",
        "nominee": {
            "kind": "person",
            "participant": case.nominee["participant"],
            "name": "Ada Lovelace",
            "country": "GB",
        },
        "statement": "She was first.",
        "nominator": case.nominator,
        "submitted": instant(history.now),
        "endorsements": [],
        "withdrawn": False,
        "status": "submitted",
        "progress": {"assigned": 0, "submitted": 0, "ended": 0},
        "version": 1,
    }


def test_what_is_sealed_stays_sealed_in_the_rows(history: History, projector: Projector) -> None:
    case = history.nomination(history.open_edition(history.award()), name="Ada Lovelace")
    with projector.reading() as rows:
        (stored,) = rows.connection.execute(nominations.NOMINATIONS.select()).all()
    assert shown(projector, case)["nominee"]["name"] == "Ada Lovelace"
    assert not any("Lovelace" in str(value) or "first" in str(value) for value in stored)


def test_erased_values_show_as_erased(history: History, projector: Projector) -> None:
    case = history.nomination(history.open_edition(history.award()))
    person = case.nominee["participant"]
    case.endorse(history.act(), "p-e", history.seal("name", "E.", person), history.seal("statement", "Yes.", person))
    history.record(case)
    projector.catch_up()
    history.keys.erase(person, ["case"], history.now)
    view = shown(projector, case)
    assert (view["nominee"]["name"], view["statement"]) == ("erased", "erased")
    assert view["endorsements"][0]["statement"] == "erased"
    assert view["nominator"] == case.nominator


def test_an_amendment_replaces_nominee_and_statement(history: History, projector: Projector) -> None:
    case = history.nomination(history.open_edition(history.award()), name="Ada", rank="Major")
    case.amend(history.act(), history.nominee(name="Grace"), history.seal("statement", "Better.", case.nominator))
    history.record(case)
    view = shown(projector, case)
    assert (view["nominee"]["name"], "rank" in view["nominee"], view["statement"]) == ("Grace", False, "Better.")


def test_a_team_shows_its_members(history: History, projector: Projector) -> None:
    case = history.nomination(history.open_edition(history.award()))
    member = history.keys.mint()
    team = {
        **history.nominee(name="The team"),
        "kind": "team",
        "members": [{"participant": member, "name": history.seal("name", "Grace", member)}],
    }
    case.amend(history.act(), team, history.seal("statement", "They did.", member))
    history.record(case)
    assert shown(projector, case)["nominee"]["members"] == [{"participant": member, "name": "Grace"}]


def test_endorsements_come_and_go(history: History, projector: Projector) -> None:
    case = history.nomination(history.open_edition(history.award()))
    for endorser in ("p-one", "p-two"):
        said = (history.seal(name, f"{name} of {endorser}", case.nominator) for name in ("name", "statement"))
        case.endorse(history.act(), endorser, *said)
    endorsed = instant(history.now)
    case.withdraw_endorsement(history.act(), "p-one")
    history.record(case)
    assert shown(projector, case)["endorsements"] == [
        {"endorser": "p-two", "name": "name of p-two", "statement": "statement of p-two", "time": endorsed}
    ]


def test_the_status_tells_where_a_nomination_stands(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    case = history.nomination(edition)
    told = [shown(projector, case)["status"]]
    for step in (
        lambda: case.accept(history.act(), "informed"),
        lambda: case.rule_eligible(history.act(), "served", "meets_rules", "informed"),
        lambda: case.withdraw(history.act(), history.seal("text", "Ill.", case.nominator)),
    ):
        step()
        history.record(case)
        told.append(shown(projector, case)["status"])
    assert told == ["submitted", "accepted", "eligible", "withdrawn"]
    assert shown(projector, case)["withdrawal_text"] == "Ill."


def test_a_refusal_shows_its_rule_and_reason(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    declined, ineligible = history.nomination(edition), history.nomination(edition)
    declined.decline(history.act(), "informed", history.seal("text", "No time.", declined.nominator))
    text = history.seal("text", "3 months.", ineligible.nominator)
    ineligible.rule_ineligible(history.act(), "served", "too_short", text)
    history.record(declined, ineligible)
    view = shown(projector, declined)
    assert (view["status"], view["answer"], view["answer_text"]) == ("declined", "declined", "No time.")
    assert shown(projector, ineligible)["ruling"] == {
        "outcome": "ineligible",
        "rule": "served",
        "code": "too_short",
        "text": "3 months.",
        "time": instant(history.now),
    }


def test_nominations_are_listed_with_their_progress_by_one_query(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    cases = [history.eligible(edition) for _ in range(3)]
    history.review(cases[0], history.keys.mint(), (3, 4))
    history.review(cases[0], history.keys.mint())
    ended = history.review(cases[1], history.keys.mint(), (5, 5))
    ended.recuse(history.act(), "colleague")
    history.record(ended)
    queries: list[str] = []
    with projector.reading() as rows:
        event.listen(rows.connection, "before_cursor_execute", lambda *args: queries.append(args[2]))
        page = nominations.find_all(rows, edition.key, limit=2)
        rest = nominations.find_all(rows, edition.key, after=page.after, limit=2)
    assert len(queries) == 2
    assert [view["id"] for view in page.items] == [case.key for case in cases[:2]]
    assert [view["progress"] for view in [*page.items, *rest.items]] == [
        {"assigned": 2, "submitted": 1, "ended": 0},
        {"assigned": 1, "submitted": 0, "ended": 1},
        {"assigned": 0, "submitted": 0, "ended": 0},
    ]
    assert rest.after is None


def test_nominations_are_found_by_status_and_nominator(history: History, projector: Projector) -> None:
    edition, other = history.open_edition(history.award()), history.open_edition(history.award("other"))
    ruled, waiting = history.eligible(edition), history.nomination(edition)
    history.eligible(other)
    with projector.reading() as rows:
        eligible = nominations.find_all(rows, edition.key, status="eligible")
        own = nominations.find_all(rows, edition.key, nominator=waiting.nominator)
        none = nominations.find_all(rows, edition.key, category="young")
    assert [view["id"] for view in eligible.items] == [ruled.key]
    assert [view["id"] for view in own.items] == [waiting.key]
    assert none.items == []


def test_a_review_shows_its_latest_scores(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    reviewer = history.keys.mint()
    case = history.eligible(edition)
    review = history.review(case, reviewer, (3, 4), comment="Good.")
    review.revise(history.act(reviewer, "reviewer"), STAGE, {"impact": 5, "reach": 1})
    history.record(review)
    with projector.reading() as rows:
        assert reviews.find(rows, review.key) == {
            "id": review.key,
            "edition": edition.key,
            "stage": "review",
            "nomination": case.key,
            "reviewer": reviewer,
            "status": "submitted",
            "scores": {"impact": 5, "reach": 1},
            "version": 3,
            "updated": instant(history.now),
        }


def test_a_review_shows_why_it_ended(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    case = history.eligible(edition)
    declared, declined, imposed = (history.review(case, history.keys.mint()) for _ in range(3))
    text = history.seal("text", "We share an office.", declared.reviewer)
    declared.declare_conflict(history.act(declared.reviewer), "colleague", text)
    declined.decline(history.act(declined.reviewer), "no_time")
    imposed.recuse(history.act(), "family", history.seal("text", "Her sister.", imposed.reviewer))
    history.record(declared, declined, imposed)
    with projector.reading() as rows:
        found = [reviews.find(rows, review.key) or {} for review in (declared, declined, imposed)]
    assert [(view["status"], view["ended_code"]) for view in found] == [
        ("recused", "colleague"),
        ("declined", "no_time"),
        ("recused", "family"),
    ]
    assert found[0]["conflict"] == {"code": "colleague", "text": "We share an office."}
    assert (found[0]["recusal"], found[2]["recusal"], found[2]["ended_text"]) == ("declared", "imposed", "Her sister.")


def test_reviews_are_found_by_reviewer_nomination_and_edition(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    first, second = history.eligible(edition), history.eligible(edition)
    her, him = history.keys.mint(), history.keys.mint()
    made = [history.review(case, who) for case in (first, second) for who in (her, him)]
    keys = [review.key for review in made]
    with projector.reading() as rows:
        hers = reviews.find_all(rows, reviewer=her, edition=edition.key)
        of_first = reviews.find_all(rows, nomination=first.key)
        page = reviews.find_all(rows, edition=edition.key, limit=3)
        rest = reviews.find_all(rows, edition=edition.key, after=page.after, limit=3)
        none = reviews.find_all(rows, edition=edition.key, status="submitted")
    assert [view["id"] for view in hers.items] == [keys[0], keys[2]]
    assert [view["id"] for view in of_first.items] == keys[:2]
    assert [view["id"] for view in [*page.items, *rest.items]] == keys
    assert (rest.after, none.items) == (None, [])


def test_a_nomination_submitted_for_somebody_else_says_by_whom(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    nominee, nominator = history.nominee(), history.keys.mint()
    act = history.act("p-secretary", on_behalf_of=nominator)
    statement = history.seal("statement", "On paper.", nominator)
    case = Nomination.submit(act, uuid4(), edition.key, "main", nominee, nominator, statement, False)
    history.record(case)
    view = shown(projector, case)
    assert (view["nominator"], view["submitted_by"]) == (nominator, "p-secretary")
