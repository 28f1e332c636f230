"""The HTTP API: each route is declared once, which registers, checks and documents it; see `awards.api.operations`."""
