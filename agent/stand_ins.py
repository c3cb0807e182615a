"""Takes the place of the libraries that Rasa imports at start and this project never uses.

Must be installed before anything imports `rasa` or `rasa_sdk`, and must never hide that one of
those libraries is wanted: more than importing, annotating or subclassing raises `StandInUsed`.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# Everything that `rasa` and `rasa_sdk` import while they start, or while they build a tracker store
# or an event broker. Libraries that a function of theirs imports at need raise ImportError as ever.
ROOTS = frozenset(
    {
        "aio_pika",
        "aiogram",
        "aiormq",
        "boto3",
        "botocore",
        "cachecontrol",
        "fbmessenger",
        "google",
        "keras",
        "pymongo",
        "sanic",
        "sanic_cors",
        "sanic_jwt",
        "slack_sdk",
        "socketio",
        "structlog_sentry",
        "tensorflow",
        "webexteamssdk",
    }
)

TENSORFLOW_COMPONENTS = frozenset(
    {
        "ConveRTFeaturizer",
        "DIETClassifier",
        "LanguageModelFeaturizer",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
    }
)


class StandInUsed(ImportError):
    """A library that is not installed here was really used. `./dangol rasa --stock …` has it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was used, but {name.partition('.')[0]} is not installed here: only its name "
            "is, for Rasa's imports. `./dangol rasa --stock …` runs Rasa with everything.",
            name=name,
        )


class TensorFlowComponentNamed(ValueError):
    """config.yml names a component that needs TensorFlow, which is not installed here."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"config.yml: {what}; it needs TensorFlow, which is not installed here. Take it out of "
            "config.yml, or use `./dangol rasa --stock …`, which has TensorFlow."
        )


class StandIn:
    """A name of a library that is absent: may be imported, annotated with and subclassed."""

    def __init__(self, name: str) -> None:
        self.__name__ = self.__qualname__ = name

    def __getattr__(self, attribute: str) -> Any:
        return _member(self, self.__name__, attribute)

    def __call__(self, *_arguments: Any, **_keywords: Any) -> Any:
        raise StandInUsed(self.__name__)

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (_unusable_class(self.__name__, object),)

    def __instancecheck__(self, _instance: Any) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<stand-in for {self.__name__}>"


class StandInModule(types.ModuleType):
    """A module of an absent library; every name in it is a stand-in."""

    def __getattr__(self, attribute: str) -> Any:
        return _member(self, self.__name__, attribute)


class StandInFinder:
    """Last in `sys.meta_path`: asked only for what is not installed, answers only for `ROOTS`."""

    @classmethod
    def find_spec(
        cls, name: str, _path: Sequence[str] | None = None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a spec for a module of an absent library, or None for all others."""
        if name.partition(".")[0] not in ROOTS:
            return None
        return importlib.machinery.ModuleSpec(name, cls, is_package=True)  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Return the module that stands in for the absent one."""
        return StandInModule(spec.name)

    @staticmethod
    def exec_module(_module: types.ModuleType) -> None:
        """Do nothing: a stand-in has no code."""


def install() -> None:
    """Make `rasa` and `rasa_sdk` importable with current libraries; again does nothing."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # Rasa says this of every domain, whatever stands in it.
    warnings.filterwarnings("ignore", message="Slot auto-fill has been removed")
    if StandInFinder not in sys.meta_path:
        sys.meta_path.append(StandInFinder)
    _give_back_removed_names()


def refuse_tensorflow_pipeline(config: Mapping[str, Any]) -> None:
    """Check the parsed config.yml; an empty list counts, as Rasa then chooses DIET and TED itself.

    Raises `TensorFlowComponentNamed` with one line that says which component and what to do.
    """
    for section in ("pipeline", "policies"):
        components = config.get(section)
        if not components:
            raise TensorFlowComponentNamed(
                f"`{section}` is empty, so Rasa would choose its default"
            )
        for component in components:
            name = str(component["name"]).rpartition(".")[2]
            if name in TENSORFLOW_COMPONENTS:
                raise TensorFlowComponentNamed(f"`{section}` names {name}")


def _give_back_removed_names() -> None:
    # jwt leaves RSAAlgorithm out when `cryptography` is absent; Rasa's Bot Framework channel asks.
    import jwt.algorithms
    import numpy
    import packaging.version

    _give_back(numpy, "VisibleDeprecationWarning", numpy.exceptions.VisibleDeprecationWarning)
    for module, name in ((packaging.version, "LegacyVersion"), (jwt.algorithms, "RSAAlgorithm")):
        _give_back(module, name, _unusable_class(f"{module.__name__}.{name}", object))


def _give_back(module: types.ModuleType, name: str, replacement: type) -> None:
    # Not hasattr: numpy answers for names it has removed, with a warning or a longer error.
    if name not in vars(module):
        setattr(module, name, replacement)


def _member(owner: Any, owner_name: str, attribute: str) -> Any:
    if attribute.startswith("__"):
        raise AttributeError(f"{owner_name} is a stand-in and has no {attribute}")
    member = _stand_in_for(f"{owner_name}.{attribute}")
    setattr(owner, attribute, member)
    return member


def _stand_in_for(name: str) -> Any:
    if name == "structlog_sentry.SentryProcessor":
        return _report_nothing
    if name.endswith("_EXCEPTIONS"):
        return ()
    if _names_an_exception(name):
        return _unusable_class(name, Exception)
    return StandIn(name)


def _names_an_exception(name: str) -> bool:
    # `except` needs a real exception class, or the error that was to be caught is lost.
    *_, module, attribute = name.split(".")
    return attribute.endswith(("Error", "Exception")) or module in {"errors", "exceptions"}


def _report_nothing(**_keywords: Any) -> Callable[[Any, str, Any], Any]:
    # The one stand-in Rasa calls in ordinary use: its command line puts it in the chain of loggers.
    return lambda _logger, _method, event: event


def _unusable_class(name: str, base: type) -> type:
    def refuse(_cls: type, *_arguments: Any, **_keywords: Any) -> Any:
        raise StandInUsed(name)

    return type(name.rpartition(".")[2], (base,), {"__new__": refuse, "__module__": __name__})
