"""A process that submits until refused: `python -m tests.application.submitter DATABASE KEYS FILE TOKEN EDITION`."""

import json
import sys
from pathlib import Path

from awards.application.desk import Arrival
from tests.application.guards import is_id
from tests.application.house import DURING, nominee, open_service, outcome


def main(database_url: str, keys_url: str, key_file: str, token: str, edition: str) -> None:
    """Print "ready", wait for a line, submit until the first refusal, and print every answer."""
    service = open_service(database_url, keys_url, Path(key_file))
    caller = service.application.people.caller(token, DURING)
    assert caller is not None
    submit = service.application.nominations.submit
    print("ready", flush=True)
    sys.stdin.readline()
    answers: list[str] = []
    while not answers or is_id(answers[-1]):
        answers.append(
            outcome(lambda: submit(Arrival(caller, DURING), edition, "main", nominee("Irina"), "She did much."))
        )
    print(json.dumps(answers), flush=True)
    service.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
