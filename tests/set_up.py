"""What most tests begin with: databases as they are after `awards migrate` and the first start, made once and copied.

Pass these to `new_database`. That they can be made from nothing is tested in tests/ledger, tests/projections,
tests/races and by the servers of tests/api.
"""

from awards.ledger.database import migrate
from awards.ledger.key_tables import open_key_tables
from awards.projections.database import open_engine

ORIGIN = "log.example/awards"


def log(url: str) -> None:
    """An empty log."""
    migrate(url, ORIGIN)


def log_and_views(url: str) -> None:
    """An empty log with empty read models."""
    migrate(url, ORIGIN)
    open_engine(url).dispose()


def keys(url: str) -> None:
    """A key store that no key file belongs to yet."""
    open_key_tables(url).close()
