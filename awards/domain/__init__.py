"""The rules of giving an award: aggregates that decide and remember, and nothing else (no store, no clock, no web)."""
