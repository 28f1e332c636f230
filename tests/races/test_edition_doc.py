"""What docs/edition.md tells a newcomer to type does what it says, in a shell, on a service that runs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.races.installation import Installation

PAGE = Path(__file__).parent.parent.parent / "docs" / "edition.md"


def typed() -> str:
    """The lines to type, without those that stand for what a reader puts in."""
    lines = [line[4:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("    ")]
    return "\n".join(line for line in lines if not line.startswith(("awards ", "SECRETARIAT=", "P=")))


def test_the_lines_of_the_page_lead_to_winners(installation: Installation) -> None:
    client = installation.serve().client
    said = subprocess.run(
        ["bash", "-e", "-c", typed()],
        env={
            "PATH": os.environ["PATH"],
            "P": f"http://127.0.0.1:{client.port}/api/v1",
            "SECRETARIAT": installation.secretariat,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    answers = said.stdout.splitlines()
    assert said.returncode == 0, said.stderr
    assert '"code": ' not in said.stdout, said.stdout
    assert {each["name"] for each in json.loads(answers[-1])["items"]} == {"Anna", "Berta"}
