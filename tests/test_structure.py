"""The import rule: who may know whom, read from the source, so that the layers stay what the README says they are.

A unit is a file or folder directly below `awards/`. A new one must be entered in `MAY_IMPORT` first.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "awards"

# Unit → the parts of `awards` it may import; each means itself and what lies below it.
LIBRARY_SIDE = frozenset({"access", "application", "domain", "ledger", "projections"})
FRONT = frozenset({"access", "application", "problems", "schemas", "watch"})
WHOLE = LIBRARY_SIDE | FRONT | {"bundle"}
EVERYTHING = WHOLE | {"anchoring", "api", "hardening", "limits", "mail", "production", "settings", "verifier", "web"}
MAY_IMPORT: dict[str, frozenset[str]] = {
    "domain": frozenset(),
    "settings": frozenset(),
    "limits": frozenset({"ledger.accounts"}),
    "hardening": frozenset(),
    "production": frozenset({"ledger", "settings"}),
    "verifier": frozenset(),
    "access": frozenset({"domain"}),
    "ledger": frozenset({"domain"}),
    "background": frozenset(),
    "anchoring": frozenset({"background", "ledger", "settings"}),
    "projections": frozenset({"domain", "ledger"}),
    "bundle": frozenset({"domain", "ledger"}),
    "application": LIBRARY_SIDE - {"application"} | {"bundle"},
    "mail": LIBRARY_SIDE - {"access"} | {"background"},
    "schemas": frozenset({"domain.rules", "domain.values"}),
    "watch": frozenset({"access"}),
    "problems": LIBRARY_SIDE | {"watch"},
    "api": FRONT,
    "web": FRONT,
    # Nobody imports these, except what starts the program.
    "service": LIBRARY_SIDE | {"limits", "settings"},
    "restoring": LIBRARY_SIDE | {"service", "settings"},
    "app": EVERYTHING | {"service"},
    "loading": LIBRARY_SIDE | {"schemas"},
    "importing": LIBRARY_SIDE | {"schemas"},
    "server": frozenset({"anchoring", "app", "hardening", "watch"}),
    "demo": EVERYTHING | {"app", "loading", "server", "service"},
    "cli": EVERYTHING | {"app", "demo", "importing", "loading", "restoring", "server", "service"},
    "__main__": frozenset({"cli"}),
}

# Library → the units that may import it; every other library is free, except in the units of `ONLY_LIBRARIES`.
KEPT_TO: dict[str, frozenset[str]] = {
    "http": frozenset({"anchoring", "demo", "problems"}),  # statuses, and two clients
    "flask": frozenset({"api", "app", "problems", "watch", "web"}),
    "werkzeug": frozenset({"api", "app", "problems", "web"}),
    "click": frozenset({"cli", "demo"}),
}
ONLY_LIBRARIES = {"domain": frozenset({"eventsourcing.domain"})}

ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv"}
CLOCK = {"now", "today", "utcnow"}


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def place(file: Path) -> str:
    return str(file.relative_to(ROOT))


def unit_of(file: Path) -> str:
    """The first name below the package; empty for `awards/__init__.py` itself."""
    first = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), place(file))


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported, also inside functions and for typing."""
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def below(name: str, parts: frozenset[str]) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in parts)


def foreign_parts(file: Path) -> Iterator[str]:
    unit = unit_of(file)
    for line, name in imports(file):
        if not name.startswith("awards.") or name.startswith("awards.__"):
            continue
        inner = name.removeprefix("awards.")
        if not below(inner, MAY_IMPORT.get(unit, frozenset()) | {unit}):
            yield f"{place(file)}:{line}: {unit or 'the package'} must not import {name}"


def foreign_libraries(file: Path) -> Iterator[str]:
    unit = unit_of(file)
    for line, name in imports(file):
        library = name.partition(".")[0]
        own = library in sys.stdlib_module_names or library == "awards"
        if unit in ONLY_LIBRARIES and not own and not below(name, ONLY_LIBRARIES[unit]):
            yield f"{place(file)}:{line}: {unit} must not import {name}"
        if unit not in KEPT_TO.get(library, {unit}):
            yield f"{place(file)}:{line}: only {', '.join(sorted(KEPT_TO[library]))} may import {library}"


def environment_readers(file: Path) -> Iterator[str]:
    if unit_of(file) == "settings":
        return
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            names = {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            names = {node.attr}
        else:
            continue
        if names & ENVIRONMENT:
            yield f"{place(file)}:{node.lineno}: only settings.py reads the environment"


def clock_readers(file: Path) -> Iterator[str]:
    """In the domain `now` is an argument, or a replay would depend on the day it runs."""
    if unit_of(file) != "domain":
        return
    for line, name in imports(file):
        if name.partition(".")[0] in {"random", "time"}:
            yield f"{place(file)}:{line}: the domain must not import {name}"
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
            yield f"{place(file)}:{node.lineno}: the domain takes the time as an argument"


@pytest.mark.parametrize("rule", [foreign_parts, foreign_libraries, environment_readers, clock_readers])
def test_every_file_keeps(rule: Callable[[Path], Iterator[str]]) -> None:
    found = [breach for file in files() for breach in rule(file)]
    assert not found, "\n" + "\n".join(found)


def test_every_unit_is_entered() -> None:
    strangers = {unit_of(file) for file in files()} - MAY_IMPORT.keys() - {""}
    assert not strangers, f"say in MAY_IMPORT what these may import: {sorted(strangers)}"


@pytest.mark.parametrize(
    ("path", "source", "rule"),
    [
        ("domain/a.py", "from awards import ledger", foreign_parts),
        ("domain/a.py", "from ..ledger.tree import root", foreign_parts),
        ("api/a.py", "import awards.web.pages", foreign_parts),
        ("schemas/a.py", "from awards.domain import award", foreign_parts),
        ("application/a.py", "def f():\n    from awards.app import create", foreign_parts),
        ("verifier.py", "from awards.domain import values", foreign_parts),
        ("domain/a.py", "import sqlalchemy", foreign_libraries),
        ("domain/a.py", "from eventsourcing.persistence import Mapper", foreign_libraries),
        ("api/a.py", "from http import HTTPStatus", foreign_libraries),
        ("ledger/a.py", "import os\nos.environ['A']", environment_readers),
        ("ledger/a.py", "from os import getenv", environment_readers),
        ("domain/a.py", "datetime.now(UTC)", clock_readers),
    ],
)
def test_a_breach_is_found(
    path: str,
    source: str,
    rule: Callable[[Path], Iterator[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path / "awards")
    file = tmp_path / "awards" / path
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
    [breach] = rule(file)
    assert breach.startswith(f"awards/{path}:")
