"""What a reader sees of a ballot, and of its votes in the history.

A ballot is shown to its voters, to who opened it, and to whoever sees the standing; never to whom something it is about
is closed. That somebody voted is told to who sees who sits on the panel; how she voted in an open ballot, to the panel
when the own vote is in or the ballot closed, within what the edition's rules tell of others' scores; and in a secret
one to auditors alone, once it is closed.
"""

from __future__ import annotations

from typing import Any

from awards.access import auditor
from awards.application.readers import Of, Reader, sees
from awards.domain.balloting import nominations_in

View = dict[str, Any]

TELLS_PANEL = ("voters", "votes", "left_out", "opened_by")


def ballot_view(reader: Reader, view: View) -> View | None:
    """A ballot as this reader sees it, if at all; what is left in it that is sealed is for this reader to open."""
    if not _shows(reader, view):
        return None
    of = _of(view)
    seen = view | {"cast": len(view["votes"])}
    if not sees(reader, "reviewers", of):
        seen = {name: told for name, told in seen.items() if name not in TELLS_PANEL}
    else:
        seen["votes"] = [_vote(reader, view, vote) for vote in view["votes"]]
    return seen if reader.whole else {name: told for name, told in seen.items() if name != "version"}


def _shows(reader: Reader, view: View) -> bool:
    about = nominations_in(view["options"])
    if not reader.barred.keys().isdisjoint(about) or (not about and view["category"] in reader.barred.values()):
        return False
    concerned = not reader.ids.isdisjoint((*view["voters"], view["opened_by"]))
    return concerned or sees(reader, "standing", _of(view))


def _vote(reader: Reader, view: View, vote: View) -> View:
    shown = {name: vote[name] for name in ("voter", "time", "changes")}
    if view["secret"]:
        open_to = view["status"] == "closed" and auditor(reader.place)
        return shown | {"choice": vote["choice"]} if open_to else shown
    return dict(vote) if vote["voter"] in reader.ids or _sees_votes(reader, view) else shown


def _sees_votes(reader: Reader, view: View) -> bool:
    of = _of(view)
    if not reader.seats:
        return sees(reader, "scores", of)
    in_or_over = view["status"] == "closed" or any(vote["voter"] in reader.ids for vote in view["votes"])
    told = {reader.rules["sight"]["scores"].get(role, "never") for role in reader.roles(of.stage)}
    return in_or_over and (told == {"own_in"} or sees(reader, "scores", of))


def _of(view: View) -> Of:
    return Of(view["category"], None, view["stage"])
