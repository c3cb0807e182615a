"""Patches of Rasa 3.6.21, each with its measurement (docs/decisions/0009). Every patch checks that
it meets the code it was written for and refuses to work on any other version.
"""

from __future__ import annotations

import copy
import functools
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import files
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
    _require_version()
    read_yaml_in_linear_time()
    _load_the_domain_as_json()
    _compile_the_action_schema_once()
    _log_nothing_below_warning()


def train_in_less_time() -> None:
    """Patch what Rasa does again and again while it trains and tests what it has trained; again
    does nothing. Raises OtherRasa."""
    _require_version()
    read_yaml_in_linear_time()
    _parse_yaml_once()
    _validate_yaml_once()
    _treat_messages_as_what_they_are()
    _persist_the_domain_as_json()
    _load_the_domain_as_json()
    _compress_models_lightly()
    _log_nothing_below_warning()


def _require_version() -> None:
    import rasa

    if rasa.__version__ != RASA_VERSION:
        raise OtherRasa(
            f"agent/patches.py was written for Rasa {RASA_VERSION}, not {rasa.__version__}: "
            "go through the patches again before raising the version."
        )


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


def _parse_yaml_once() -> None:
    """Rasa parses each file of training data two or three times. What was parsed once is copied."""
    from rasa.shared.utils import io

    original = io.read_yaml
    if hasattr(original, "patched"):
        return

    @functools.lru_cache(maxsize=256)
    def parsed(content: str) -> Any:
        return original(content)

    def read_yaml(content: str, reader_type: str | list[str] = "safe") -> Any:
        if reader_type != "safe":
            return original(content, reader_type)
        return copy.deepcopy(parsed(content))

    read_yaml.patched = True  # type: ignore[attr-defined]
    io.read_yaml = read_yaml


def _validate_yaml_once() -> None:
    """Rasa goes through each file's schema three times in a training, every time with the slowest
    of ruamel.yaml's parsers, which only errors need. What has passed once is not gone through
    again, and what does not pass is left to Rasa's own validation and its words."""
    from rasa.shared.utils import validation

    original = validation.validate_yaml_schema
    if hasattr(original, "patched"):
        return

    @functools.cache
    def valid(content: str, schema_path: str, package_name: str) -> None:
        if not _passes(content, schema_path, package_name):
            original(content, schema_path, package_name)

    def validate(
        yaml_file_content: str, schema_path: str, package_name: str = validation.PACKAGE_NAME
    ) -> None:
        valid(yaml_file_content, schema_path, package_name)

    validate.patched = True  # type: ignore[attr-defined]
    validation.validate_yaml_schema = validate


def _passes(content: str, schema_path: str, package_name: str) -> bool:
    """Whether the file keeps to the schema, as its plain values tell."""
    from pykwalify.core import Core
    from pykwalify.errors import PyKwalifyException
    from rasa.shared.exceptions import RasaException
    from rasa.shared.utils import io, validation
    from ruamel.yaml.error import YAMLError

    logging.getLogger("pykwalify").setLevel(logging.CRITICAL)  # as Rasa does
    here = files(validation.PACKAGE_NAME)
    schema = io.read_yaml_file(str(files(package_name) / schema_path))
    common = io.read_yaml_file(str(here / validation.RESPONSES_SCHEMA_FILE))
    try:
        Core(
            source_data=io.read_yaml(content),
            schema_data={**schema, **common},
            extensions=[str(here / validation.SCHEMA_EXTENSIONS_FILE)],
        ).validate(raise_exception=True)
    except (PyKwalifyException, YAMLError, RasaException):
        return False
    return True


def _treat_messages_as_what_they_are() -> None:
    """Rasa deep-copies all training messages each time it merges them, takes the hash of every word
    and key of theirs, and takes it anew when a word is set to what it was: half of a training. They
    are plain values, nested a little: their words are shared by the copies, and one hash is taken
    of all, which holds until something changes."""
    from rasa.nlu.tokenizers.tokenizer import Token
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.utils import io

    original, original_set = Message.fingerprint, Message.set
    if hasattr(original, "patched"):
        return

    def values_of(token: Any) -> list[Any]:
        if type(token) is not Token:  # other objects have fingerprints of their own
            raise TypeError
        return [token.text, token.start, token.end, token.lemma, token.data]

    as_text = json.JSONEncoder(default=values_of, ensure_ascii=False, check_circular=False).encode

    def fingerprint(message: Any) -> str:
        if message._cached_fingerprint is None and not message.features:
            with suppress(TypeError):
                message._cached_fingerprint = io.get_text_hash(as_text(message.data))
        return str(original(message))

    def set_value(message: Any, prop: str, info: Any, add_to_output: bool = False) -> None:
        is_as_it_was = type(info) is str and message.data.get(prop) == info
        kept = message._cached_fingerprint if is_as_it_was else None
        original_set(message, prop, info, add_to_output)
        message._cached_fingerprint = kept

    fingerprint.patched = True  # type: ignore[attr-defined]
    Message.fingerprint = fingerprint
    Message.set = set_value
    Message.__deepcopy__ = _copied_message


def _copied_message(message: Any, memo: dict[int, Any]) -> Any:
    made = memo[id(message)] = object.__new__(type(message))
    vars(made).update({name: _copied(value, memo) for name, value in vars(message).items()})
    return made


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    kind = type(value)
    if kind is str or value is None or kind is float or kind is int or kind is bool:
        return value
    if kind is dict:
        return {key: one if type(one) is str else _copied(one, memo) for key, one in value.items()}
    if kind is list:
        return [_copied(one, memo) for one in value] if value else []
    if kind is set:
        return {_copied(one, memo) for one in value}
    return copy.deepcopy(value, memo)


def _persist_the_domain_as_json() -> None:
    """Which is YAML, too, and takes a hundredth of the time to write."""
    from rasa.shared.constants import LATEST_TRAINING_DATA_FORMAT_VERSION
    from rasa.shared.core.domain import Domain
    from rasa.shared.utils import io

    def persist(domain: Any, filename: Any) -> None:
        whole = {"version": LATEST_TRAINING_DATA_FORMAT_VERSION, **domain.as_dict()}
        io.write_text_file(json.dumps(whole, ensure_ascii=False), filename)

    Domain.persist = persist


def _load_the_domain_as_json() -> None:
    """What is kept as JSON is read as that, by a parser of a hundredth of the time; training has
    gone through its schema, which the slowest of ruamel.yaml's parsers would do again."""
    from rasa.graph_components.providers.domain_provider import DomainProvider
    from rasa.shared.core.domain import Domain

    original = DomainProvider.load.__func__
    if hasattr(original, "patched"):
        return

    @functools.wraps(original)  # Rasa looks at the types of its arguments before it trains
    def load(cls: Any, /, *, model_storage: Any, resource: Any, **more: Any) -> Any:
        with model_storage.read_from(resource) as folder:
            kept = (folder / "domain.yml").read_text(encoding="utf-8")
        if not kept.startswith("{"):  # written by an unpatched Rasa
            return original(cls, model_storage=model_storage, resource=resource, **more)
        return cls(model_storage, resource, Domain.from_dict(json.loads(kept)))

    load.patched = True  # type: ignore[attr-defined]
    DomainProvider.load = classmethod(load)


def _compress_models_lightly() -> None:
    """The archive of a model is compressed at gzip's highest level: a sixth of a training, for a
    file that is smaller by a few hundredths."""
    from rasa.engine.storage import local_model_storage

    class LightTar(local_model_storage.TarSafe):
        @classmethod
        def gzopen(
            cls,
            name: Any,
            mode: Any = "r",
            fileobj: Any = None,
            compresslevel: int = 1,
            **more: Any,
        ) -> Any:
            return super().gzopen(name, mode, fileobj, compresslevel, **more)

    if local_model_storage.TarSafe.__name__ != LightTar.__name__:
        local_model_storage.TarSafe = LightTar


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
