"""Tests of `awards-verify`, the second program that reads a log."""
