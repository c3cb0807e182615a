"""Tests, sorted by what they need: see CONTRIBUTING.md."""
