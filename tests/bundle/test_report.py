"""The report: one page that says who decided what, runs nothing, loads nothing, and keeps what people wrote as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from awards.bundle.report import clean, number, written
from awards.bundle.scope import AUDITOR, Standing
from awards.bundle.story import Hidden, Story
from awards.ledger.notes import Head
from tests.bundle.scene import DURING_EMBARGO, HOSTILE, PUBLIC_SINCE, Scene
from tests.bundle.test_scope import NOW, planned


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, its headings, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


@pytest.fixture(scope="module")
def page(scene: Scene) -> Page:
    return Page(scene.bundle().report)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_what_people_wrote_stays_text(page: Page) -> None:
    assert clean(HOSTILE) in page.text
    assert "</td><img src=x>" not in page.text, "a statement is not told"
    tags = {tag for tag, _ in page.tags}
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "form", "base", "a"})
    names = {name for _, attributes in page.tags for name in attributes}
    assert names <= {"lang", "charset", "name", "content", "http-equiv", "class", "title", "dir", "colspan"}
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": policy}) in page.tags
    assert page.open == [], "every tag is closed"


def test_a_name_cannot_turn_the_text_around_it(scene: Scene) -> None:
    text = scene.bundle().report
    for found in re.finditer("\u202e", text):
        before = text[: found.start()]
        assert before.rfind('<bdi dir="auto"') > before.rfind("</bdi>")


def test_a_committee_reads_who_decided_what_and_by_what_count(scene: Scene, page: Page) -> None:
    assert page.headings == [
        *("The log this is taken from", "How the edition went", "The rules", "Who took part", "Nominations"),
        *("Conflicts of interest and recusals", "Reviews", "Rankings", "Ballots", "Decisions"),
    ]
    told = squeezed(page.text)
    head = scene.service.publisher.publish().head if scene.service.publisher else None
    assert head is not None
    assert head.root.hex() in told
    for said in (
        "Advocate, 2026",
        "Scores from 1 to 5. Counted by weighted-rubric-mean, version 1",
        "Ruled ineligible",
        "She has left.",
        "Conflict declared",
        "That there is no conflict was declared by Rosa",
        "My cousin.",
        "A careful comment.",
        "the first place was decided by: lot",
        "I would have waited.",
        "Still open?",
        "not opened yet",
        "2026-07-01 12:00:00 UTC",
        "Ann Presenter",
        "Approver Abel",
    ):
        assert said in told, said


def test_the_public_page_tells_what_the_public_lines_do(scene: Scene) -> None:
    early, late = (Page(scene.bundle("public", at).report) for at in (DURING_EMBARGO, PUBLIC_SINCE))
    assert early.headings == ["The log this is taken from", "How the edition went", "The rules", "Who took part"]
    assert "sealed" in late.text
    assert "Rankings" in late.headings
    assert "careful" not in late.text


def test_where_nothing_is_published_the_page_says_so() -> None:
    page = told(Story(Standing("public", NOW)), "public")
    assert "publishes nothing of its history" in squeezed(page.text)


def told(story: Story, profile: str = AUDITOR) -> Page:
    return Page(b"".join(written(story, Head("log.example", 1, b"\0" * 32), profile, [])).decode())


def event(**data: Any) -> dict[str, Any]:
    return {"time": "2026-02-01T12:00:00.000000Z", "actor": {"kind": "participant", "id": "p", "role": "chair"}, **data}


def test_what_is_not_there_says_why() -> None:
    standing = Standing(AUDITOR, NOW)
    standing.take(*planned("scores"))
    story = Story(standing)
    sealed = {cls: {"sd": cls, "of": ["b"], "class": cls} for cls in ("case", "ballot")}
    nominee = {"kind": "person", "participant": "n", "attributes": {"name": sealed["case"], "unit": sealed["ballot"]}}
    case = event(category="main", nominee=nominee, nominator="p", statement=sealed["case"])
    story.take("s", "nomination.submitted", case, {"case": None})
    attributes = story.nominations["s"]["nominee"]["attributes"]
    assert attributes == {"name": Hidden("erased"), "unit": Hidden("not opened yet")}
    assert "erased" in told(story).text


def test_a_surrogate_or_a_control_character_is_no_part_of_a_page() -> None:
    assert clean("a\x00b\x1bc\ud800d\te\n") == "a�b�c�d\te\n"


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ([3, 1], "3"),
        ([7, 2], "3.5"),
        ([10, 3], "3.3333 (10/3)"),
        ([1, 100_000], "0 (1/100000)"),
        (4, "4"),
        ([-7, 2], "-3.5"),
    ],
)
def test_a_number_is_told_exactly(exact: Any, shown: str) -> None:
    assert number(exact) == shown
