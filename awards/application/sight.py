"""What a reader sees of a view: blind review, recusals and hidden nominators, in one place for lists and single reads.

The secretariat, the approver and the auditor see everything of their edition. Whoever has a seat on a panel sees
nothing of a nomination in which they have a part or from which they are recused, and nobody else's scores of a
nomination before their own are in, by whatever role they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from awards.access import PANEL_ROLES, Place, endorser_link, nominator, nominee_link
from awards.domain.values import moment

View = dict[str, Any]

NOMINATOR_TOLD = ("nominator", "nominator_name", "submitted_by")
NOMINEE_SEES = ("id", "edition", "category", "nominee", "status", "answer", "submitted", "version")
ENDORSER_SEES = ("id", "edition", "category", "status", "submitted", "version")
NOMINATOR_HIDDEN_FROM = ("progress", "endorsements")
NAMED, SAID_OF_WINNERS = ("winners", "runners_up"), ("corrections", "revocations")


@dataclass(frozen=True)
class Bench:
    """A panel member's own assignments by nomination, and the nominations closed to them; empty for others."""

    reviews: Mapping[str, Sequence[View]] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()


def bench_of(participant: str, own: Iterable[View], naming: Iterable[View]) -> Bench:
    """From one's own reviews and the nominations that name one: those with a part of one's own, or a recusal."""
    reviews: dict[str, list[View]] = {}
    recused = set()
    for review in own:
        if review["given"]:  # a recusal of what was never assigned is no work done
            reviews.setdefault(review["nomination"], []).append(review)
        if review["status"] == "recused":
            recused.add(review["nomination"])
    return Bench(reviews, frozenset(recused | {view["id"] for view in naming if _has_part(view, participant)}))


def _has_part(view: View, participant: str) -> bool:
    nominee = view["nominee"]
    return participant in {
        view["nominator"],
        nominee["participant"],
        *(member["participant"] for member in nominee.get("members", ())),
        *(endorsement["endorser"] for endorsement in view["endorsements"]),
    }


def sits(place: Place) -> bool:
    """Whether the reader has a seat on a panel, whatever role the token is for; nominators and links see their own."""
    return not (place.caller.kind == "link" or nominator(place)) and _has_seat(place, PANEL_ROLES)


def _leads(place: Place) -> bool:
    return _has_seat(place, ("chair", "deputy"))


def _has_seat(place: Place, roles: Iterable[str]) -> bool:
    if place.edition is None or place.participant is None:
        return False
    return not place.edition.roles_of(place.participant).isdisjoint(roles)


def hides_nominator(place: Place) -> bool:
    """Whether the edition's rules hide nominators from this reader."""
    rules = place.edition.rules if place.edition else None
    return sits(place) and bool(rules and rules["sight"]["nominator"]["reviewer"] != "always")


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


def review_view(place: Place, view: View, bench: Bench) -> View | None:
    """A review as this reader sees it, if at all; who leads the panel sees at least how far it is."""
    if may_see_scores(place, view, bench):
        return view
    leads = _leads(place) and view["nomination"] not in bench.barred
    return _without(view, ("scores", "comment")) if leads else None


def may_see_scores(place: Place, view: View, bench: Bench) -> bool:
    """One's own; another's once one's own of the same nomination and stage is in, or reviewing is closed."""
    if not sits(place) or view["reviewer"] == place.participant:
        return True
    if view["nomination"] in bench.barred:
        return False
    if _closed(place, view["stage"]):
        return True
    mine = [review for review in bench.reviews.get(view["nomination"], ()) if review["stage"] == view["stage"]]
    return all(review["status"] == "submitted" for review in mine) if mine else _leads(place)


def may_see_standing(place: Place, stage: str, bench: Bench) -> bool:
    """Panel members see the standing when reviewing is closed, or none of their own reviews at the stage is due."""
    if not sits(place) or _closed(place, stage):
        return True
    mine = [review for reviews in bench.reviews.values() for review in reviews if review["stage"] == stage]
    return all(review["status"] != "assigned" for review in mine) if mine else _leads(place)


def standing_view(view: View, bench: Bench) -> View:
    """A standing as this reader sees it: without the nominations that are closed to them."""
    ranking = view["ranking"]
    seen = {
        part: [one for one in ranking[part] if one["nomination"] not in bench.barred]
        for part in ("entries", "unranked")
    }
    return view | {"ranking": ranking | seen}


def may_see_item(place: Place, item: View, bench: Bench, nomination: str | None) -> bool:
    """Panel members see of the history neither what is closed to them nor others' reviewing while it is open."""
    if not sits(place):
        return True
    if nomination in bench.barred:
        return False
    if item["kind"] != "review" and item["type"] != "nomination.file_opened":
        return True
    return item["actor"].get("id") == place.participant or _closed(place, item.get("stage"))


def decision_view(view: View, bench: Bench, now: datetime) -> View:
    """A decision as this reader sees it: until it is public, without the nominations that are closed to them."""
    if view["phase"] == "announced" and ("embargo" not in view or moment(view["embargo"]) <= now):
        return view
    named = [*view["winners"], *view["runners_up"]]
    closed = {one.get("participant") for one in named if one.get("nomination") in bench.barred} - {None}
    return (
        view
        | {part: [one for one in view[part] if one.get("winner") not in closed] for part in SAID_OF_WINNERS}
        | {part: [one for one in view[part] if one.get("nomination") not in bench.barred] for part in NAMED}
    )


def history_item(place: Place, item: View, bench: Bench) -> View:
    """An item of the history as this reader sees it: nothing tells of hidden nominators or closed nominations."""
    lists = {name: item[name] for name in ("nominations", *NAMED) if name in item}
    item = item | {name: [one for one in told if one not in bench.barred] for name, told in lists.items()}
    if not hides_nominator(place):
        return item
    if item["kind"] == "edition" and item.get("role") == "nominator":
        return _without(item, ("participant",))
    if item["kind"] == "nomination" and item["actor"].get("role") == "nominator":
        return item | {"actor": _only(item["actor"], ("kind", "role"))}
    if item["type"] == "nomination.submitted":
        return item | {"actor": _without(item["actor"], ("on_behalf_of",))}
    return item


def edition_view(place: Place, view: View, bench: Bench) -> View:
    """An edition as this reader sees it: nominators learn nothing of who decides."""
    if nominator(place):
        return _without(view, ("panel", "roles", "shortlists", "nominations"))
    open_lists = (
        made | {"nominations": [one for one in made["nominations"] if one not in bench.barred]}
        for made in view["shortlists"]
    )
    view = view | {"shortlists": list(open_lists)}
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
