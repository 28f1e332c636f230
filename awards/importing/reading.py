"""From files to lines: CSV (RFC 4180) or JSON Lines, in UTF-8, told apart by how they begin.

A CSV file begins with a header; `;` or a tab may stand for the comma, as spreadsheets of many countries write it, and
the header tells which. A cell that is empty is absent; a dot leads into an object (`scores.impact`). A JSON Lines file
begins with `{` and has an object a line. Empty lines are passed over. What is read are raw members; their shapes are
checked later. What is wrong with one line is a `Trouble` in its place, and reading goes on; `Unreadable` ends it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, NoReturn

from awards.importing.troubles import At, Trouble

Record = tuple[At, dict[str, Any]]
Read = Record | Trouble
Cell = Callable[[str], Any]

DELIMITERS = ",;\t"
INTEGER = re.compile("-?(0|[1-9][0-9]{0,14})")
YES_NO = {"yes": True, "no": False}


def _number(cell: str) -> Any:
    return int(cell) if INTEGER.fullmatch(cell) else cell


CELLS: dict[str, Cell] = {
    "members": lambda cell: cell.split("\n"),
    "no_conflict": lambda cell: YES_NO.get(cell, cell),
    "scores": _number,
}
"""How the cells of a column become what JSON would say; all others are text."""


class Unreadable(Exception):
    """A file that is no such file; says where."""

    def __init__(self, at: At, what: str, field: str = "") -> None:
        super().__init__(what)
        self.trouble = Trouble(at, what, field)


def read(file: Path, columns: Collection[str]) -> Iterator[Read]:
    """The lines of a file. `columns`: the members a line may have. Raises `Unreadable`."""
    text = _text(file)
    return _json_lines(file, text) if text.lstrip()[:1] == "{" else _csv(file, text, columns)


def members_of(file: Path) -> Collection[str]:
    """The members that the first line of a file names, or its header, to tell what it is of. Raises `Unreadable`."""
    text = _text(file)
    if text.lstrip()[:1] == "{":
        first = next(_json_lines(file, text))
        return () if isinstance(first, Trouble) else first[1]
    return _header(file, text)[1]


def _text(file: Path) -> str:
    data = file.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(At(file, number), "this is not UTF-8") from None


# CSV.


def _csv(file: Path, text: str, columns: Collection[str]) -> Iterator[Read]:
    delimiter, header = _header(file, text)
    _check_header(At(file, 1), header, columns)
    names = [name.partition(".") for name in header]
    rows = _rows(file, text, delimiter)
    next(rows)
    for at, row in rows:
        if len(row) != len(header):
            yield Trouble(at, f"there are {len(row)} cells here, and {len(header)} in the header")
            continue
        record: dict[str, Any] = {}
        for (name, _, inner), cell in zip(names, row, strict=True):
            if cell:
                value = CELLS[name](cell) if name in CELLS else cell
                if inner:
                    record.setdefault(name, {})[inner] = value
                else:
                    record[name] = value
        yield at, record


def _header(file: Path, text: str) -> tuple[str, list[str]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    found = next(_rows(file, text, delimiter), None)
    if found is None:
        raise Unreadable(At(file, 1), "there is nothing in this file")
    return delimiter, found[1]


def _check_header(at: At, header: list[str], columns: Collection[str]) -> None:
    for name in header:
        outer, dot, inner = name.partition(".")
        if outer not in columns or bool(dot) != (outer == "scores") or (dot and not inner):
            raise Unreadable(at, f"there is no such column; there are {', '.join(columns)}", name)
        if header.count(name) > 1:
            raise Unreadable(at, "this column comes twice", name)


def _rows(file: Path, text: str, delimiter: str) -> Iterator[tuple[At, list[str]]]:
    """The rows that are not empty, each with the number of the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        at = At(file, reader.line_num + 1)
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(at, f"this is not CSV: {error}") from None
        if any(row):
            yield at, [cell.replace("\r\n", "\n") for cell in row]


# JSON Lines.


def _json_lines(file: Path, text: str) -> Iterator[Read]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        at = At(file, number)
        try:
            record = json.loads(line, object_pairs_hook=_object, parse_constant=_refuse)
        except RecursionError:
            yield Trouble(at, "this is nested too deeply")
        except ValueError as error:
            yield Trouble(at, f"this is not JSON: {error}")
        else:
            yield (at, record) if isinstance(record, dict) else Trouble(at, "this is not an object")


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("an object names a member twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
