"""Awards: nominate, review, decide, and prove to anyone how each was decided."""

__version__ = "0.1.0"
