"""One spelling of each value is taken; everything else is refused under a stable code."""

from __future__ import annotations

import copy
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from awards.domain.values import instant
from awards.schemas import fields
from awards.schemas.countries import COUNTRIES
from awards.schemas.fields import Checked, Coded, Shape

TEXT = fields.Text(20)
LINES = fields.Text(20, multiline=True)


def refused(field: Checked[Any], value: Any) -> Any:
    """The codes under which a value is refused, as nested as the messages are."""

    def codes(messages: Any) -> Any:
        if isinstance(messages, dict):
            return {name: codes(below) for name, below in messages.items()}
        [message] = messages
        assert isinstance(message, Coded)
        assert message
        return message.code

    with pytest.raises(ValidationError) as caught:
        field.deserialize(value)
    return codes(caught.value.messages)


def fits(field: Checked[Any], value: str) -> bool:
    """Whether a string fits the JSON Schema that the field states."""
    schema = field.openapi
    return (
        schema.get("minLength", 0) <= len(value) <= schema["maxLength"]
        and re.search(schema["pattern"].replace("$", r"\Z"), value) is not None
    )


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "empty"),
        (" \u2003", "empty"),
        ("\u200b\u200b", "empty"),
        ("\u3164", "empty"),
        ("x" * 21, "too_long"),
        ("x" * 1_000_000, "too_long"),
        ("a\x00b", "control_character"),
        ("a\nb", "control_character"),
        ("a\tb", "control_character"),
        ("a\x7f", "control_character"),
        ("a\x85b", "control_character"),
        ("a\u2028b", "control_character"),
        ("\u202eevil", "reordering_character"),
        ("a\u2066b\u2069", "reordering_character"),
        ("a\ud800", "unusable_character"),
        ("a\uffff", "unusable_character"),
        (1, "wrong_type"),
        (None, "null"),
        (["a"], "wrong_type"),
    ],
)
def test_text_that_misleads_is_refused(value: Any, code: str) -> None:
    assert refused(TEXT, value) == code


@pytest.mark.parametrize("value", ["=1+1", "<b>&amp;", " spaced ", "שלום", "👩🏽‍✈️", "\u200fa", "x" * 20, "é" * 20])
def test_any_other_text_stays_as_it_is(value: str) -> None:
    assert TEXT.deserialize(value) == value


def test_text_is_measured_and_kept_in_nfc() -> None:
    assert TEXT.deserialize("e\u0301" * 20) == "é" * 20


def test_lines_may_break_and_be_indented_but_not_return() -> None:
    assert LINES.deserialize("a\n\tb") == "a\n\tb"
    assert refused(LINES, "a\r\nb") == "control_character"
    assert refused(LINES, "\n\n") == "empty"


@given(st.text(max_size=24))
def test_text_takes_what_its_json_schema_takes(value: str) -> None:
    value = unicodedata.normalize("NFC", value)
    for field in (TEXT, LINES):
        try:
            taken = field.deserialize(value) == value
        except ValidationError:
            taken = False
        assert taken == fits(field, value)


@pytest.mark.parametrize(
    "tag", ["en", "fr", "fr-CA", "zh-Hant", "zh-Hant-TW", "es-419", "gsw", "de-1996", "ca-valencia"]
)
def test_texts_take_language_tags_in_canonical_case(tag: str) -> None:
    assert fields.Texts(20).deserialize({tag: "x"}) == {tag: "x"}


@pytest.mark.parametrize("tag", ["EN", "en-gb", "e", "english", "en_GB", "", "fr-", "zh-hant", "x-private", "en\n"])
def test_texts_refuse_other_names(tag: str) -> None:
    assert refused(fields.Texts(20), {tag: "x", "fr": "y"}) == {tag: "bad_name"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "empty"),
        ("en", "wrong_type"),
        ({"en": ""}, {"en": "empty"}),
        ({"en": 1, "fr": "x" * 21}, {"en": "wrong_type", "fr": "too_long"}),
        ({f"a{letter}": "x" for letter in "abcdefghi"}, "too_many"),
    ],
)
def test_texts_are_checked_one_by_one(value: Any, code: Any) -> None:
    assert refused(fields.Texts(20), value) == code


@given(st.dates())
def test_every_date_there_is_is_taken_in_three_precisions(day: date) -> None:
    text = day.isoformat()
    for precision in (text, text[:7], text[:4]):
        assert fields.EdtfDate().deserialize(precision) == precision
        assert fits(fields.EdtfDate(), precision)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2019-02-29", "no_such_date"),
        ("2019-04-31", "no_such_date"),
        ("0000", "no_such_date"),
        ("0000-05", "no_such_date"),
        ("2019-13", "malformed"),
        ("2019-00-01", "malformed"),
        ("2019-5-1", "malformed"),
        ("20190529", "malformed"),
        ("2019-W01", "malformed"),
        ("2019?", "malformed"),
        ("٢٠١٩", "malformed"),
        ("2019\n", "malformed"),
        (2019, "wrong_type"),
    ],
)
def test_dates_that_do_not_exist_are_refused(value: Any, code: str) -> None:
    assert refused(fields.EdtfDate(), value) == code


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),  # noqa: DTZ001 - the zone comes with the offset
    st.integers(-23 * 60, 23 * 60),
)
def test_instants_come_in_with_any_offset_and_go_out_in_utc(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    found: Any = fields.Instant().deserialize(aware.isoformat())
    assert found == aware
    assert found.tzinfo is UTC
    assert fields.Instant()._serialize(found, None, None) == instant(aware)
    assert fits(fields.Instant(), instant(aware))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2019-02-29T00:00:00Z", "no_such_time"),
        ("0001-01-01T00:00:00+01:00", "no_such_time"),
        ("9999-12-31T23:59:59-01:00", "no_such_time"),
        ("0000-01-01T00:00:00Z", "no_such_time"),
        ("2019-05-29T14:00:00", "malformed"),
        ("2019-05-29T14:00Z", "malformed"),
        ("2019-05-29 14:00:00Z", "malformed"),
        ("2019-05-29t14:00:00z", "malformed"),
        ("2019-05-29T24:00:00Z", "malformed"),
        ("2019-05-29T23:59:60Z", "malformed"),
        ("2019-05-29T14:00:00.1234567Z", "malformed"),
        ("2019-05-29T14:00:00+2:00", "malformed"),
        ("2019-05-29T14:00:00Z\n", "malformed"),
        ("2019-05-29", "malformed"),
        (0, "wrong_type"),
    ],
)
def test_instants_that_do_not_exist_are_refused(value: Any, code: str) -> None:
    assert refused(fields.Instant(), value) == code


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (fields.Zone(), "Europe/Atlantis", "no_such_zone"),
        (fields.Zone(), "europe/paris", "no_such_zone"),
        (fields.Zone(), "../etc/passwd", "malformed"),
        (fields.Zone(), "/etc/localtime", "malformed"),
        (fields.Country(), "XK", "no_such_country"),
        (fields.Country(), "UK", "no_such_country"),
        (fields.Country(), "ne", "malformed"),
        (fields.Country(), "NER", "malformed"),
        (fields.Slug(), "Two Words", "malformed"),
        (fields.Slug(), "two--words", "malformed"),
        (fields.Slug(), "-a", "malformed"),
        (fields.Slug(), "a" * 65, "malformed"),
        (fields.Slug(), "a\n", "malformed"),
        (fields.Id(), "6F1D9A52-2B0E-4C39-9C55-6A1F0C7A1E77", "malformed"),
        (fields.Id(), "6f1d9a522b0e4c399c556a1f0c7a1e77", "malformed"),
        (fields.Id(), "{6f1d9a52-2b0e-4c39-9c55-6a1f0c7a1e77}", "malformed"),
        (fields.Id(), 1, "wrong_type"),
        (fields.WebAddress(), "javascript:alert(1)", "malformed"),
        (fields.WebAddress(), "http://", "malformed"),
        (fields.WebAddress(), "//host/path", "malformed"),
        (fields.WebAddress(), "https://user:secret@host/", "malformed"),
        (fields.WebAddress(), "https://host/a b", "malformed"),
        (fields.WebAddress(), "https://host/<b>", "malformed"),
        (fields.WebAddress(), "https://host/%zz", "malformed"),
        (fields.WebAddress(), "https://host/#a#b", "malformed"),
        (fields.WebAddress(), "https://höst/", "malformed"),
        (fields.WebAddress(), "https://host/" + "(" * 2000, "malformed"),
        (fields.Choice("a", "b"), "c", "not_a_choice"),
        (fields.Choice("a", "b"), ["a"], "not_a_choice"),
        (fields.Flag(), 1, "wrong_type"),
        (fields.Flag(), "true", "wrong_type"),
        (fields.StrictInteger(), True, "wrong_type"),
        (fields.StrictInteger(), 1.0, "wrong_type"),
        (fields.StrictInteger(), "1", "wrong_type"),
        (fields.StrictInteger(), 2**53, "out_of_range"),
        (fields.StrictInteger(), -(2**53), "out_of_range"),
        (fields.StrictInteger(1, 5), 0, "out_of_range"),
        (fields.Written(1, 5), 1, "wrong_type"),
        (fields.Written(1, 5), "6", "out_of_range"),
        (fields.Written(), "1_000", "wrong_type"),
        (fields.ListOf(fields.Slug(), 2), "ab", "wrong_type"),
        (fields.ListOf(fields.Slug(), 2), ["a", "b", "c"], "too_many"),
        (fields.ListOf(fields.Slug(), 2, shortest=1), [], "too_few"),
        (fields.ListOf(fields.Slug(), 2, distinct=True), ["a", "a"], "repeated"),
        (fields.ListOf(fields.Slug(), 3), ["a", 1, "B"], {1: "wrong_type", 2: "malformed"}),
        (
            fields.Keyed("[a-z]+", fields.StrictInteger(0, 5), most=3),
            {"a": 6, "B": 1},
            {"a": "out_of_range", "B": "bad_name"},
        ),
    ],
)
def test_what_is_not_exactly_right_is_refused(field: Checked[Any], value: Any, code: Any) -> None:
    assert refused(field, value) == code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (fields.Zone(), "Europe/Paris"),
        (fields.Zone(), "America/Argentina/Buenos_Aires"),
        (fields.Zone(), "UTC"),
        (fields.Country(), "NE"),
        (fields.Slug(), "un-military-gender-advocate"),
        (fields.Id(), "6f1d9a52-2b0e-4c39-9c55-6a1f0c7a1e77"),
        (fields.WebAddress(), "https://peacekeeping.un.org/en/a?b=c#d"),
        (fields.WebAddress(), "http://127.0.0.1:8000?a=%20#"),
        (fields.StrictInteger(), 2**53 - 1),
        (fields.Flag(), False),
    ],
)
def test_what_is_right_is_taken_as_it_is(field: Checked[Any], value: Any) -> None:
    assert field.deserialize(value) == value


def test_all_249_countries_are_known_and_documented() -> None:
    assert len(COUNTRIES) == 249
    assert fields.Country().openapi["enum"] == sorted(COUNTRIES)


class Inner(Shape):
    """Within another."""

    name = fields.Text(5, required=True)


class Outer(Shape):
    """Around another."""

    at = fields.Instant(required=True)
    inner = fields.Part(Inner())
    many = fields.ListOf(fields.Part(Inner()), 3)


def test_a_shape_refuses_what_it_does_not_name_at_every_level() -> None:
    with pytest.raises(ValidationError) as caught:
        Outer().load({"at": "2019-05-29T14:00:00Z", "inner": {"name": "a", "x": 1}, "many": [{"x": 1}, 4], "y": None})
    messages: Any = caught.value.messages
    assert messages["inner"]["x"][0].code == "unknown"
    assert messages["many"][0]["x"][0].code == "unknown"
    assert messages["many"][0]["name"][0].code == "required"
    assert messages["many"][1]["_schema"][0].code == "wrong_type"
    assert messages["y"][0].code == "unknown"


def test_a_shape_shows_its_members_in_order_and_leaves_out_what_is_not_there() -> None:
    class Row:
        inner = None
        at = datetime(2019, 5, 29, tzinfo=UTC)
        many = ({"name": "a", "secret": 1},)

    shown = {"at": "2019-05-29T00:00:00.000000Z", "many": [{"name": "a"}]}
    assert Outer().dump(Row()) == shown
    assert list(Outer().dump({"many": Row.many, "at": Row.at, "inner": None})) == ["at", "many"]


def test_a_coded_message_can_be_copied() -> None:
    copied = copy.deepcopy(Coded("a_code", "A message."))
    assert (copied, copied.code) == ("A message.", "a_code")
