"""Words of the steps: who acts, who is put forward, scores; so that no step can be taken for another."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from pytest_bdd import parsers

T = TypeVar("T")
PERSON = "(?:the [a-z]+|another [a-z]+|[A-Z][a-z]+)"
NAME = "[A-Z][a-z]+"


def word(pattern: str) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Name the pattern of a word; the function makes a value of it."""

    def declare(convert: Callable[[str], T]) -> Callable[[str], T]:
        convert.pattern = pattern  # type: ignore[attr-defined]
        return convert

    return declare


@word(PERSON)
def who(text: str) -> str:
    return text


@word(NAME)
def name(text: str) -> str:
    return text


@word(f"{PERSON}(?:(?:, | and ){PERSON})*")
def names(text: str) -> list[str]:
    return re.split(", | and ", text)


@word("[0-9]+ for [a-z]+(?:(?:, | and )[0-9]+ for [a-z]+)*")
def scores(text: str) -> dict[str, int]:
    return {criterion: int(score) for score, criterion in re.findall("([0-9]+) for ([a-z]+)", text)}


@word("[a-z][a-z' -]*")
def words(text: str) -> str:
    return text


@word('[^"]*')
def quoted(text: str) -> str:
    return text


WORDS: dict[str, Any] = {"Who": who, "Name": name, "Names": names, "Scores": scores, "Words": words, "Quoted": quoted}


def step(text: str) -> parsers.parse:
    """A step whose fields have these words' types: `{who:Who} nominates {nominee:Name}`."""
    return parsers.parse(text, extra_types=WORDS, case_sensitive=True)
