"""docs/security.md names for each risk the tests that prove what it says, and they are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")
RISKS = re.findall(r"^- \*\*.*?(?=^- |^#|\Z)", TEXT, re.MULTILINE | re.DOTALL)


def missing(file: str, test: str) -> bool:
    path = ROOT / file
    return not path.is_file() or not re.search(rf"^def {test}\(", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_test_it_names_is_there() -> None:
    named = TEST.findall(TEXT)
    assert len(named) > 60
    assert [f"{file}::{test}" for file, test in named if missing(file, test)] == []


def test_it_names_nothing_else_as_a_test() -> None:
    assert TEXT.count("::") == len(TEST.findall(TEXT))


def test_every_risk_has_a_test() -> None:
    assert len(RISKS) > 30
    assert [risk.splitlines()[0] for risk in RISKS if not TEST.search(risk)] == []


def test_every_group_of_the_standard_that_matters_is_there() -> None:
    groups = "8.2.1 11.4.1 8.3.2 14.2.1 7.2 7.4 3.5 8.2.2 8.4.1 15.3.3 2.3 3.4 16 1.2".split()
    headings = " ".join(re.findall(r"^## .*", TEXT, re.MULTILINE))
    assert [group for group in groups if not re.search(rf"[ (]{re.escape(group)}[,) ]", headings)] == []
