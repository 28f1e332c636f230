"""Tests of the domain: events in, events or a named refusal out."""
