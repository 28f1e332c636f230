"""The verifier of bundles, against RFC vectors, the service and those who tamper."""
