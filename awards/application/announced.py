"""Which event made a winner or a runner-up public, and what it holds sealed of her."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from awards.domain.decision import Decision
from awards.domain.values import Sealed, derived_id


class Announcing(NamedTuple):
    """The event, and the sealed values in it about the one asked for, in the order of its names."""

    event: Decision.Announced | Decision.HonourRecorded
    sealed: list[Sealed]


def announcing(events: Iterable[Any], winner: str) -> Announcing:
    """The last event of a decision that names the public id of somebody on the roll; there is one."""
    *_, last = (
        Announcing(event, list(_sealed(one)))
        for event in events
        for one in _named(event)
        if str(derived_id("winner", str(event.originator_id), one["participant"])) == winner
    )
    return last


def _named(event: Any) -> list[Mapping[str, Any]]:
    if isinstance(event, Decision.Announced):
        return [*event.winners, *event.runners_up]
    return [event.winner] if isinstance(event, Decision.HonourRecorded) else []


def _sealed(one: Mapping[str, Any]) -> Iterator[Sealed]:
    yield from (value for _, value in sorted(one["attributes"].items()))
    if "citation" in one:
        yield one["citation"]
