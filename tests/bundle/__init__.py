"""Tests of the bundle: what is in it for whom, and that its bytes follow from the log."""
