"""What an auditor does: keeps a checkpoint, takes the bundle away, and lets the other program check it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from awards.demo.checks import same
from awards.demo.client import Client

UNWITNESSED = 10
"""The verdict that nothing is wrong, it agrees with the checkpoint kept, and no witness was asked."""


@dataclass(frozen=True)
class Kept:
    """The files of the auditor."""

    key: Path
    checkpoint: Path
    bundle: Path

    @property
    def arguments(self) -> list[str]:
        """What `awards-verify` is given."""
        return [str(self.bundle), "--key", str(self.key), "--known-head", str(self.checkpoint)]


def keep_head(public: Client, folder: Path) -> Kept:
    """Keep what the log signs now, and the key that checks it."""
    kept = Kept(folder / "log.vkey", folder / "kept-checkpoint", folder / "bundle.zip")
    kept.key.write_bytes(_read(public, "/log/vkey"))
    kept.checkpoint.write_bytes(_read(public, "/log/checkpoint"))
    return kept


def prove(auditor: Client, edition: str, kept: Kept) -> None:
    """Take the bundle of an edition away, and check it with a program that uses nothing of the service."""
    kept.bundle.write_bytes(_read(auditor, f"/editions/{edition}/bundle?profile=auditor"))
    verify: list[Any] = [sys.executable, "-I", Path(__file__).parents[1] / "verifier.py", *kept.arguments]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    same(f"the verdict on the bundle ({done.stdout}{done.stderr})", done.returncode, UNWITNESSED)


def _read(client: Client, path: str) -> bytes:
    answer = client.ask("GET", path)
    same(f"the status of {path}", answer.status, 200)
    return answer.data
