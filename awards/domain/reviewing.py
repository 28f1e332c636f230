"""The stages of an edition: what they ask for, when their panels score, what goes on to the next.

Methods of `Edition`. What is finished is never undone by opening, closing or changing what a stage asks for.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from awards.domain import refusals as no
from awards.domain.rules import require_category, stage_of
from awards.domain.values import Act, instant

if TYPE_CHECKING:
    from awards.domain.edition import Edition


def change_rules(
    edition: Edition, act: Act, stage: str, code: str, quorum: int | None = None, minimum_reviews: int | None = None
) -> None:
    """Change what a stage asks for, for a stated reason; every later reading goes by it."""
    edition.require_run()
    rules = stage_of(edition.rules, stage)
    if quorum in (None, rules["quorum"]) and minimum_reviews in (None, rules["minimum_reviews"]):
        raise no.NothingChanges
    edition._record(edition.RulesChanged, act, stage=stage, code=code, quorum=quorum, minimum_reviews=minimum_reviews)


def open_reviewing(edition: Edition, act: Act, stage: str, due: datetime | None = None) -> None:
    """Let the panel of a stage score; needs a closed call and a panel of at least the quorum.

    `due`: by when reviews are asked for; who is late may still score until somebody closes the stage.
    """
    edition.require_run()
    stage_of(edition.rules, stage)
    if stage in edition.reviewing:
        raise no.ReviewingAlreadyOpen if edition.reviewing[stage] == "open" else no.ReviewingClosed
    edition.require_call_opened()
    if edition.takes_nominations(act.at) or act.at < edition.opens:
        raise no.CallStillOpen
    _require_quorum(edition, stage)
    edition._record(edition.ReviewingOpened, act, stage=stage, due=_ahead(act, due))


def close_reviewing(edition: Edition, act: Act, stage: str) -> None:
    """End the scoring at a stage."""
    edition.require_reviewing_open(stage)
    edition._record(edition.ReviewingClosed, act, stage=stage)


def reopen_reviewing(edition: Edition, act: Act, stage: str, code: str, due: datetime | None = None) -> None:
    """Open a closed stage again, for a stated reason; finished reviews stay, and count once it is closed again."""
    edition.require_reviewing_closed(stage)
    _require_quorum(edition, stage)
    edition._record(edition.ReviewingReopened, act, stage=stage, code=code, due=_ahead(act, due))


def shortlist(edition: Edition, act: Act, stage: str, category: str, nominations: list[str]) -> None:
    """Name the nominations that go on from a stage; what follows rests on the latest list."""
    edition.require_reviewing_closed(stage)
    require_category(edition.rules, category)
    edition._record(edition.Shortlisted, act, stage=stage, category=category, nominations=sorted(set(nominations)))


def require_reviewing_open(edition: Edition, stage: str) -> None:
    edition.require_run()
    stage_of(edition.rules, stage)
    if edition.reviewing.get(stage) != "open":
        raise no.ReviewingNotOpen


def require_reviewing_closed(edition: Edition, stage: str) -> None:
    edition.require_run()
    stage_of(edition.rules, stage)
    if edition.reviewing.get(stage) != "closed":
        raise no.ReviewingNotClosed


def closed_since(edition: Edition, at: datetime) -> bool:
    """Whether every stage was closed later than this: what was there at that moment came before all panels."""
    return all(edition.closed_at.get(stage["id"], at) > at for stage in edition.rules["stages"])


def _require_quorum(edition: Edition, stage: str) -> None:
    if len(edition.seats_at(stage)) < stage_of(edition.rules, stage)["quorum"]:
        raise no.PanelTooSmall


def _ahead(act: Act, due: datetime | None) -> str | None:
    """A deadline as the log writes it; one that is over already is refused."""
    if due is not None and due <= act.at:
        raise no.DeadlineNotLater
    return None if due is None else instant(due)
