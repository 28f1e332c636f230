"""The bundle: an edition's history with everything that is needed to check it, without the service (docs/bundle.md)."""
