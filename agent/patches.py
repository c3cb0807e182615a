"""Patches of Rasa 3.6.21, each with its measurement (docs/decisions/0009). Every patch checks that
it meets the code it was written for and refuses to work on any other version.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ruamel.yaml.resolver import VersionedResolver

from marketing.errors import Unavailable

RASA_VERSION = "3.6.21"
_resolver: Any = VersionedResolver
_by_first = _resolver.versioned_resolver.fget


class OtherRasa(Unavailable):
    """The patches in agent/patches.py were written for another version of Rasa."""


def apply() -> None:
    """Patch Rasa in this process; again does nothing. Raises OtherRasa."""
    import rasa

    if rasa.__version__ != RASA_VERSION:
        raise OtherRasa(
            f"agent/patches.py was written for Rasa {RASA_VERSION}, not {rasa.__version__}: "
            "go through the patches again before raising the version."
        )
    read_yaml_in_linear_time()
    _compile_the_action_schema_once()
    _log_nothing_below_warning()


def read_yaml_in_linear_time() -> None:
    """Patch ruamel.yaml in this process; again does nothing. Rasa gives it a pattern for words of
    any beginning (`${…}`), which it then adds to its own lists once more at every word that it
    reads: half of the time that reading the domain takes."""
    _resolver.versioned_resolver = property(_Patterns)


class _Patterns:
    """What ruamel.yaml recognises a word by, told in lists that may be changed."""

    def __init__(self, resolver: Any) -> None:
        self._by_first: Mapping[str | None, list[Any]] = _by_first(resolver)

    def get(self, first: str | None, default: list[Any]) -> list[Any]:
        """The patterns for words that begin so; None: for all words."""
        return [*self._by_first.get(first, default)]


def _compile_the_action_schema_once() -> None:
    """`RemoteAction` checks its own JSON schema for validity on every call: 25 of 33 ms a turn."""
    from rasa.core.actions.action import RemoteAction

    RemoteAction._validate_action_result = _validate_action_result


@functools.cache
def _validator() -> Any:
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(_action: object, result: dict[str, Any]) -> bool:
    """True if an action's answer has the shape Rasa expects. Raises jsonschema.ValidationError."""
    _validator().validate(result)
    return True


def _log_nothing_below_warning() -> None:
    """Rasa's structured log is unset outside its command line: it prints what customers wrote, and
    deep-copies events, slots and parses for lines that nobody reads."""
    import logging

    import structlog
    from rasa.core import processor

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    processor.copy = _NoCopy()


class _NoCopy:
    """Takes the place of the module `copy` where it only copies for the log."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """The value itself."""
        return value
