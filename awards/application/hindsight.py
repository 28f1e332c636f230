"""The history as a reader sees it: items, and what they name, by the same rules as the views (`readers.sees`).

Positions and versions count what is not shown, so they are told only to who sees everything.
"""

from __future__ import annotations

from typing import Any

from awards.access import PANEL_ROLES
from awards.application.contested import sees_deliberation
from awards.application.readers import Of, Reader, sees
from awards.application.sight import sees_decision, shortlist_view, unopened

View = dict[str, Any]

STANDS_BEHIND = ("nominator", "endorser")
BALLOTS = ("decision.ballot_opened", "decision.vote_cast", "decision.ballot_closed")
DELIBERATED = frozenset(
    {f"decision.{what}" for what in ("proposed", "dissent_recorded", "appealed", "appeal_decided", "reopened")}
)
"""What no announcement makes public: of proposals it tells the one that came of them."""

EVERY_ITEM = frozenset(
    {"position", "time", "edition", "award", "stream", "kind", "type", "version", "actor", "category"}
)


def item_view(reader: Reader, item: View, of: Of, opened: frozenset[str] = frozenset()) -> View | None:
    """An item of the history as this reader sees it, if at all.

    `of`: the category, nomination and stage it is about; `opened`: who has opened the nomination's file.
    """
    if of.nomination in reader.barred:
        return None
    shown = _KINDS.get(item["kind"], _as_it_is)(reader, item, of, opened)
    if shown is None:
        return None
    shown = shown | {"actor": _actor(reader, item["actor"], of)}
    return shown if reader.whole else {name: shown[name] for name in shown if name not in ("position", "version")}


def waits(reader: Reader, item: View) -> bool:
    """Whether this is others' reviewing while no stage is closed, which needs no look at what it is about."""
    own = item["actor"].get("id") in reader.ids
    return reader.all_open and item["kind"] == "review" and not own


def _as_it_is(reader: Reader, item: View, of: Of, opened: frozenset[str]) -> View | None:
    return item


def _nomination(reader: Reader, item: View, of: Of, opened: frozenset[str]) -> View | None:
    if item["type"] == "nomination.file_opened":
        return _review(reader, item, of, opened)
    if unopened(reader, opened):
        return None
    endorsing = item["type"] in ("nomination.endorsed", "nomination.endorsement_withdrawn")
    return None if endorsing and not sees(reader, "nominator", of) else item


def _review(reader: Reader, item: View, of: Of, opened: frozenset[str]) -> View | None:
    """Others' reviewing is told by name, and to a panel only when it is over."""
    if item["actor"].get("id") in reader.ids:
        return item
    return item if reader.told_course(of) else None


def _decision(reader: Reader, item: View, of: Of, opened: frozenset[str]) -> View | None:
    """Of a decision that the reader does not see, or whose nominees she must not know, that something happened; of
    ballots nothing, where something of the category is closed to her.
    """
    if item["type"] in BALLOTS and item["actor"].get("id") in reader.ids:
        return item
    if item["type"] in BALLOTS and of.category in reader.barred.values():
        return None
    named = of.category is not None and sees(reader, "nominee", Of(of.category))
    public = reader.is_public(Of(of.category)) and item["type"] not in DELIBERATED
    shown = sees_deliberation if item["type"] in DELIBERATED else sees_decision
    if public or (shown(reader, str(of.category)) and named):
        return item
    return {name: value for name, value in item.items() if name in EVERY_ITEM}


def _edition(reader: Reader, item: View, of: Of, opened: frozenset[str]) -> View | None:
    happened = item["type"].partition(".")[2]
    if happened in ("role_entered", "role_left") and item["role"] == "nominator":
        return item if sees(reader, "nominator", Of()) else None
    if happened in ("panel_member_appointed", "panel_member_discharged"):
        own = item["participant"] in reader.ids
        return item if own or sees(reader, "reviewers", of) else None
    if happened == "participants_linked":
        return item if reader.whole else None
    if happened == "shortlisted":
        made = shortlist_view(reader, item)
        return made or {name: value for name, value in item.items() if name != "nominations"}
    return item


_KINDS = {"nomination": _nomination, "review": _review, "decision": _decision, "edition": _edition}


def _actor(reader: Reader, actor: View, of: Of) -> View:
    """Who acted, by id only where the reader sees who that is; on whose behalf only where she sees both sides."""
    nominators, nominees = sees(reader, "nominator", of), sees(reader, "nominee", of)
    hidden = set()
    if not (nominators and nominees):
        hidden.add("on_behalf_of")
    role = actor.get("role")
    known = {"nominee": nominees, **dict.fromkeys(STANDS_BEHIND, nominators)}
    known |= dict.fromkeys(PANEL_ROLES, sees(reader, "reviewers", Of(of.category, of.nomination, of.stage)))
    if not known.get(str(role), True) and actor.get("id") not in reader.ids:
        hidden.add("id")
    return {name: told for name, told in actor.items() if name not in hidden}
