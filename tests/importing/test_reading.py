"""Files as spreadsheets, editors and programs write them, good and broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from awards.domain.refusals import Refusal
from awards.importing.reading import Unreadable, read
from awards.importing.shaping import kind_of
from awards.importing.troubles import FIELDS, Trouble

COLUMNS = ["ref", "name", "members", "no_conflict", "scores"]


def found(tmp_path: Path, text: str | bytes) -> list[tuple[int, Any]]:
    """Line and members of everything read; of what is wrong, its words."""
    file = tmp_path / "file"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [
        (one.at.number, one.what) if isinstance(one, Trouble) else (one[0].number, one[1])
        for one in read(file, COLUMNS)
    ]


def unreadable(tmp_path: Path, text: str | bytes) -> tuple[int, str, str]:
    with pytest.raises(Unreadable) as caught:
        found(tmp_path, text)
    trouble = caught.value.trouble
    return trouble.at.number, trouble.field, trouble.what


@pytest.mark.parametrize(
    "text", ["ref,name\n1,Ama\n", "ref;name\n1;Ama\n", "ref\tname\r\n1\tAma\r\n", "ref,name\r1,Ama"]
)
def test_commas_semicolons_and_tabs_and_all_line_endings(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == [(2, {"ref": "1", "name": "Ama"})]
    assert found(tmp_path, b"\xef\xbb\xbf" + text.encode()) == [(2, {"ref": "1", "name": "Ama"})]


def test_cells_become_what_json_would_say(tmp_path: Path) -> None:
    header = "ref,name,members,no_conflict,scores.impact,scores.reach\n"
    row = '1,"Ama ""A"", Boateng","Ama\r\nBintou",yes,-3,3.5\n2,Bintou,,no,,01\n'
    (_, first), (_, second) = found(tmp_path, header + row)
    assert first == {
        "ref": "1",
        "name": 'Ama "A", Boateng',
        "members": ["Ama", "Bintou"],
        "no_conflict": True,
        "scores": {"impact": -3, "reach": "3.5"},
    }
    assert second == {"ref": "2", "name": "Bintou", "no_conflict": False, "scores": {"reach": "01"}}


def test_a_line_is_numbered_by_where_it_begins(tmp_path: Path) -> None:
    text = '\nref,name\n1,"Ama\n\nBoateng"\n\n2,Bintou\n3\n'
    assert [line for line, _ in found(tmp_path, text)] == [3, 7, 8]
    assert found(tmp_path, text)[-1] == (8, "there are 1 cells here, and 2 in the header")


def test_json_lines(tmp_path: Path) -> None:
    text = '{"ref": "1", "name": "a\u2028b"}\r\n\n{"ref": "2"}'
    assert found(tmp_path, text) == [(1, {"ref": "1", "name": "a\u2028b"}), (3, {"ref": "2"})]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"ref": "1"', "this is not JSON"),
        ('{"ref": "1", "ref": "2"}', "names a member twice"),
        ('{"ref": NaN}', "NaN is not JSON"),
        ("[1]", "this is not an object"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5_000, "this is not JSON"),
    ],
)
def test_a_broken_line_of_json_is_told_and_the_next_is_read(tmp_path: Path, line: str, words: str) -> None:
    first, (number, told), last = found(tmp_path, f'{{"ref": "0"}}\n{line}\n{{"ref": "2"}}\n')
    assert (first, number, last) == ((1, {"ref": "0"}), 2, (3, {"ref": "2"}))
    assert words in told


@pytest.mark.parametrize(
    ("text", "line", "field", "words"),
    [
        ("", 1, "", "nothing in this file"),
        (b"ref,name\n1,Ama\n2,Am\xe9lie\n", 3, "", "not UTF-8"),
        ('ref,name\n1,"Ama\n', 2, "", "this is not CSV"),
        ('ref,name\n1,"Ama"x\n', 2, "", "this is not CSV"),
        ("ref,colour\n", 1, "colour", "there is no such column; there are ref, name"),
        ("ref,ref\n", 1, "ref", "this column comes twice"),
        ("ref,name.first\n", 1, "name.first", "there is no such column"),
        ("ref,scores\n", 1, "scores", "there is no such column"),
    ],
)
def test_a_file_that_is_none_says_where(tmp_path: Path, text: str | bytes, line: int, field: str, words: str) -> None:
    told = unreadable(tmp_path, text)
    assert told[:2] == (line, field)
    assert words in told[2]


def test_the_files_of_one_import_are_of_one_kind(tmp_path: Path) -> None:
    for name, text in (("a", "ref,name\n"), ("b", '{"nomination": "1", "reviewer": "Rosa"}'), ("c", "ref\n")):
        (tmp_path / name).write_text(text)
    assert [kind_of([tmp_path / name]) for name in "ab"] == ["nomination", "review"]
    assert kind_of([tmp_path / "a", tmp_path / "c"]) == "nomination"
    with pytest.raises(Unreadable, match="on their own"):
        kind_of([tmp_path / "a", tmp_path / "b"])


def test_every_refusal_that_has_a_field_exists() -> None:
    def below(kind: type[Refusal]) -> set[str]:
        return {kind.code}.union(*(below(one) for one in kind.__subclasses__()))

    assert FIELDS.keys() <= below(Refusal)
