"""The read models: events in, rows out."""
