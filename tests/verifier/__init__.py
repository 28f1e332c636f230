"""The verifier: what it makes of bundles, and that it agrees with the service, of which it uses nothing."""
