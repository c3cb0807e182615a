"""The demo shop, 숲길 / Trailhead: a catalogue read from files, and synthetic customers."""
