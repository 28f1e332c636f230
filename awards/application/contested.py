"""What stands beside a decision or a ruling, as a reader sees it: overrides, dissent, appeals, earlier decisions.

It is deliberation, so a decision that becomes public opens none of it: it is shown with the standing, its texts with
what others wrote and to who knows the nominees, and whose it is with who sat on the panel or who nominated. One's own
one sees.
"""

from __future__ import annotations

from typing import Any

from awards.access import PANEL_ROLES
from awards.application.readers import Of, Reader, sees

View = dict[str, Any]

DELIBERATION = (
    *("computed", "departs", "override", "cross_checks", "cross_check"),
    *("dissents", "appeals", "earlier"),
)


def sees_deliberation(reader: Reader, category: str) -> bool:
    """Whether the standing that a decision rests on is shown, and nothing of the category is closed to the reader."""
    stages = reader.rules["stages"]
    final = Of(category, None, stages[-1]["id"] if stages else None)
    return category not in reader.barred.values() and sees(reader, "standing", final)


def deliberated(reader: Reader, view: View) -> View:
    """A decision with as much of its deliberation as this reader sees."""
    if not sees_deliberation(reader, view["category"]):
        return {name: value for name, value in view.items() if name not in DELIBERATION}
    return _told(reader, view, Of(view["category"]))


def _told(reader: Reader, view: View, of: Of) -> View:
    texts, panel = sees(reader, "comments", of) and sees(reader, "nominee", of), sees(reader, "reviewers", of)
    seen = dict(view)
    for reason in ("override", "cross_check"):
        if reason in view:
            seen[reason] = _without_text(view[reason], texts)
    if "dissents" in view:
        seen["dissents"] = [_said(reader, one, texts, panel) for one in view["dissents"]]
    if "appeals" in view:
        seen["appeals"] = [_appeal(reader, one, of, texts) for one in view["appeals"]]
    if "earlier" in view:
        seen["earlier"] = [_earlier(reader, one, of, texts, panel) for one in view["earlier"]]
    return seen


def _earlier(reader: Reader, view: View, of: Of, texts: bool, panel: bool) -> View:
    seen = _without_text(_told(reader, view, of), texts)
    return seen if panel else _without(seen, "proposer")


def _said(reader: Reader, dissent: View, texts: bool, panel: bool) -> View:
    """A dissent: that there is one, what it says, whose it is."""
    if dissent["by"] in reader.ids:
        return dissent
    seen = _without_text(dissent, texts)
    return seen if panel else _without(seen, "by")


def _appeal(reader: Reader, appeal: View, of: Of, texts: bool) -> View:
    if _own(reader, appeal):
        return appeal
    hidden = () if sees(reader, "nominator", of) and sees(reader, "nominee", of) else ("on_behalf_of",)
    if appeal["role"] in PANEL_ROLES and not sees(reader, "reviewers", of):
        hidden = (*hidden, "by")
    seen = _without_text(_without(appeal, *hidden), texts)
    return seen | {"decided": _without_text(seen["decided"], texts)} if "decided" in seen else seen


def ruling_view(reader: Reader, ruling: View, of: Of) -> View:
    """A ruling; who appealed it, and in which words, is shown to who knows both sides."""
    appeal = ruling.get("appeal")
    if appeal is None or _own(reader, appeal) or (sees(reader, "nominator", of) and sees(reader, "nominee", of)):
        return ruling
    return ruling | {"appeal": _without(appeal, "by", "on_behalf_of", "role", "text")}


def _own(reader: Reader, appeal: View) -> bool:
    return not reader.ids.isdisjoint({appeal["by"], appeal.get("on_behalf_of", appeal["by"])})


def _without_text(view: View, shown: bool) -> View:
    return view if shown else _without(view, "text")


def _without(view: View, *names: str) -> View:
    return {name: value for name, value in view.items() if name not in names}
