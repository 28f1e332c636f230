"""What docs/edition.md tells a newcomer to type does what it says, in a shell, on a service that runs; and what
docs/verify.md then tells to check of a winner, against that service.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from awards.ledger.tree import leaf_hash
from tests.races.installation import Installation

DOCS = Path(__file__).parent.parent.parent / "docs"
TOOLS = ("curl", "jq", "sha256sum", "xxd")


def typed() -> str:
    """The lines to type, without those that stand for what a reader puts in."""
    page = (DOCS / "edition.md").read_text(encoding="utf-8")
    lines = [line[4:] for line in page.splitlines() if line.startswith("    ")]
    return "\n".join(line for line in lines if not line.startswith(("awards ", "SECRETARIAT=", "P=")))


def checked(host: str) -> str:
    """The lines about a winner on the roll, with the address of a service that runs."""
    page = (DOCS / "verify.md").read_text(encoding="utf-8")
    part = page.partition("**A winner on the roll.**")[2].partition("**That one checkpoint")[0]
    lines = [line[4:] for line in part.splitlines() if line.startswith("    ")]
    return "\n".join(lines).replace("https://awards.example.org", host)


def shell(script: str, folder: Path, **variables: str) -> str:
    """What a script prints that ends well."""
    command = ["bash", "-euo", "pipefail", "-c", script]
    environment = {"PATH": os.environ["PATH"], **variables}
    said = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert said.returncode == 0, said.stderr
    return said.stdout


@pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason=f"one of {TOOLS} is missing")
def test_the_lines_of_the_page_lead_to_winners_that_can_be_checked(installation: Installation, tmp_path: Path) -> None:
    if installation.database_url.startswith("postgresql"):
        installation.environment["AWARDS_LOG_STORE"] = str(tmp_path / "log")
    client = installation.serve().client
    host = f"http://127.0.0.1:{client.port}"
    said = shell(typed(), tmp_path, P=f"{host}/api/v1", SECRETARIAT=installation.secretariat)
    answers = said.splitlines()
    assert '"code": ' not in said, said
    winners = {each["name"]: each["id"] for each in json.loads(answers[-1])["items"]}
    assert winners.keys() == {"Anna", "Berta"}

    # A winner on the roll, by hand: her values, and the hash of the line in the tree.
    name, citation, leaf = shell(checked(host), tmp_path, ID=winners["Anna"]).splitlines()
    assert (json.loads(name)[1:], json.loads(citation)[1:]) == (
        ["name", "Anna"],
        ["citation", {"en": "For her report."}],
    )
    assert leaf == leaf_hash((tmp_path / "line").read_bytes()).hex()
    # What is said in a disclosure that the line has no digest of is not shown.
    proof = json.loads((tmp_path / "proof").read_text())
    forged = base64.urlsafe_b64encode(b'["salt","name","Eve"]').decode().rstrip("=")
    (tmp_path / "forged").write_text(json.dumps({**proof, "disclosures": [forged]}))
    exchanged = checked(host).replace(" > proof", " > /dev/null && cp forged proof")
    assert "Eve" not in shell(exchanged.replace("\ndone", " || true\ndone"), tmp_path, ID=winners["Anna"])

    # The receipt, as it was saved, is a head the verifier takes.
    bundle = str(tmp_path / "bundle.zip")
    edition = json.loads(answers[-1])["items"][0]["edition_id"]
    installation.cli("export", edition, "--output", bundle)
    verify = f"curl -s {host}/log/vkey > vkey; {Path(sys.executable).with_name('awards-verify')} bundle.zip"
    known = shell(f"({verify} --key vkey --known-head receipt.tlog-proof || test $? = 10)", tmp_path)
    assert known.splitlines()[-1].startswith("verdict     10: ")
