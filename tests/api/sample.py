"""A small service on the real framework: notes in a dictionary, one route of each kind."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

import awards
from awards.access import Caller
from awards.api.answers import IfMatch, Paged, Renderer, Reply
from awards.api.exchange import Http
from awards.api.mount import mount
from awards.api.op import Operations
from awards.api.paging import Page
from awards.application.desk import Arrival
from awards.domain.refusals import CallClosed, NotAllowed, NotFound, Stale
from awards.schemas.fields import (
    Choice,
    Country,
    EdtfDate,
    Flag,
    Id,
    Instant,
    Keyed,
    ListOf,
    Part,
    Shape,
    Slug,
    StrictInteger,
    Text,
    Texts,
    WebAddress,
    Zone,
)

SECRET = b"s" * 32
TOKENS = {"secretariat": Caller("subject", "secretariat", "ada"), "nominator": Caller("subject", "nominator", "bo")}
NOW = datetime(2019, 5, 29, 14, tzinfo=UTC)


class Author(Shape):
    """Who wrote it."""

    name = Text(40, required=True)
    country = Country()


class NewNote(Shape):
    """A note to keep."""

    title = Texts(60, required=True)
    text = Text(500, multiline=True, metadata={"description": "The note itself, in `plain` text."})
    kind = Choice("idea", "task")
    on = EdtfDate()
    due = Instant()
    zone = Zone()
    weight = StrictInteger(0, 100)
    done = Flag()
    tags = ListOf(Slug(), 5, distinct=True)
    authors = ListOf(Part(Author()), 3)
    scores = Keyed(Slug.pattern, StrictInteger(0, 10), most=4)
    source = WebAddress()


class Note(NewNote):
    """A note that is kept."""

    id = Id(required=True)
    owner = Text(40)


class NoteFilter(Shape):
    """Which notes."""

    kind = Choice("idea", "task")


@dataclass
class Notes:
    """The application."""

    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, tuple[str, str]] = field(default_factory=dict)
    rendered: int = 0

    def get(self, note: str) -> dict[str, Any]:
        if note not in self.kept:
            raise NotFound
        return self.kept[note]


ops = Operations("Notes", "Short texts.")
READS = "edition.read"


@ops.post(
    "/books/<slug:book>/notes",
    body=NewNote(),
    out=Note(),
    location="/notes/{id}",
    errors=("call_closed",),
    permission="edition.plan",
)
def add_note(app: Notes, arrival: Arrival, book: str, body: dict[str, Any]) -> Any:
    """Add a note.

    The book `closed` is closed.
    """
    if arrival.caller.role != "secretariat":
        raise NotAllowed
    if book == "closed":
        raise CallClosed
    if arrival.once and arrival.once.key in app.answered:
        return app.get(app.answered[arrival.once.key][1])
    note = {**body, "id": str(uuid.uuid4()), "owner": None}
    app.kept[note["id"]] = note
    if arrival.once:
        app.answered[arrival.once.key] = (arrival.once.body, note["id"])
    return note


@ops.post("/notes/<id:note>/finish", out=None, permission="edition.plan")
def finish_note(app: Notes, arrival: Arrival, note: str) -> None:
    """Finish a note."""
    app.get(note)["done"] = True


@ops.get("/notes/<id:note>", out=Note(), permission=READS)
def get_note(app: Notes, arrival: Arrival, note: str) -> Any:
    """Show a note."""
    return app.get(note)


@ops.put("/notes/<id:note>", body=NewNote(), out=Note(), permission="edition.plan")
def replace_note(app: Notes, arrival: Arrival, note: str, body: dict[str, Any], if_match: IfMatch) -> Any:
    """Replace a note."""
    standing = app.get(note)
    if_match.require(standing)
    if body.get("kind") == "task" and standing.get("kind") == "idea":
        raise Stale
    app.kept[note] = {**body, "id": note}
    return app.kept[note]


@ops.get("/notes", out=Note(), query=NoteFilter(), paged=True, permission=READS)
def list_notes(app: Notes, arrival: Arrival, query: dict[str, Any], page: Page) -> Paged:
    """List notes."""
    wanted = [note for note in app.kept.values() if query.get("kind") in (None, note.get("kind"))]
    start = page.after or 0
    items = wanted[start : start + page.limit]
    return Paged(items, start + len(items) if start + len(items) < len(wanted) else None)


@ops.get(
    "/board",
    out=Note(),
    paged=True,
    public=True,
    produces=("application/json", "text/csv"),
    languages=("en", "fr"),
    cached=lambda app: (len(app.kept), "public, max-age=7"),
)
def show_board(app: Notes, arrival: Arrival, page: Page, media: str, language: str) -> Any:
    """Show the board."""
    app.rendered += 1
    if media == "text/csv":
        rows: Iterable[str] = (note["id"] for note in app.kept.values())
        return Renderer(SECRET).bytes("\r\n".join(["id", *rows]).encode(), "text/csv; charset=utf-8")
    return Paged(list(app.kept.values())[: page.limit])


@ops.get("/board/<id:note>", out=Note(), public=True)
def show_public_note(app: Notes, arrival: Arrival, note: str) -> Any:
    """Show a note to anybody."""
    return Reply(app.get(note), {"Cache-Control": "public, max-age=60"})


@ops.get("/broken", out=Note(), public=True)
def break_down(app: Notes, arrival: Arrival) -> Any:
    """Break."""
    raise RuntimeError("a secret trace")


class Names:
    """Tells requests apart."""

    def key(self, actor: str, route: str, client_key: str) -> str:
        return hashlib.sha256(f"{actor}|{route}|{client_key}".encode()).hexdigest()

    def body(self, body: bytes) -> str:
        return hashlib.sha256(body).hexdigest()


class Twice:
    """A limit that is soon reached: two acts a caller of each kind."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    def take(self, kind: str, who: str, _now: datetime) -> float | None:
        self.taken.append((kind, who))
        return 6.5 if self.taken.count((kind, who)) > 2 else None


class Unlimited:
    """No limit."""

    def take(self, _kind: str, _who: str, _now: datetime) -> float | None:
        return None


def make(
    notes: Notes | None = None, groups: tuple[Operations, ...] = (ops,), limits: Twice | Unlimited | None = None
) -> Flask:
    """The app, as the composition root makes it."""
    app = Flask("sample", static_folder=str(Path(awards.__file__).parent / "web" / "static"))
    http = Http(
        notes or Notes(), lambda token, at: TOKENS.get(token), Names(), SECRET, lambda: NOW, limits or Unlimited()
    )
    mount(app, http, groups)
    return app
