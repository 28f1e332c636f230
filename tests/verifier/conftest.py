"""A sound bundle, written once, and what the verifier tells of one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from awards.verifier import main
from tests.verifier.bags import Bundle, hidden, line, opened, revised, sealed

Told = Callable[..., dict[str, Any]]
SECRET, DISCLOSURE = sealed("Nobody must know.")
OTHER, OTHER_DISCLOSURE = sealed({"en": "Zoë"}, cls="public")
SHOWN, HIDDEN, WITH_SECRET, WITH_TWO = 45, 47, 60, 451
"""Leaves: a line that is shown, one that is not, one with a sealed value, and one with two."""


def sound(folder: Path) -> Bundle:
    """Lines of the award and every third out of scope; sealed values that are opened; receipts, earlier checkpoints."""
    lines = revised(range(1, 601))
    lines[40] = line("award.revised", 41, reason=SECRET)
    lines[301] = line("award.revised", 302, reasons=[{"why": OTHER}, SECRET])
    foreign = [line("award.revised", leaf, stream="130dcab0-d841-596e-8bc2-000000000000") for leaf in range(1, 301)]
    mixed = [one for leaf, given in enumerate(lines) for one in ([given, hidden(foreign[leaf // 2])][: 1 + leaf % 2])]
    told = [opened(WITH_SECRET, DISCLOSURE), opened(WITH_TWO, OTHER_DISCLOSURE), opened(WITH_TWO, DISCLOSURE)]
    bundle = Bundle(folder).write(mixed, told)
    for leaf in (0, SHOWN, 255, 256, 899):
        bundle.put(f"data/proofs/{leaf}.tlog-proof", bundle.receipt(leaf, mixed[leaf]))
    for size in (100, 512, 900):
        bundle.put(f"data/checkpoints/{size}", bundle.note(size))
    return bundle.put("data/rules/judging.md", "# Judging\n")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return sound(tmp_path_factory.mktemp("bundle") / "sound")


@pytest.fixture
def bundle(written: Bundle, tmp_path: Path) -> Bundle:
    """A copy of the sound bundle, to be tampered with."""
    folder = tmp_path / "bundle"
    shutil.copytree(written.folder, folder)
    return replace(written, folder=folder, leaves=list(written.leaves))


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Run the verifier on a path with options, and give what it tells; its exit code is the verdict."""

    def run(path: Path, *options: str) -> dict[str, Any]:
        code = main([str(path), "--json", *options])
        out, err = capsys.readouterr()
        assert err == ""
        told: dict[str, Any] = json.loads(out)
        assert told["verdict"] == code
        return told

    return run
