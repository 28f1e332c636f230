"""Tests of what others say of our checkpoints."""
