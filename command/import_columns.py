"""What the columns of a file may be called, in Korean and in English. docs/import.md has the same
table, and a test holds the two together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Names = Mapping[str, Sequence[str]]

_CUSTOMER_ID: Names = {
    "customer_id": (
        *("customer_id", "user_id", "member_id", "customer"),
        *("고객번호", "고객ID", "고객아이디", "회원번호", "회원ID", "회원아이디", "아이디"),
    )
}
_ADDRESSES: Names = {
    "phone": (
        *("phone", "mobile", "mobile_phone", "phone_number", "cell"),
        *("휴대폰번호", "휴대폰", "휴대전화", "휴대전화번호", "핸드폰", "핸드폰번호"),
        *("전화번호", "연락처"),
    ),
    "email": ("email", "email_address", "이메일", "이메일주소", "메일"),
}
_WHO: Names = {**_CUSTOMER_ID, **_ADDRESSES}

COLUMNS: Mapping[str, Names] = {
    "products": {
        "product_id": ("product_id", "product_code", "상품번호", "상품코드", "상품ID"),
        "name_ko": ("name_ko", "name", "product_name", "상품명", "제품명", "이름"),
        "name_en": ("name_en", "english_name", "영문상품명", "영문명"),
        "category": ("category", "카테고리", "분류", "상품분류"),
        "brand": ("brand", "브랜드"),
        "price_krw": ("price_krw", "krw", "판매가", "가격", "정가", "판매가격"),
        "price_usd": ("price_usd", "usd", "달러가격"),
        "price": ("price",),
        "currency": ("currency", "통화"),
        "for_whom": ("for_whom", "gender", "대상", "성별"),
        "description_ko": ("description_ko", "description", "상품설명", "설명"),
        "description_en": ("description_en", "영문설명"),
        "material_ko": ("material_ko", "material", "소재"),
        "material_en": ("material_en", "영문소재"),
        "activities": ("activities", "activity", "활동", "용도"),
        "synonyms_ko": ("synonyms_ko", "synonyms", "별칭"),
        "synonyms_en": ("synonyms_en", "영문별칭"),
        "picture": ("picture", "image", "이미지", "사진"),
        "added_on": ("added_on", "등록일"),
        "sku": ("sku", "variant_sku", "옵션코드", "품목코드"),
        "size": ("size", "사이즈", "크기"),
        "size_us": ("size_us", "미국사이즈"),
        "width": ("width", "발볼"),
        "colour": ("colour", "color", "색상", "색"),
        "stock": ("stock", "inventory", "재고", "재고수량"),
        "variants": ("variants",),
    },
    "customers": {
        **_WHO,
        "name": ("name", "full_name", "customer_name", "이름", "고객명", "성명", "회원명"),
        "language": ("language", "locale", "언어"),
        "country": ("country", "country_code", "국가", "나라"),
        "time_zone": ("time_zone", "timezone", "시간대"),
        "joined_at": ("joined_at", "created_at", "signed_up_at", "가입일", "가입일시", "등록일"),
        "birthday": ("birthday", "birth_date", "date_of_birth", "생일", "생년월일"),
        "anniversary": ("anniversary", "wedding_anniversary", "기념일", "결혼기념일"),
        "shoe_size": ("shoe_size", "신발사이즈", "발사이즈"),
    },
    "orders": {
        **_WHO,
        "order_id": ("order_id", "order_number", "주문번호", "주문ID", "영수증번호"),
        "ordered_at": (
            *("ordered_at", "order_date", "purchased_at", "created_at"),
            *("주문일시", "주문일", "주문일자", "결제일시", "결제일", "구매일", "거래일시"),
        ),
        "total": (
            *("total", "order_total", "amount", "총금액", "주문금액", "결제금액", "총액"),
            *("합계", "금액"),
        ),
        "currency": ("currency", "통화", "화폐"),
        "product_id": ("product_id", "product_code", "상품번호", "상품코드", "상품ID"),
        "sku": ("sku", "variant_sku", "옵션코드", "품목코드"),
        "quantity": ("quantity", "qty", "수량"),
        "unit_price": ("unit_price", "price", "단가", "판매가", "상품금액"),
        "store": ("store", "till", "매장", "매장명", "지점", "점포"),
    },
    "events": {
        **_WHO,
        "event": ("event", "event_name", "name", "이벤트", "이벤트명", "행동"),
        "occurred_at": (
            *("occurred_at", "timestamp", "event_time", "time", "발생일시", "일시", "시각"),
        ),
        "message_id": ("message_id", "event_id", "이벤트ID", "이벤트번호"),
        "properties": ("properties", "속성"),
    },
    "consents": {
        **_WHO,
        "purpose": ("purpose", "consent_type", "목적", "동의항목", "동의구분"),
        "action": ("action", "status", "consent", "동의여부", "수신동의", "수신여부", "상태"),
        "text": ("text", "consent_text", "wording", "동의문구", "동의내용", "문구"),
        "at": ("at", "date", "consented_at", "동의일시", "동의일", "동의일자", "일시", "날짜"),
        "source": ("source", "channel", "출처", "동의경로", "경로", "수집경로"),
    },
    "suppressions": {
        **_ADDRESSES,
        "at": ("at", "date", "수신거부일시", "수신거부일", "거부일", "거부일시", "등록일"),
    },
}

_WHO_IS_IT = ("customer_id", "phone", "email")
REQUIRED: Mapping[str, Sequence[Sequence[str]]] = {
    "products": (
        *(("product_id",), ("name_ko", "name_en"), ("category",)),
        *(("price_krw", "price_usd", "price"), ("stock", "variants")),
    ),
    "customers": (_WHO_IS_IT,),
    "orders": (("order_id",), ("ordered_at",), ("total",), _WHO_IS_IT),
    "events": (("event",), ("occurred_at",), _WHO_IS_IT),
    "consents": (("action",), _WHO_IS_IT),
    "suppressions": (("phone", "email"),),
}
"""For each kind: of every group one column at least."""

KINDS = tuple(COLUMNS)
ADDED = ("rejected_row", "rejected_reason", "rejected_line")
"""What a file of rejected rows has besides; mended, it can be imported as it is."""
PREFIX = "properties."
"""A column `properties.colour` of events holds their property `colour`."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column of a file holds what."""

    fields: Mapping[str, str]
    """Field → the column's name in the file."""
    others: Sequence[str]
    """Columns that are none of ours."""


def match(kind: str, found: Sequence[str]) -> Columns:
    """What the columns of a file hold; of two that could be one field, the name that stands first
    in `COLUMNS` counts."""
    by_name = {folded(name): name for name in reversed(found)}
    fields: dict[str, str] = {}
    for field, names in COLUMNS[kind].items():
        known = next((by_name[folded(name)] for name in names if folded(name) in by_name), None)
        if known is not None and known not in fields.values():
            fields[field] = known
    taken = {*fields.values(), *ADDED}
    return Columns(fields=fields, others=tuple(name for name in found if name not in taken))


def missing(kind: str, columns: Columns) -> list[Sequence[str]]:
    """The groups of `REQUIRED` of which no column is there."""
    return [group for group in REQUIRED[kind] if not columns.fields.keys() & set(group)]


def folded(name: str) -> str:
    """A column's name without what files disagree about: case, spaces, hyphens, full width."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in plain if sign.isalnum() or sign == ".")
