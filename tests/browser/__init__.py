"""Browser tests: what a visitor sees and does, in a real Chromium before the real parts."""
