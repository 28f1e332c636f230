"""How often a loop of a test runs: `make soak` runs the same kill, race and fuzz loops at full count."""

import os

SOAK = os.environ.get("AWARDS_SOAK", "") not in {"", "0"}


def rounds(usual: int, full: int) -> int:
    """The `usual` count in a test run, the `full` one in a soak."""
    return full if SOAK else usual
