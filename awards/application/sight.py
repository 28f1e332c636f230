"""Sight: what a reader sees of a view, as the edition's rules say, for lists and single reads alike.

Every view is shown in the parts whose aspects the reader sees (`readers.sees`). What no rules change: nothing of a
nomination in which she has a part or from which she is recused, nor anything derived from it; and of a file she has not
opened under a conflict policy, the cover. A version counts all events of a resource, seen or not, so it is told only
to who sees all of it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any

from awards.access import endorser_link, nominator, nominee_link
from awards.application.contested import deliberated, ruling_view, sees_deliberation
from awards.application.readers import Of, Reader, sees
from awards.domain.rules import policy_version

View = dict[str, Any]
ENDED = ("declined", "recused", "voided")

NOMINEE_SEES = ("id", "edition", "category", "nominee", "status", "answer", "submitted")
ENDORSER_SEES = ("id", "edition", "category", "status", "submitted")
COVER = ("id", "edition", "category", "status", "submitted")
TELLS_NOMINATOR = ("nominator", "nominator_name", "submitted_by", "endorsements")
DECISION_COVER = ("id", "edition", "category", "stage", "phase")
ABSOLUTE = (
    *("nomination", "rank", "criteria", "reviews"),
    *("raw", "total", "approvals", "share", "grade", "above", "below"),
)
"""What an entry of a ranking says of a nomination alone, whatever the others have."""
OF_WINNERS = ("conferrals", "corrections", "revocations")
NOT_FOR_NOMINATORS = ("panel", "roles", "shortlists", "nominations", "persons", "version")


def nomination_view(reader: Reader, view: View) -> View | None:
    """A nomination as this reader sees it, if at all; nominees and endorsers see by link what concerns them."""
    if nominee_link(reader.place):
        return _only(view, NOMINEE_SEES)
    if endorser_link(reader.place):
        own = [given for given in view["endorsements"] if given["endorser"] == reader.place.participant]
        nominee = _only(view["nominee"], ("kind", "name"))
        return _only(view, ENDORSER_SEES) | {"nominee": nominee, "endorsements": own}
    if view["id"] in reader.barred:
        return None
    of = Of(view["category"], view["id"])
    closed_file = unopened(reader, view.get("opened", ()))
    seen = _only(view, COVER) | {"nominee": view["nominee"]} if closed_file else dict(view)
    if closed_file:
        seen["nominee"] = _only(view["nominee"], ("kind", "name", "members"))
    seen = _without_names(reader, seen, of)
    if "ruling" in seen:
        seen["ruling"] = ruling_view(reader, seen["ruling"], of)
    if reader.seats or nominator(reader.place):
        seen.pop("opened", None)
    if nominator(reader.place):
        seen.pop("progress", None)
    elif reader.seats and not reader.leads():
        seen |= {} if closed_file else {"progress": _own_progress(reader, view["id"])}
    elif reader.then is not None and not reader.told_course(of):
        seen.pop("progress", None)
    return seen if reader.whole else _without(seen, ("version",))


def _without_names(reader: Reader, seen: View, of: Of) -> View:
    if not sees(reader, "nominator", of):
        told = ("endorsements",) if nominator(reader.place) else TELLS_NOMINATOR
        seen = _without(seen, told)
    if not sees(reader, "nominee", of):
        seen = seen | {"nominee": _only(seen["nominee"], ("kind",))}
    return seen


def unopened(reader: Reader, opened: Iterable[str]) -> bool:
    """Whether this is a file that the reader, on a panel under a conflict policy, has not opened."""
    return bool(reader.seats) and policy_version(reader.rules) is not None and reader.ids.isdisjoint(opened)


def _own_progress(reader: Reader, nomination: str) -> View:
    own = reader.reviews if reader.then is None else reader.then
    mine = [review["status"] for review in own.get(nomination, ())]
    ended = sum(status in ENDED for status in mine)
    return {"assigned": len(mine), "submitted": mine.count("submitted"), "ended": ended}


def review_view(reader: Reader, view: View, category: str) -> View | None:
    """A review as this reader sees it, if at all: her own; of others what the rules show, and who runs the panel how
    far it is.
    """
    if view["reviewer"] in reader.ids:
        return view
    if view["nomination"] in reader.barred:
        return None
    of = Of(category, view["nomination"], view["stage"])
    if reader.then is not None and not reader.told_course(of):
        return None
    scores, comments, who = (sees(reader, aspect, of) for aspect in ("scores", "comments", "reviewers"))
    waits = reader.seats and not reader.leads(of.stage) and not reader.closed(of)
    if waits and (view["status"] != "submitted" or not (scores or comments)):
        return None
    hidden = {"scores": scores, "comment": comments, "ended_text": comments, "reviewer": who, "id": who}
    seen = _without(view, [name for name, shown in hidden.items() if not shown])
    if not comments:
        for told in ("conflict", "reinstated"):
            seen |= {told: _without(seen[told], ("text",))} if told in seen else {}
    return seen if scores and comments and who else _without(seen, ("version", "updated"))


def unranked(reader: Reader, stage: str, category: str, nominations: frozenset[str]) -> frozenset[str]:
    """Of these nominations those that have no place in the standing that this reader sees: as if they were not there.

    Until reviewing is closed a panel member sees what she has scored. What is closed to her stays out until the
    decision has its second person; then she sees the final ranking.
    """
    barred = nominations.intersection(reader.barred)
    shown = reader.then is None and shows_final_rank(reader, stage, category)
    out = frozenset() if shown else barred
    if not reader.seats or reader.closed(Of(category, None, stage)):
        return out
    scored = {nomination for nomination in reader.reviews if reader.scored(nomination, stage)}
    return out | (nominations - scored - barred)


def shows_standing(reader: Reader, stage: str, category: str) -> bool:
    """Whether the standing is shown; that of a past, whose steps tell single scores, to who sees those and whose."""
    of = Of(category, None, stage)
    steps = reader.then is None or (reader.told_course(of) and sees(reader, "scores", of))
    return steps and sees(reader, "standing", of)


def shows_final_rank(reader: Reader, stage: str, category: str) -> bool:
    """Whether a standing is the final ranking of a decided category."""
    return category in reader.decided and stage == reader.rules["stages"][-1]["id"]


def standing_view(reader: Reader, view: View) -> View:
    """A standing as this reader sees it; of what was closed to her no more than the rank.

    The working of a method (who is preferred to whom, how often) would tell a member of a small panel what the others
    gave, so on a panel it is shown when reviewing of the stage is closed; and never to who would find in it something
    that is closed to her. For the same reason she is not told then what the others owe to comparisons with that.
    """
    ranking = view["ranking"]
    named = {entry["nomination"] for part in ("entries", "unranked") for entry in ranking[part]}
    closed_to_her = not named.isdisjoint(reader.barred)
    told = ABSOLUTE if closed_to_her else None
    seen = {
        "entries": [_entry(reader, one, ("nomination", "rank"), told) for one in ranking["entries"]],
        "unranked": [_entry(reader, one, ("nomination", "code")) for one in ranking["unranked"]],
        **_ties(reader, ranking),
    }
    of = Of(view["category"], None, view["stage"])
    early = bool(reader.seats) and not reader.closed(of)
    names_reviewers = "reviewers" in ranking.get("steps", ())
    nameless = names_reviewers and not (sees(reader, "reviewers", of) and sees(reader, "scores", of))
    hidden = ("steps",) if closed_to_her or early or nameless else ()
    shown = view | {"ranking": _without(ranking, hidden) | seen}
    return shown if reader.whole else _without(shown, ("size",))


def _entry(reader: Reader, entry: View, told: Sequence[str], of_others: Sequence[str] | None = None) -> View:
    if entry["nomination"] in reader.barred:
        return _only(entry, told)
    return entry if of_others is None else _only(entry, of_others)


def _ties(reader: Reader, ranking: View) -> View:
    """The ties that were broken, and the one that is open, without those that hold something closed to the reader."""
    told: View = {name: ranking[name] for name in ("ties", "open_tie") if name in ranking}
    hers = reader.barred.keys()
    if "ties" in told:
        told["ties"] = [tie for tie in told["ties"] if hers.isdisjoint(tie["nominations"])]
    if "open_tie" in told and not hers.isdisjoint(told["open_tie"]["nominations"]):
        told["open_tie"] = None
    return told


def sees_decision(reader: Reader, category: str) -> bool:
    """Whether what a decision says is shown: when it is public, or with the standing it rests on, unless something of
    the category is closed to the reader, who would learn how that fares from what is missing.
    """
    if reader.is_public(Of(category)):
        return True
    return sees_deliberation(reader, category)


def decision_view(reader: Reader, view: View) -> View:
    """A decision as this reader sees it; at least that it is there, which the phase of the edition tells too."""
    category = view["category"]
    before = reader.then is not None and view["phase"] != "announced"
    if not (sees_deliberation if before else sees_decision)(reader, category):
        return _only(view, DECISION_COVER)
    seen = deliberated(reader, view)
    seen = seen if sees(reader, "reviewers", Of(category)) else _without_panel(seen)
    if reader.is_public(Of(category)):
        return seen if reader.whole else _without(seen, ("version",))
    named = [*view["winners"], *view["runners_up"]]
    if not all(sees(reader, "nominee", Of(category, one.get("nomination"))) for one in named):
        nameless = {part: [_only(one, ("nomination",)) for one in view[part]] for part in ("winners", "runners_up")}
        seen = _without(seen, OF_WINNERS) | nameless
    return seen if reader.whole else _without(seen, ("version",))


def _without_panel(view: View) -> View:
    """A decision without who of the panel proposed it."""
    taken = [_without(revocation, ("proposer",)) for revocation in view["revocations"]]
    return _without(view, ("proposer", "returned")) | {"revocations": taken}


def edition_view(reader: Reader, view: View, nominations: Container[str]) -> View:
    """An edition with these nominations as this reader sees it: nominators learn nothing of who decides."""
    if nominator(reader.place):
        return _without(view, NOT_FOR_NOMINATORS)
    lists = (shortlist_view(reader, made) for made in view["shortlists"])
    seen = view | {
        "nominations": view["nominations"] - sum(one in nominations for one in reader.barred),
        "shortlists": [made for made in lists if made is not None],
        "panel": [
            seat
            for seat in view["panel"]
            if seat["participant"] in reader.ids or sees(reader, "reviewers", Of(stage=seat["stage"]))
        ],
    }
    if not sees(reader, "nominator", Of()):
        seen["roles"] = [held for held in view["roles"] if held["role"] != "nominator"]
    return seen if reader.whole else _without(seen, ("persons", "version"))


def shortlist_view(reader: Reader, made: View) -> View | None:
    """A shortlist, which the standing leads to, without what is closed to the reader."""
    if not sees(reader, "standing", Of(made["category"], None, made["stage"])):
        return None
    return made | {"nominations": [one for one in made["nominations"] if one not in reader.barred]}


def _only(view: View, names: Sequence[str]) -> View:
    return {name: view[name] for name in names if name in view}


def _without(view: View, names: Sequence[str]) -> View:
    return {name: value for name, value in view.items() if name not in names}
