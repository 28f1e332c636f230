"""What the process in a test of kills runs: `python -m tests.anchoring.rounds URL FOLDER POLICY`."""

import sys
from pathlib import Path

from awards.anchoring.policy import Policy
from awards.anchoring.witnesses import Witnessing
from awards.ledger.ledger import Ledger
from tests.ledger.signing import publisher_of


def publish_and_ask(url: str, folder: str, policy: str) -> None:
    """Publish and ask the witnesses, over and over, until killed; print the size of what is cosigned."""
    ledger = Ledger.open(url)
    witnessing = Witnessing(publisher_of(ledger, Path(folder)), Policy.load(Path(policy)))
    while True:
        done = witnessing.round()
        if done.failed:
            raise SystemExit(str(done.failed))
        print(done.size, flush=True)


if __name__ == "__main__":
    publish_and_ask(*sys.argv[1:])
