"""Entities: catalogue words by spaCy, sizes, money, days, names and topics, exact in the text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import stand_ins

stand_ins.install()

from rasa.shared.nlu.constants import ENTITIES, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from nlu.catalogue import (  # noqa: E402
    CatalogueEntry,
    CatalogueSnapshot,
    current_snapshot,
    read_snapshot,
    set_snapshot,
    snapshot_of,
)
from nlu.catalogue_entities import CatalogueEntityExtractor  # noqa: E402
from nlu.catalogue_matcher import CatalogueMatcher  # noqa: E402
from nlu.entity_finder import EntityFinder  # noqa: E402
from nlu.measures import find_measures  # noqa: E402
from nlu.names import find_names  # noqa: E402
from nlu.topics import find_topics  # noqa: E402

PRODUCTS = [
    {
        "product_id": "ridge-gtx",
        "name": {"ko": "릿지 GTX", "en": "Ridge GTX"},
        "synonyms": {"ko": ["릿지"], "en": ["ridge boots"]},
    },
]
WORDS = {
    "categories": [
        {
            "id": "running_shoes",
            "label": {"ko": "러닝화", "en": "Running shoes"},
            "synonyms": {"ko": ["런닝화"], "en": []},
        },
        {"id": "hiking_shoes", "label": {"ko": "등산화", "en": "Hiking boots"}},
        {"id": "socks", "label": {"ko": "양말", "en": "Socks"}},
    ],
    "other_brands": [
        {"id": "nike", "label": {"ko": "나이키", "en": "Nike"}},
        {"id": "keen", "label": {"ko": "킨", "en": "Keen"}},
    ],
    "colours": [{"id": "black", "label": {"ko": "검정", "en": "black"}}],
    "activities": [
        {"id": "hiking", "label": {"ko": "등산", "en": "hiking"}},
        {
            "id": "running",
            "label": {"ko": "달리기", "en": "running"},
            "synonyms": {"ko": [], "en": ["run"]},
        },
    ],
}
MATCHER = CatalogueMatcher(snapshot_of(PRODUCTS, WORDS))


@pytest.fixture
def snapshot() -> Iterator[CatalogueSnapshot]:
    before = current_snapshot()
    set_snapshot(MATCHER.snapshot)
    yield MATCHER.snapshot
    set_snapshot(before)


def catalogue_words(text: str) -> list[tuple[str, str, str]]:
    return [(one.entity, one.value, text[one.start : one.end]) for one in MATCHER.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("런닝화를 사고 싶어요", [("category", "running_shoes", "런닝화")]),
        ("런닝화있어요?", [("category", "running_shoes", "런닝화")]),
        (
            "나이키런닝화 270",
            [("brand", "nike", "나이키"), ("category", "running_shoes", "런닝화")],
        ),
        ("등산화 추천", [("category", "hiking_shoes", "등산화")]),
        ("등산을 좋아해요", [("activity", "hiking", "등산")]),
        ("릿지GTX 있나요", [("product", "ridge-gtx", "릿지GTX")]),
        ("the RIDGE  gtx, please", [("product", "ridge-gtx", "RIDGE  gtx")]),
        ("a hiking boot", [("category", "hiking_shoes", "hiking boot")]),
        ("Nike's shoes", [("brand", "nike", "Nike's")]),
        ("검정색으로", [("colour", "black", "검정")]),
        ("킨 있어요?", [("brand", "keen", "킨")]),
        ("I run daily", [("activity", "running", "run")]),
        ("runing shoes pls", [("category", "running_shoes", "runing shoes")]),
        ("a hikign boot", [("category", "hiking_shoes", "hikign boot")]),
        ("runnning shoes", [("category", "running_shoes", "runnning shoes")]),
    ],
)
def test_catalogue_words_end_where_the_word_does(
    text: str, found: list[tuple[str, str, str]]
) -> None:
    assert catalogue_words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "태양 말고 그늘이요",  # 양말 put together from two words
        "치킨 먹고 싶다",  # 킨 inside a word
        "do they run small?",
        "I am keenly interested",
        "are you hiring",  # another word, and no slip of "hiking"
        "",
    ],
)
def test_words_are_not_found_inside_others(text: str) -> None:
    assert catalogue_words(text) == []


def test_a_catalogue_is_taken_in_without_kiwi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlu.spans._morphemes", None)
    words = {**WORDS, "colours": [{"id": "red", "label": {"ko": "새빨간", "en": "red"}}]}
    assert CatalogueMatcher(snapshot_of(PRODUCTS, words)).find("레몬 맛") == []


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="런닝화를나이키 릿지GTX270등산양말검정킨?😀ab\n", max_size=40))
def test_offsets_are_exact_and_words_do_not_overlap(text: str) -> None:
    found = MATCHER.find(text)
    phrases = {
        "".join(phrase.split()).casefold()
        for entry in MATCHER.snapshot.entries
        for phrase in entry.phrases
    }
    for one in found:
        assert "".join(text[one.start : one.end].split()).casefold() in phrases
    assert all(first.end <= second.start for first, second in pairwise(found))


def measures(text: str) -> list[tuple[str, str, str, str | None]]:
    found = find_measures(text)
    return [(one.entity, one.value, text[one.start : one.end], one.role) for one in found]


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("270 있어요?", "270", "270"),
        ("265mm로 주세요", "265", "265mm"),
        ("27.5cm예요", "275", "27.5cm"),
        ("26센치요", "260", "26센치"),
        ("US 9.5", "9.5", "9.5"),
        ("my size is 9 1/2", "9.5", "9 1/2"),
        ("I wear a 10", "10", "10"),
        ("in a men's 11?", "11", "11"),
        ("size 8s", "8", "8"),
        ("9 wide", "9", "9"),
        ("10.5", "10.5", "10.5"),
        ("M 사이즈", "M", "M"),
        ("xl 있나요", "XL", "xl"),
        ("in medium please", "M", "medium"),
        ("라지로 주세요", "L", "라지"),
        ("아이 옷 90 사이즈요", "90", "90 사이즈"),
        ("kids 110", "110", "110"),
        ("딸은 신발 190 신어요", "190", "190"),
    ],
)
def test_sizes(text: str, value: str, words: str) -> None:
    sizes = [(one[1], one[2]) for one in measures(text) if one[0] == "size"]
    assert sizes == [(value, words)]


@pytest.mark.parametrize(
    "text",
    [
        "주문번호 270123",
        "270원",
        "270개 주문",
        "250 dollars",
        "$250",
        "3시 30분",
        "010-2701-2255",
        "at 9 am",
        "it's fine",
        "I'm 40 years old",
        "2260",
        "a large backpack is fine",
        "5월 3일",
    ],
)
def test_other_numbers_and_letters_are_no_sizes(text: str) -> None:
    assert [one for one in measures(text) if one[0] == "size"] == []


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("발볼이 넓어요", "wide"),
        ("와이드로요", "wide"),
        ("270 와이드", "wide"),
        ("볼 넓은 신발", "wide"),
        ("앞이 넓은 발 모양", "wide"),
        ("my feet are broad", "wide"),
        ("9.5 wide", "wide"),
        ("4E 있어요?", "wide"),
        ("발볼이 좁은 편", "narrow"),
        ("narrow feet", "narrow"),
        ("regular width", "regular"),
    ],
)
def test_widths(text: str, width: str) -> None:
    assert [one[1] for one in measures(text) if one[0] == "width"] == [width]


@pytest.mark.parametrize(
    ("text", "value", "role"),
    [
        ("10만원 이하", "100000 KRW", "at_most"),
        ("3만 5천원", "35000 KRW", None),
        ("1.5만원", "15000 KRW", None),
        ("35,000원 정도", "35000 KRW", "around"),
        ("십오만원 안쪽으로", "150000 KRW", "at_most"),
        ("만원 넘나요", "10000 KRW", "at_least"),
        ("5만원대", "50000 KRW", "around"),
        ("5천원", "5000 KRW", None),
        ("under $100", "100 USD", "at_most"),
        ("$99.50", "99.50 USD", None),
        ("around 80 bucks", "80 USD", "around"),
        ("more than 1,200 dollars", "1200 USD", "at_least"),
        ("I don't want to spend more than $80", "80 USD", "at_most"),
        ("100불까지", "100 USD", "at_most"),
    ],
)
def test_money(text: str, value: str, role: str | None) -> None:
    assert [(one[1], one[3]) for one in measures(text) if one[0] == "money"] == [(value, role)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("결혼기념일은 5월 3일이에요", "05-03"),
        ("2024년 7월 12일", "2024-07-12"),
        ("98년 12월 1일생", "1998-12-01"),
        ("2024-07-12", "2024-07-12"),
        ("May 3", "05-03"),
        ("july 12th, 2024", "2024-07-12"),
        ("the 3rd of May", "05-03"),
        ("12/25", "12-25"),
        ("2월 29일", "02-29"),
    ],
)
def test_days(text: str, value: str) -> None:
    assert [one[1] for one in measures(text) if one[0] == "date"] == [value]


@pytest.mark.parametrize("text", ["13월 1일", "2월 30일", "2023년 2월 29일", "May 32", "9 1/2"])
def test_days_that_do_not_exist(text: str) -> None:
    assert [one for one in measures(text) if one[0] == "date"] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("제 이름은 김민수예요", "김민수"),
        ("이름은 최유진입니다", "최유진"),
        ("저는 박준호라고 해요", "박준호"),
        ("지훈이라고 불러 주세요", None),
        ("저를 지훈이라고 불러 주세요", "지훈"),
        ("My name is Sarah", "Sarah"),
        ("call me Jen", "Jen"),
        ("call me back", None),
        ("내 이름은 뭐야", None),
        ("저는 270 신어요", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert [one.value for one in find_names(text)] == ([name] if name else [])


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("forget my birthday", "fact_kind", "birthday"),
        ("결혼기념일 지워줘", "fact_kind", "anniversary"),
        ("제 이름 잊어줘", "fact_kind", "name"),
        ("발볼 정보", "fact_kind", "width"),
        ("my wife's birthday", "person", "wife"),
        ("우리 딸 생일", "person", "daughter"),
        ("what time do you close", "store_topic", "hours"),
        ("몇 시까지 해요", "store_topic", "hours"),
        ("배송비 얼마예요", "store_topic", "delivery"),
        ("return policy", "store_topic", "returns"),
        ("카카오페이 되나요", "store_topic", "payment"),
        ("방수 되나요", "product_topic", "waterproof"),
        ("AS 되나요", "product_topic", "warranty"),
        ("a/s기간이요", "product_topic", "warranty"),
        ("what is it made of", "product_topic", "material"),
        ("신발이 불량이에요", "problem", "broken"),
    ],
)
def test_topics(text: str, entity: str, value: str) -> None:
    assert (entity, value) in [(one.entity, one.value) for one in find_topics(text)]


@pytest.mark.parametrize(
    "text",
    [
        "딸기 주세요",
        "페이지가 안 열려요",
        "Madison",
        "wonderful",
        "please ask as soon",
        "ASAP 배송",
    ],
)
def test_topics_are_not_found_inside_words(text: str) -> None:
    found = {one.value for one in find_topics(text)}
    assert not found & {"daughter", "payment", "son", "father", "warranty"}


def test_rasa_gets_entities_with_role_and_extractor(snapshot: CatalogueSnapshot) -> None:
    text = "10만원 이하 런닝화를"
    (message,) = CatalogueEntityExtractor({}).process([Message({TEXT: text})])
    assert message.get(ENTITIES) == [
        {
            "entity": "money",
            "value": "100000 KRW",
            "start": 0,
            "end": 4,
            "extractor": "CatalogueEntityExtractor",
            "role": "at_most",
        },
        {
            "entity": "category",
            "value": "running_shoes",
            "start": 8,
            "end": 11,
            "extractor": "CatalogueEntityExtractor",
        },
    ]


def test_a_new_catalogue_is_used_from_the_next_message_on(snapshot: CatalogueSnapshot) -> None:
    finder = EntityFinder()
    assert finder.find("구름이끼 있어요") == []
    entry = CatalogueEntry("product", "cloudmoss", ("구름이끼",))
    set_snapshot(CatalogueSnapshot((*snapshot.entries, entry)))
    assert [one.value for one in finder.find("구름이끼 있어요")] == ["cloudmoss"]


def test_the_catalogue_wins_no_word_that_a_measure_has_read(snapshot: CatalogueSnapshot) -> None:
    wide = CatalogueEntry("width", "wide", ("와이드",))
    set_snapshot(CatalogueSnapshot((*snapshot.entries, wide)))
    widths = [one for one in EntityFinder().find("270 와이드") if one.entity == "width"]
    assert [(one.value, one.start, one.end) for one in widths] == [("wide", 4, 7)]


def test_without_catalogue_files_nothing_is_named(tmp_path: Path) -> None:
    assert read_snapshot(tmp_path) == CatalogueSnapshot()
    assert CatalogueMatcher(read_snapshot(tmp_path)).find("나이키 런닝화") == []


def test_catalogue_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "products.yml").write_text(
        "products: [{product_id: a, name: {ko: 가, en: A}, synonyms: {ko: [나], en: [B, A]}}]",
        encoding="utf-8",
    )
    (tmp_path / "store.yml").write_text(
        "colours: [{id: red, label: {ko: 빨강, en: red}}]", encoding="utf-8"
    )
    assert read_snapshot(tmp_path).entries == (
        CatalogueEntry("product", "a", ("가", "A", "나", "B")),
        CatalogueEntry("colour", "red", ("빨강", "red")),
    )
