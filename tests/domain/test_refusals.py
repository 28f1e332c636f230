"""Each refusal is a class with a code of its own, can happen, and is tested."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from awards.domain import appealing, dissenting, judging, proposing, refusals
from awards.domain.refusals import Invalid, NotAllowed, NotFound, OutOfOrder, Refusal

ROOT = Path(__file__).parents[2]
FAMILIES = (Refusal, OutOfOrder, NotAllowed, NotFound, Invalid)
NAMED = {
    name: found
    for module in (refusals, judging, proposing, dissenting, appealing)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, Refusal) and found not in FAMILIES
}


def names_in(node: ast.AST) -> set[str]:
    """The last parts of the dotted names below a node."""
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)} | {
        found.attr for found in ast.walk(node) if isinstance(found, ast.Attribute)
    }


def raised_in(folder: str) -> set[str]:
    """The refusals that some `raise` below a folder names."""
    found: set[str] = set()
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and node.exc:
                found |= names_in(node.exc) & NAMED.keys()
    return found


def expected_in(folder: str) -> Iterator[str]:
    """The refusals that a test below a folder expects, by `.refused(...)` or `pytest.raises(...)`."""
    for file in (ROOT / folder).rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="refused" | "raises"), args=[first, *_]):
                    yield from names_in(first) & NAMED.keys()


def test_every_refusal_can_happen() -> None:
    assert NAMED.keys() - raised_in("awards") == set()


def test_every_refusal_of_the_domain_is_tested_here() -> None:
    assert raised_in("awards/domain") - set(expected_in("tests/domain")) == set()


def test_every_refusal_has_a_code_and_a_sentence_of_its_own() -> None:
    codes = {refusal.code for refusal in NAMED.values()} | {family.code for family in FAMILIES}
    assert len(codes) == len(NAMED) + len(FAMILIES)
    sentences = [refusal.message for refusal in NAMED.values()]
    assert [text for text in sentences if not (text.endswith(".") and text[0].isupper())] == []
    assert len({*sentences, Refusal.message, NotAllowed.message, NotFound.message}) == len(sentences) + 3


@pytest.mark.parametrize("refusal", NAMED.values(), ids=lambda refusal: refusal.code)
def test_a_refusal_belongs_to_a_family_and_says_its_sentence(refusal: type[Refusal]) -> None:
    assert isinstance(refusal(), FAMILIES[1:]) or refusal in (refusals.Stale, refusals.Busy)
    assert (str(refusal()), str(refusal("Since you ask."))) == (refusal.message, "Since you ask.")
