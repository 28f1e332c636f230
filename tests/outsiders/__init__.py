"""Checks of what is published by programs that this project did not write."""
