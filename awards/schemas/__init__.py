"""Shapes of what comes in and goes out over HTTP, strict on the way in; no store, no clock, no HTTP."""
