"""What an event moves, and how: the handlers of all read models, by topic, for the present and for any past alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Mapper, Notification
from eventsourcing.utils import get_topic

from awards.domain.values import instant
from awards.projections import awards, decisions, editions, nominations, reviews, roll, subjects
from awards.projections.tables import Handler, ReadModel, View
from awards.projections.work import Work

MODELS = (awards.MODEL, editions.MODEL, nominations.MODEL, reviews.MODEL, decisions.MODEL, subjects.MODEL)
HANDLERS: Mapping[str, tuple[ReadModel, Handler]] = {
    get_topic(event_class): (model, handler) for model in MODELS for event_class, handler in model.handlers.items()
}


def move_all(work: Work, mapper: Mapper[UUID], events: Iterable[Notification]) -> None:
    """Bring the views of these events' streams up to them, in the order of the log."""
    to_domain_event = mapper.to_domain_event
    for stored in events:
        event: Any = to_domain_event(stored)  # also when nothing follows from it: it has to be known
        if stored.topic in HANDLERS:
            work.position = stored.id
            move(work, event, stored.topic)
            if event.__class__ in roll.CHANGED_BY:
                work.roll_changed = stored.id


def move(work: Work, event: Any, topic: str) -> View:
    """Bring the view of the event's stream up to the event."""
    model, handler = HANDLERS[topic]
    work.time = instant(event.timestamp)
    view = work.view(model, str(event.originator_id))
    handler(view, event, work)
    view["version"] = event.originator_version
    return view
