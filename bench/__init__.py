"""Benchmarks: the service beside baselines measured in the same run, on the same machine, by the same client.

A number alone says what machine it was measured on; a ratio of two that took turns says what the design costs. Nothing
here is asserted: `make bench` prints a table and writes `bench/results.json`.
"""
