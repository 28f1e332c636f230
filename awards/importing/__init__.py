"""Importing an edition: nominations and reviews from CSV and JSON Lines files (`awards import EDITION FILE...`).

`reading` takes the files apart into lines, `shaping` gives each its shape, `kinds` knows what tells a line from another
and asks the application about it, `run` checks all of them and then records them in batches. docs/importing.md is the
form of the files.
"""

from awards.importing.run import Import, Imported
from awards.importing.troubles import InvalidImport, Trouble

__all__ = ["Import", "Imported", "InvalidImport", "Trouble"]
