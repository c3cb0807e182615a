"""Fault suites: each module has `full(minutes)`, which runs its full counts and writes a report."""
