"""Canonical JSON against an RFC 8785 library and the RFC's own examples."""

import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from awards.ledger.canonical import NotCanonical, canonical

texts = st.text().map(lambda text: unicodedata.normalize("NFC", text))
keys = st.text(st.characters(max_codepoint=127))
integers = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    texts | integers | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=30,
)


@given(values)
def test_equals_an_rfc_8785_library_byte_for_byte(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.integers(min_value=2**53) | st.integers(max_value=-(2**53)))
def test_refuses_an_integer_that_a_double_cannot_tell_from_its_neighbour(value: int) -> None:
    with pytest.raises(NotCanonical):
        canonical({"n": [value]})


def test_sorts_and_escapes_as_the_rfc_shows() -> None:
    # RFC 8785 section 3.2.2, less its floats and null.
    value = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [True, False]}
    written = rb'{"literals":[true,false],"string":"' + "€".encode() + rb"""$\u000f\nA'B\"\\\\\"/"}"""
    assert canonical(value) == written


CYCLE: list[Any] = []
CYCLE.append(CYCLE)

DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        float("inf"),
        None,
        b"bytes",
        ("a", "tuple"),
        {"a", "set"},
        2**53,
        -(2**53),
        "e\u0301",
        "\ud800",
        "lone \udfff",
        type("Name", (str,), {})("subclass"),
        CYCLE,
        DEEP,
    ],
    ids=lambda value: type(value).__name__,
)
def test_refuses_what_has_no_place_in_the_log(value: Any) -> None:
    for wrapped in (value, [value], {"key": {"inner": value}}):
        with pytest.raises(NotCanonical):
            canonical(wrapped)


@pytest.mark.parametrize("key", ["é", "\U0001f600", "\ud800", 1, None, True, ("a",)], ids=repr)
def test_refuses_keys_that_are_not_ascii_text(key: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical({"outer": [{key: 1}]})


def test_refuses_keys_that_only_look_like_text() -> None:
    # json would write 1 and "1" as the same key.
    with pytest.raises(NotCanonical):
        canonical({1: "a", "b": "c"})
