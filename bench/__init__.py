"""Benchmarks: each module has `run(data)` and returns figures beside their bound."""
