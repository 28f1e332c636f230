"""The people with an account or an award-wide role, as their events tell of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from awards.domain.subject import Subject
from awards.projections import subjects
from awards.projections.catch_up import Projector
from tests.projections.histories import History


def registered(history: History, name: str) -> Subject:
    who = history.keys.mint(("account",))
    subject = Subject.register(history.act(), UUID(who), "person", history.seal("name", name, who, cls="account"))
    history.record(subject)
    return subject


def shown(projector: Projector, subject: Subject) -> dict[str, Any]:
    with projector.reading() as rows:
        found = subjects.find(rows, subject.key)
    assert found is not None
    return found


def test_a_subject_shows_what_it_holds_now(history: History, projector: Projector) -> None:
    ada = registered(history, "Ada")
    ada.grant(history.act(), "approver", "*")
    ada.grant(history.act(), "approver", "a")
    ada.revoke(history.act(), "approver", "*")
    history.record(ada)
    view = shown(projector, ada)
    assert (view["name"], view["active"], view["roles"]) == ("Ada", True, [{"role": "approver", "award": "a"}])
    ada.deactivate(history.act(), "left")
    history.record(ada)
    assert shown(projector, ada)["active"] is False
    projector.rebuild()
    assert shown(projector, ada)["active"] is False


def test_subjects_are_listed_as_they_became_known(history: History, projector: Projector) -> None:
    known = [registered(history, name).key for name in ("Ada", "Bo", "Cy")]
    with projector.reading() as rows:
        first = subjects.find_all(rows, limit=2)
        rest = subjects.find_all(rows, after=first.after, limit=2)
    assert [view["id"] for view in first.items + rest.items] == known
    assert rest.after is None


def test_the_name_of_somebody_who_is_erased_is_gone(history: History, projector: Projector) -> None:
    ada = registered(history, "Ada")
    history.keys.erase(ada.key, ("account",), history.now)
    assert shown(projector, ada)["name"] == "erased"
