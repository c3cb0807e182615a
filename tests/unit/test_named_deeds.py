"""What must be named of a deed before a message is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlu.flows import read_examples
from nlu.named_deeds import DEEDS, names

CONFIG = Path(__file__).resolve().parents[2] / "config.yml"


@pytest.mark.parametrize(
    ("deed", "text"),
    [
        ("end", "제 생일은 잊어 주세요"),
        ("end", "forget the birthday"),
        ("end", "don’t keep my shoe size"),
        ("end", "저장하지 말아 주세요"),
        ("keep", "stop noting what I say"),
        ("keep", "기억하지 마세요"),
        ("leave off", "기억하지 마세요"),
        ("leave off", "I don't want to be remembered"),
        ("get", "어제 딴 데서 샀어요"),
        ("get", "이모가 사 줬어요"),
        ("get", "I’ve one from my aunt"),
        ("get", "picked one up elsewhere"),
        ("tell", "11월에 다시요"),
        ("tell", "ask me in November"),
        ("undo", "번호 연결 끊어 주세요"),
        ("undo", "unlink my number"),
    ],
)
def test_a_deed_is_named(deed: str, text: str) -> None:
    assert names(text, deed)


@pytest.mark.parametrize(
    ("deed", "text"),
    [
        ("end", "the birthday"),
        ("end", "제 생일이요"),
        ("end", "my shoe size is 270"),
        ("keep", "don't order anything yet"),
        ("keep", "주문하지 마세요"),
        ("leave off", "be remembered"),
        ("leave off", "기억해 주세요"),
        ("get", "다른 매장"),
        ("get", "outlet yesterday"),
        ("tell", "noon in november"),
        ("tell", "11월"),
        ("tell", "Monday 뒤꿈치에 충분히"),
        ("undo", "전화번호 연결하고 싶어요"),
        ("undo", "link my number"),
    ],
)
def test_a_deed_is_not_named(deed: str, text: str) -> None:
    assert not names(text, deed)


def test_every_sentence_of_the_training_data_names_its_deed() -> None:
    pipeline = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["pipeline"]
    (deeds,) = (one["deeds"] for one in pipeline if "deeds" in one)
    assert {deed for several in deeds.values() for deed in several} == set(DEEDS)
    lacking = [
        one.text
        for one in read_examples()
        if not all(names(one.text, deed) for deed in deeds.get(one.intent, ()))
    ]
    assert lacking == []
