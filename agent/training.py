"""Training and publishing: the model is trained in a process of its own, which gives its memory
back, and becomes live as a release in the database (DESIGN rule 9).

`python -m agent.training --project DIR --home DIR` trains and prints where the model is.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from agent import patches, stand_ins
from marketing import service_texts
from marketing.errors import BadInput, NothingLive
from memory import clock, releases
from memory.engine import Engine
from nlu.faq_entries import read_entries
from nlu.uncollected import uncollected

log = logging.getLogger(__name__)

Progress = Callable[[str], None]

RASA_VERSION = "3.6.21"
LANGUAGES = ("ko", "en")
CHANNELS = ("web", "sms")
ALWAYS_SAID = ("utter_error", "utter_sorry", "utter_automatic_assistant")
"""Responses that the agent itself says."""

KEPT_MODELS = 5
"""Archives kept in DANGOL_HOME/models; older ones are deleted."""


class TrainingFailed(BadInput):
    """The model could not be trained: what Rasa found wrong stands in the log above."""


class WordsMissing(BadInput):
    """A response of domain.yml lacks a wording."""


@dataclass(frozen=True, kw_only=True)
class TrainedModel:
    """A model archive on disk."""

    path: Path
    inputs_digest: str


def inputs_digest(project: Path) -> str:
    """SHA-256 of everything a model is made from: config.yml, domain.yml, data/ (but not the
    catalogue, which is read live), the code of nlu/ and the version of Rasa."""
    digest = hashlib.sha256(RASA_VERSION.encode())
    for path in _inputs(project):
        digest.update(f"\0{path.relative_to(project).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def train(project: Path, home: Path, progress: Progress) -> TrainedModel:
    """Train in this process. `progress` is told what happens, in short sentences.

    Raises TrainingFailed, WordsMissing, nlu.faq_entries.BrokenFaq, or
    agent.stand_ins.TensorFlowComponentNamed.
    """
    digest = inputs_digest(project)
    _check(project)
    progress("Loading Rasa")
    stand_ins.install()
    models = home / "models"
    models.mkdir(parents=True, exist_ok=True)
    path = models / f"{digest[:16]}.tar.gz"
    cache = home / "rasa-cache"
    os.environ["RASA_CACHE_DIRECTORY"] = str(cache)
    with _alone(models), tempfile.TemporaryDirectory(dir=models, prefix="training-") as folder:
        tempfile.tempdir = folder
        progress("Training the model")
        with uncollected():
            _train(project, Path(folder), is_first=not cache.exists()).replace(path)
    tempfile.tempdir = None
    _delete_old(models)
    return TrainedModel(path=path, inputs_digest=digest)


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    """One training at a time in a home: Rasa's cache bears no more. The kernel gives the lock back
    however a process ends; what one that was killed has left is thrown away."""
    with (models / ".training").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in models.glob("training-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def train_apart(project: Path, home: Path, progress: Progress) -> TrainedModel:
    """Train in a fresh process, whose memory leaves with it. Raises TrainingFailed with the reason
    it gave."""
    command = [sys.executable, "-m", "agent.training", "--project", project, "--home", home]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(_import_path()),
        "LOG_LEVEL": "WARNING",  # no bars and notes of Rasa's beside our own progress
    }
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        told: dict[str, str] = {}
        for line in process.stdout or ():
            said = _told(line)
            if "progress" in said:
                progress(said["progress"])
            told.update(said)
    if process.returncode != 0 or "path" not in told:
        raise TrainingFailed(told.get("error"))
    return TrainedModel(path=Path(told["path"]), inputs_digest=told["inputs_digest"])


def trained(project: Path, home: Path, progress: Progress) -> TrainedModel:
    """The model of the present inputs: the one kept in `home`, else trained apart now."""
    digest = inputs_digest(project)
    path = home / "models" / f"{digest[:16]}.tar.gz"
    if path.exists():
        return TrainedModel(path=path, inputs_digest=digest)
    return train_apart(project, home, progress)


def publish(engine: Engine, project: Path, model: TrainedModel) -> int:
    """Make the model live with the words and files of `project`; returns the release's id.

    Raises WordsMissing.
    """
    words = words_of(project)
    files = {
        path.relative_to(project).as_posix(): path.read_text(encoding="utf-8")
        for path in _inputs(project)
        if path.suffix in {".yml", ".yaml"}
    }
    with engine.begin() as connection:
        return releases.publish(
            connection,
            inputs_digest=model.inputs_digest,
            files=files,
            words=words,
            model=model.path.read_bytes(),
            now=clock.business_now(connection),
        )


def train_if_needed(
    engine: Engine, project: Path, home: Path, progress: Progress, *, force: bool = False
) -> bool:
    """See to it that the live release was made from the present inputs. Returns False, having
    done nothing, if it was. `force` trains and publishes in any case."""
    if not force and _live_digest(engine) == inputs_digest(project):
        return False
    model = (train_apart if force else trained)(project, home, progress)
    progress("Publishing the model")
    publish(engine, project, model)
    return True


def words_of(project: Path) -> dict[str, list[dict[str, Any]]]:
    """The responses of domain.yml; each has a wording for both languages on both channels, and so
    have those the agent itself says. Raises WordsMissing."""
    from marketing import wording

    responses: dict[str, list[dict[str, Any]]] = _domain(project).get("responses") or {}
    for name in {*ALWAYS_SAID, *responses}:
        for language in LANGUAGES:
            for channel in CHANNELS:
                variants = responses.get(name) or []
                if wording.choose(variants, language=language, channel=channel) is None:
                    raise WordsMissing(
                        f"domain.yml: {name} has no wording for language {language} on {channel}."
                    )
    return responses


def _live_digest(engine: Engine) -> str | None:
    try:
        with engine.connect() as connection:
            return releases.live(connection).inputs_digest
    except NothingLive:
        return None


def _inputs(project: Path) -> Iterator[Path]:
    found = [project / "config.yml", *_domain_files(project)]
    found += (project / "data").rglob("*.yml")
    found += (project / "nlu").rglob("*.py")
    catalogue = project / "data" / "catalogue"
    for path in sorted(set(found)):
        if path.is_file() and catalogue not in path.parents:
            yield path


def _domain_files(project: Path) -> list[Path]:
    folder = project / "domain"
    return sorted(folder.rglob("*.yml")) if folder.is_dir() else [project / "domain.yml"]


def _domain(project: Path) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for path in _domain_files(project):
        text = path.read_text(encoding="utf-8")
        content: Mapping[str, Any] = yaml.load(text, yaml.CSafeLoader) or {}
        for key, value in content.items():
            merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    return merged


def _check(project: Path) -> None:
    """What can be told before Rasa is loaded."""
    for path in (project / "config.yml", *_domain_files(project)):
        if not path.is_file():
            raise TrainingFailed(f"{path} is missing.")
    config = yaml.safe_load((project / "config.yml").read_text(encoding="utf-8"))
    stand_ins.refuse_tensorflow_pipeline(config)
    for name, offered in service_texts.with_offers(words_of(project)):
        raise TrainingFailed(
            f"{name} is a service text and says {offered!r}: an offer needs the marks, the consent "
            "and the hours of an advertisement."
        )
    read_entries(project / "data" / "faq")


def _train(project: Path, folder: Path, *, is_first: bool) -> Path:
    """Rasa's own training, on a copy of config.yml, which it may rewrite. The first in a home need
    not look for what it could take from an earlier one."""
    import rasa.model_training

    patches.train_in_less_time()
    config = folder / "config.yml"
    shutil.copyfile(project / "config.yml", config)
    domain = project / "domain" if (project / "domain").is_dir() else project / "domain.yml"
    try:
        result = rasa.model_training.train(
            str(domain),
            str(config),
            [str(path) for path in _training_folders(project)],
            output=str(folder),
            fixed_model_name="model",
            force_training=is_first,
            core_additional_arguments={"augmentation_factor": 0},
        )
    except SystemExit as stopped:
        raise TrainingFailed from stopped
    except Exception as refused:
        raise TrainingFailed(f"Rasa refuses to train: {refused}") from refused
    if result.code != 0 or result.model is None:
        raise TrainingFailed
    return Path(result.model)


def _training_folders(project: Path) -> list[Path]:
    names = ("nlu", "rules", "stories")
    return [project / "data" / name for name in names if (project / "data" / name).is_dir()]


def _delete_old(models: Path) -> None:
    kept = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[KEPT_MODELS:]:
        path.unlink(missing_ok=True)


def _import_path() -> Sequence[str]:
    ours = str(Path(__file__).resolve().parent.parent)
    return [ours, *filter(None, [os.environ.get("PYTHONPATH")])]


def _told(line: str) -> dict[str, str]:
    """What the training process says to its parent; Rasa's own lines on stdout are not that."""
    if not line.startswith('{"training": '):
        return {}
    said: dict[str, str] = json.loads(line)["training"]
    return said


def _tell(**said: str) -> None:
    sys.stdout.write(json.dumps({"training": said}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Train as the command line asks; one JSON object a line on stdout tells the parent."""
    parser = argparse.ArgumentParser(prog="agent.training")
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    given = parser.parse_args()
    sys.path.insert(0, str(given.project))
    try:
        model = train(given.project, given.home, lambda said: _tell(progress=said))
    except (BadInput, ValueError) as error:
        log.error("%s", error, exc_info=error, extra={"action": "training_failed"})
        _tell(error=str(error))
        return 1
    _tell(path=str(model.path), inputs_digest=model.inputs_digest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
