"""What an event moves, and how: the handlers of all read models, by topic, for the present and for any past alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Mapper, Notification
from eventsourcing.utils import get_topic

from awards.domain.values import instant
from awards.projections import awards, ballots, decisions, editions, nominations, reviews, roll, subjects
from awards.projections.tables import Handler, ReadModel, View
from awards.projections.work import Work

MODELS = (
    awards.MODEL,
    editions.MODEL,
    nominations.MODEL,
    reviews.MODEL,
    decisions.MODEL,
    ballots.MODEL,
    subjects.MODEL,
)
HANDLERS: Mapping[str, tuple[ReadModel, Handler]] = {
    get_topic(event_class): (model, handler) for model in MODELS for event_class, handler in model.handlers.items()
}


Told = tuple[Notification, Any]
"""An event as it is stored, and as the domain knows it."""


def decoded(mapper: Mapper[UUID], stored: Iterable[Notification]) -> list[Told]:
    """The events, also those from which nothing follows: they have to be known."""
    return [(one, mapper.to_domain_event(one)) for one in stored]


def move_all(work: Work, events: Iterable[Told]) -> None:
    """Bring the rows of these events up to them, in the order of the log."""
    for stored, event in events:
        if stored.topic in HANDLERS:
            work.position = stored.id
            move(work, event, stored.topic)
            if event.__class__ in roll.CHANGED_BY:
                work.roll_changed = stored.id


def move(work: Work, event: Any, topic: str) -> View:
    """Bring the view of the row that the event moves up to the event."""
    model, handler = HANDLERS[topic]
    work.time = instant(event.timestamp)
    view = work.view(model, model.row(event))
    handler(view, event, work)
    view["version"] = event.originator_version
    return view
