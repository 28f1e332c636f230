"""The README names every command and every setting there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from awards.cli import main
from awards.settings import documented

README = Path(__file__).parent.parent / "README.md"


def commands(group: click.Group, path: str = "awards") -> Iterator[str]:
    """Every command a person can type, groups left out."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


@pytest.mark.parametrize("command", list(commands(main)))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert mentions(command), f"README.md does not name the command `{command}`"


@pytest.mark.parametrize("setting", list(documented()))
def test_every_setting_is_in_the_readme(setting: str) -> None:
    assert mentions(setting), f"README.md does not name the setting {setting}"


def mentions(words: str) -> bool:
    """Whether the words stand there as such, whatever the breaks of the lines."""
    told = " ".join(README.read_text(encoding="utf-8").split())
    return re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", told) is not None
