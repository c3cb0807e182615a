"""Rasa as a library: claims a message, answers it, commits the turn; knows no web and no sender."""
