"""The report: the same for reading, as one page that loads nothing and runs nothing.

Everything that comes from the log is escaped, and what people wrote is set apart from its surroundings (`bdi`), so that
no name can turn the text around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup, escape

from awards.bundle.story import Hidden, Story
from awards.ledger.notes import Head

TEMPLATES = Path(__file__).parent / "templates"
SEMICOLON = Markup("; ")
SHORT = 8
"""Digits of an id that tell it from others on a page."""

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
PLUMBING = ("pad", "parameters", "sha256")
"""What is for programs, inside what is told."""


def written(story: Story, head: Head, profile: str, rankings: Sequence[Mapping[str, Any]]) -> Iterator[bytes]:
    """The page in pieces."""
    words = Words(story)
    said = {"show": words.show, "who": words.who, "case": words.case, "label": label, "at": moment, "number": number}
    pieces = _template().generate(
        story=story, head=head, profile=profile, rankings=[_ranking(one) for one in rankings], **said
    )
    for piece in pieces:
        yield piece.encode("utf-8", "replace")


@cache
def _template() -> Template:
    loader = FileSystemLoader(TEMPLATES)
    templates = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return templates.get_template("report.html")


class Words:
    """How what the log says is written, with names in the place of ids."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def show(self, value: Any) -> Markup:
        """Any value of an event."""
        if isinstance(value, Hidden):
            return Markup('<em class="hidden">{}</em>').format(value.why)
        if isinstance(value, bool):
            return escape("yes" if value else "no")
        if isinstance(value, list):
            between = Markup("<br>") if any(isinstance(part, dict) for part in value) else SEMICOLON
            return between.join(map(self.show, value)) if value else Markup("none")
        if isinstance(value, dict):
            return self._languages(value) or self._parts(value)
        return self._text(str(value))

    def _text(self, text: str) -> Markup:
        if text in self._story.nominations:
            return self.case(text)
        if TIME.fullmatch(text):
            return escape(moment(text))
        return self.who(text) if text in self._story.people else written_by_somebody(text)

    def _languages(self, value: Mapping[str, Any]) -> Markup | None:
        """One text in several languages."""
        if not value or not all(LANGUAGE.fullmatch(tag) and isinstance(text, str) for tag, text in value.items()):
            return None
        texts = (Markup('<bdi dir="auto" lang="{}">{}</bdi>').format(tag, clean(text)) for tag, text in value.items())
        return Markup(" / ").join(texts)

    def _parts(self, value: Mapping[str, Any]) -> Markup:
        if set(value) <= {"participant", "name"} and "name" in value:
            return self.show(value["name"])
        parts = dict(value)
        named = parts.pop("attributes", {})
        for name in (*PLUMBING, *(("participant", "kind") if named else ())):
            parts.pop(name, None)
        said = [
            Markup("<i>{}</i> {}").format(label(name), self.show(part)) for name, part in {**named, **parts}.items()
        ]
        return SEMICOLON.join(said)

    def who(self, participant: str | None) -> Markup:
        """A participant by name, where it is opened, and id."""
        named = self._story.people.get(str(participant), {}).get("name")
        return _named(named, str(participant))

    def case(self, nomination: str | None) -> Markup:
        """A nomination by the name of its nominee, and its id."""
        case = self._story.nominations.get(str(nomination), {})
        return _named(case.get("nominee", {}).get("attributes", {}).get("name"), str(nomination))


def _named(name: Any, id_: str) -> Markup:
    code = Markup('<code title="{}">{}</code>').format(id_, id_[:SHORT])
    if name is None:
        return code
    told = (
        Markup('<em class="hidden">{}</em>').format(name.why) if isinstance(name, Hidden) else written_by_somebody(name)
    )
    return told + Markup(" ") + code


def written_by_somebody(text: Any) -> Markup:
    """Text that is not ours: escaped, in a direction of its own."""
    return Markup('<bdi dir="auto">{}</bdi>').format(clean(text))


def clean(text: Any) -> str:
    """A text without what no page may hold."""
    return "".join(one if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs") else "�" for one in str(text))


def label(name: str) -> str:
    """A name of the log as words: `minimum_reviews` is Minimum reviews."""
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def moment(text: str) -> str:
    """A time of the log for people, to the second."""
    return f"{text[:10]} {text[11:19]} UTC"


def number(pair: Any) -> str:
    """An exact number [numerator, denominator] as a decimal, and exactly where that is not the same."""
    exact = Fraction(*pair) if isinstance(pair, list) else Fraction(pair)
    if exact.denominator == 1:
        return str(exact.numerator)
    decimal = f"{float(exact):.4f}".rstrip("0").rstrip(".")
    return decimal if Fraction(decimal) == exact else f"{decimal} ({exact.numerator}/{exact.denominator})"


def _ranking(view: Mapping[str, Any]) -> dict[str, Any]:
    """A standing with the columns its method fills in."""
    ranking = view["ranking"]
    known = ("nomination", "rank", "criteria", "reviews")
    columns = [name for name in (ranking["entries"] or [{}])[0] if name not in known]
    return {**view, "columns": columns}
