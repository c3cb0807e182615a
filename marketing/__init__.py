"""Pure rules: values and `now` in, a decision with its reason out. No clock, no session."""
