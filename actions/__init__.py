"""Rasa's custom actions, one module per flow: read memory, decide, utter. Importing does no I/O."""
