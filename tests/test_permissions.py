"""The table of permissions is documented, and all of it is used: by the application, and by a way in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from awards.access import PERMISSIONS
from awards.api import GROUPS
from awards.application.desk import Commands
from awards.cli import main
from awards.web.guards import PAGES

ROOT = Path(__file__).parent.parent
WAYS_IN = ("cli", "importing", "loading.py", "web")


def test_the_page_is_what_the_command_prints() -> None:
    printed = CliRunner().invoke(main, ["permissions"], catch_exceptions=False).output
    message = "docs/permissions.md is not current: run `awards permissions > docs/permissions.md`"
    assert (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8") == printed, message


def test_every_predicate_is_named_and_says_who_it_is() -> None:
    predicates = {predicate for permission in PERMISSIONS.values() for predicate in permission.to}
    names = [predicate.__name__ for predicate in predicates]
    assert sorted(set(names)) == sorted(names)
    said = [predicate.__doc__ or "" for predicate in predicates]
    assert [words for words in said if not (words[:1].isupper() and words.endswith(".") and "\n" not in words)] == []
    assert len(set(said)) == len(said)


def test_every_permission_guards_an_operation_a_page_or_a_command() -> None:
    guarding = {name for group in GROUPS for operation in group.declared for name in operation.permissions}
    guarding |= {permission for permission in PAGES.values() if permission}
    guarding |= {asked[name] for asked in [commands()] for name in called_by_ways_in() if name in asked}
    assert PERMISSIONS.keys() - guarding == set(), (
        "no operation names these, and no command or page calls what asks them"
    )
    assert guarding - PERMISSIONS.keys() == set()


def commands() -> dict[str, str]:
    """Name of a command of the application -> the permission it asks for."""
    methods = {name: method for family in families(Commands) for name, method in vars(family).items()}
    return {name: method.permission for name, method in methods.items() if hasattr(method, "permission")}


def families(base: type[Commands]) -> Iterator[type[Commands]]:
    for family in base.__subclasses__():
        yield family
        yield from families(family)


def called_by_ways_in() -> set[str]:
    """The names of all methods that the command line and the pages call."""
    found: set[str] = set()
    for way in WAYS_IN:
        place = ROOT / "awards" / way
        for file in place.rglob("*.py") if place.is_dir() else [place]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    found.add(node.func.attr)
    return found
