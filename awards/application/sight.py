"""What a reader sees of a view: blind review, recusals and hidden nominators, in one place for lists and single reads.

The secretariat, the approver and the auditor see everything of their edition. Panel members see no nomination in which
they have a part or from which they are recused, and nobody else's review of a nomination before their own is in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from awards.access import Place, endorser_link, nominator, nominee_link, on_panel

View = dict[str, Any]
OwnReviews = Mapping[str, Sequence[View]]
"""The reader's own reviews by nomination."""

NOMINATOR_TOLD = ("nominator", "nominator_name", "submitted_by")
NOMINEE_SEES = ("id", "edition", "category", "nominee", "status", "answer", "submitted", "version")
ENDORSER_SEES = ("id", "edition", "category", "status", "submitted", "version")
NOMINATOR_HIDDEN_FROM = ("progress", "endorsements")


def hides_nominator(place: Place) -> bool:
    """Whether the edition's rules hide nominators from this reader."""
    rules = place.edition.rules if place.edition else None
    return on_panel(place) and bool(rules and rules["nominator_hidden"])


def is_recused(place: Place, nomination: str, own: OwnReviews) -> bool:
    """Whether the reader is recused from a nomination at any stage."""
    return any(review["status"] == "recused" for review in own.get(nomination, ()))


def may_see_nomination(place: Place, view: View, own: OwnReviews) -> bool:
    """Panel members see no nomination that they nominated, endorsed, stand in, or are recused from."""
    if not on_panel(place):
        return True
    nominee = view["nominee"]
    parts = {
        view["nominator"],
        nominee["participant"],
        *(member["participant"] for member in nominee.get("members", ())),
        *(endorsement["endorser"] for endorsement in view["endorsements"]),
    }
    return place.participant not in parts and not is_recused(place, view["id"], own)


def nomination_view(place: Place, view: View) -> View:
    """A nomination as this reader sees it."""
    if nominee_link(place):
        return _only(view, NOMINEE_SEES)
    if endorser_link(place):
        seen = _only(view, ENDORSER_SEES)
        seen["nominee"] = _only(view["nominee"], ("kind", "name"))
        own = [given for given in view["endorsements"] if given["endorser"] == place.participant]
        return seen | {"endorsements": own}
    if nominator(place):
        return _without(view, NOMINATOR_HIDDEN_FROM)
    if hides_nominator(place):
        return _without(view, NOMINATOR_TOLD)
    return view


def review_view(place: Place, view: View, own: OwnReviews) -> View | None:
    """A review as this reader sees it, if at all; who leads the panel sees at least how far it is."""
    if may_see_scores(place, view, own):
        return view
    leads = place.caller.role in ("chair", "deputy") and not is_recused(place, view["nomination"], own)
    return _without(view, ("scores", "comment")) if leads else None


def may_see_scores(place: Place, view: View, own: OwnReviews) -> bool:
    """One's own; another's once one's own of the same nomination and stage is in, or reviewing is closed."""
    if not on_panel(place) or view["reviewer"] == place.participant:
        return True
    if is_recused(place, view["nomination"], own):
        return False
    if _closed(place, view["stage"]):
        return True
    mine = [review for review in own.get(view["nomination"], ()) if review["stage"] == view["stage"]]
    if not mine:
        return place.caller.role in ("chair", "deputy")
    return all(review["status"] == "submitted" for review in mine)


def may_see_standing(place: Place, stage: str, own: OwnReviews) -> bool:
    """Panel members see the standing when reviewing is closed, or all their own reviews at the stage are in."""
    if not on_panel(place) or _closed(place, stage):
        return True
    mine = [review for reviews in own.values() for review in reviews if review["stage"] == stage]
    return all(review["status"] in ("submitted", "declined") for review in mine)


def may_see_item(place: Place, item: View, own: OwnReviews, nomination: str | None) -> bool:
    """Panel members see of the history neither what they are recused from nor others' reviewing while it is open."""
    if not on_panel(place):
        return True
    if nomination is not None and is_recused(place, nomination, own):
        return False
    if item["kind"] != "review":
        return True
    return item["actor"].get("id") == place.participant or _closed(place, item.get("stage"))


def history_item(place: Place, item: View) -> View:
    """An item of the history as this reader sees it."""
    hidden = hides_nominator(place) and item["kind"] == "nomination" and item["actor"].get("role") == "nominator"
    return {**item, "actor": _only(item["actor"], ("kind", "role"))} if hidden else item


def edition_view(place: Place, view: View) -> View:
    """An edition as this reader sees it: nominators learn nothing of who decides."""
    if nominator(place):
        return _without(view, ("panel", "roles", "shortlists", "nominations"))
    if hides_nominator(place):
        return view | {"roles": [held for held in view["roles"] if held["role"] != "nominator"]}
    return view


def _closed(place: Place, stage: str | None) -> bool:
    reviewing = place.edition.reviewing if place.edition else {}
    if stage is None:
        return bool(reviewing) and all(state == "closed" for state in reviewing.values())
    return reviewing.get(stage) == "closed"


def _only(view: View, names: Sequence[str]) -> View:
    return {name: view[name] for name in names if name in view}


def _without(view: View, names: Sequence[str]) -> View:
    return {name: value for name, value in view.items() if name not in names}
