"""The call of an edition: when nominations land.

Methods of `Edition`. A nomination counts by its time of arrival (opens <= arrival < closes), and the deadline closes by
itself. Once `call_closed` or a later phase event is in the log nothing lands, whatever its arrival.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from awards.domain import refusals as no
from awards.domain.values import Act, instant

if TYPE_CHECKING:
    from awards.domain.edition import Edition


def takes_nominations(edition: Edition, at: datetime) -> bool:
    """Whether a nomination arriving at `at` lands."""
    return edition.opens is not None and not edition.call_ended and edition.opens <= at < edition.closes


def open_call(edition: Edition, act: Act, opens: datetime, closes: datetime, zone: str) -> None:
    """Invite nominations from `opens` (inclusive) to `closes` (exclusive); `zone`: the deadline's IANA zone."""
    edition.require_run()
    if edition.opens is not None:
        raise no.CallAlreadyOpened
    if closes <= opens or closes <= act.at:
        raise no.DeadlineNotLater
    edition._record(edition.CallOpened, act, opens=instant(opens), closes=instant(closes), zone=zone)


def extend_call(edition: Edition, act: Act, closes: datetime, zone: str) -> None:
    """Move the deadline to a later moment, also after it passed as long as nothing later happened."""
    edition.require_call_opened()
    if edition.call_ended:
        raise no.CallClosed
    if closes <= edition.closes or closes <= act.at:
        raise no.DeadlineNotLater
    edition._record(edition.CallExtended, act, closes=instant(closes), zone=zone)


def close_call(edition: Edition, act: Act, code: str | None = None) -> None:
    """Close the call before its deadline."""
    edition.require_call_open(act.at)
    edition._record(edition.CallClosed, act, code=code)


def require_call_opened(edition: Edition) -> None:
    """Refuse what needs a call, open or over."""
    edition.require_run()
    if edition.opens is None:
        raise no.CallNotOpened


def require_call_open(edition: Edition, at: datetime) -> None:
    """Refuse what must arrive while the call is open."""
    edition.require_call_opened()
    if edition.takes_nominations(at):
        return
    raise no.CallNotYetOpen if not edition.call_ended and at < edition.opens else no.CallClosed
