"""The project as Rasa itself sees it: what `rasa data validate --fail-on-warnings` checks."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from agent import stand_ins
from tests.conversations.real_shop import ROOT

SAID_BY_ACTIONS = "is not used in any story or rule"
"""Rasa's remark on a response that an action utters; the others of its remarks are faults."""


@pytest.fixture(scope="module")
def validator() -> Any:
    stand_ins.install()
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"),
        str(ROOT / "domain.yml"),
        [str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules")],
    )
    return Validator.from_importer(importer)


def test_the_domain_and_the_rules_fit_together(validator: Any) -> None:
    assert validator.verify_domain_validity()
    assert validator.verify_actions_in_stories_rules()
    assert validator.verify_slot_mappings()
    assert validator.verify_story_structure(ignore_warnings=False)


def test_intents_sentences_and_responses_fit_together(validator: Any) -> None:
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        assert validator.verify_nlu(ignore_warnings=False)
    faults = [str(one.message) for one in remarks if SAID_BY_ACTIONS not in str(one.message)]
    assert faults == []
    unused_intents = [one for one in remarks if str(one.message).startswith("The intent")]
    assert unused_intents == []
