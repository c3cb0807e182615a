"""What is wrong with a file or a row: a key of `command.import_words` and what fills its blanks."""

from __future__ import annotations


class NotRead(Exception):
    """A row, or the whole file, cannot be taken as it is."""

    def __init__(self, reason: str, **blanks: object) -> None:
        """`reason` is a key of `import_words.REASONS` or of `import_words.WORDS`."""
        super().__init__(reason)
        self.reason = reason
        self.blanks = blanks
