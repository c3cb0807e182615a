"""What an import says on the command line and in the file of rejected rows, in Korean and English.
A reason says what to do about it.
"""

from __future__ import annotations

from collections.abc import Mapping

from command.import_errors import NotRead
from command.words import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "ko": {
        "no_such_file": "{file}: 그런 파일이 없음",
        "file_not_readable": "{file}: 읽을 권한이 없음",
        "file_empty": "파일이 비어 있음",
        "old_excel": "옛 엑셀 파일(.xls): 엑셀에서 .xlsx로 저장한 뒤 다시 가져올 것",
        "not_excel": "엑셀 파일을 열 수 없음: 엑셀에서 다시 저장하거나 CSV로 저장할 것",
        "json_list": "JSON 목록([…])은 읽지 않음: 한 줄에 객체 하나씩 쓸 것(JSON Lines)",
        "columns_missing": (
            "없는 열: {missing}. 파일에 있는 열: {found}. 열 이름은 docs/import.md 참고"
        ),
        "face": "시간대가 없는 날짜는 {zone}, 통화가 없는 금액은 {currency}로 읽음(--face)",
        "no_suppressions": (
            "수신거부 명단을 아직 가져오지 않았음: 먼저 ./dangol import suppressions 파일"
            " 을 실행해야 명단에 있는 사람에게 아무것도 보내지 않음"
        ),
        "passed_over": "읽지 않는 열: {names}",
        "goes_on": "{rows}행까지 들어가 있음: 그다음부터 이어 감",
        "rows": "{rows}행",
        "rate": "초당 {rate}행",
        "left": "남은 시간 {left}",
        "all_in": "{file}: {rows}행을 모두 가져옴({seconds}초, 초당 {rate}행)",
        "some_in": (
            "{file}: {rows}행 가운데 {rejected}행을 다 가져오지 못함({seconds}초, 초당 {rate}행)."
            " 까닭은 {rejects} 에 있음: 고쳐서 그 파일을 다시 가져오면 됨"
        ),
    },
    "en": {
        "no_such_file": "There is no file {file}.",
        "file_not_readable": "{file} may not be read: see its permissions.",
        "file_empty": "The file is empty.",
        "old_excel": "This is an old Excel file (.xls): save it as .xlsx and import that.",
        "not_excel": "This Excel file cannot be opened: save it again, or as CSV.",
        "json_list": "A JSON list ([…]) is not read: write one object a line (JSON lines).",
        "columns_missing": (
            "Columns are missing: {missing}. The file has: {found}. docs/import.md has the names."
        ),
        "face": "Dates without a zone are {zone}'s, amounts without a currency {currency}: --face.",
        "no_suppressions": (
            "No suppressions have been imported yet. Run ./dangol import suppressions FILE first:"
            " nobody on that list is then written to, whatever is imported later."
        ),
        "passed_over": "Columns that are not read: {names}",
        "goes_on": "{rows} rows are in already; going on from there.",
        "rows": "{rows} rows",
        "rate": "{rate} rows/s",
        "left": "{left} left",
        "all_in": "{file}: all {rows} rows are in ({seconds} s, {rate} rows/s).",
        "some_in": (
            "{file}: {rejected} of {rows} rows are not in, or not all of them ({seconds} s, {rate}"
            " rows/s). {rejects} says why; mended, it can be imported as it is."
        ),
    },
}

REASONS: Mapping[Language, Mapping[str, str]] = {
    "ko": {
        "missing": "비어 있음: 값을 채울 것",
        "too_long": "너무 긺: {most}자까지",
        "too_many_cells": "열 이름보다 칸이 많음: 값 안의 쉼표는 따옴표로 감쌀 것",
        "quote_not_closed": "따옴표가 닫히지 않음: 따옴표를 닫거나 두 번 쓸 것",
        "not_text": "읽을 수 없는 글자가 있음: 파일을 UTF-8로 저장할 것",
        "not_json": "JSON 객체가 아님: 한 줄에 객체 하나씩 쓸 것",
        "not_an_object": 'JSON 객체가 아님: {{"이름": 값}} 꼴로 쓸 것',
        "not_a_moment": "날짜나 시각으로 읽을 수 없음({value}): 2026-11-27 15:05처럼 쓸 것",
        "not_a_day": "날짜로 읽을 수 없음({value}): 1988-05-03 또는 05-03처럼 쓸 것",
        "in_the_future": "미래의 날짜({value}): 날짜를 확인할 것",
        "not_an_amount": "금액으로 읽을 수 없음({value}): 12,000원이나 12000처럼 쓸 것",
        "half_a_coin": "{currency}로는 낼 수 없는 금액({value}): 통화를 확인할 것",
        "not_a_currency": "통화가 아님({value}): KRW나 USD처럼 쓸 것",
        "no_currency": "통화가 없음: currency 열을 더하거나 12,000원처럼 쓸 것",
        "not_a_number": "{least} 이상의 정수가 아님({value})",
        "not_a_shoe_size": "밀리미터 신발 사이즈가 아님({value}): 270처럼 쓸 것",
        "not_a_phone": "전화번호가 아님({value}): 고치거나 비울 것",
        "not_an_email": "이메일 주소가 아님({value}): 고치거나 비울 것",
        "not_a_zone": "시간대가 아님({value}): Asia/Seoul처럼 쓸 것",
        "not_a_language": "모르는 언어({value}): ko 또는 en",
        "not_a_country": "모르는 나라({value}): KR이나 US처럼 두 글자로 쓸 것",
        "not_a_purpose": "모르는 동의 목적({value}): marketing, night, service 가운데 하나",
        "not_an_action": "동의인지 거부인지 알 수 없음({value}): 동의 또는 거부",
        "not_for_whom": "모르는 대상({value}): 여성, 남성, 아동, 공용 가운데 하나",
        "nobody_named": "누구인지 알 수 없음: 고객번호, 전화번호, 이메일 가운데 하나를 채울 것",
        "nobody_named_by_address": "전화번호도 이메일도 없음: 하나를 채울 것",
        "totals_differ": "한 주문인데 행마다 총금액이 다름: 총금액은 모든 행에 같게 쓸 것",
        "customers_differ": "한 주문인데 행마다 고객이 다름: 모든 행에 같은 고객을 쓸 것",
        "rows_apart": "같은 번호의 행이 파일 앞쪽에 또 있음: 한데 모아 정렬할 것",
        "variants_alike": "같은 옵션이 두 번 있음: sku, 색상, 사이즈 가운데 하나는 달라야 함",
        "properties_too_large": "속성이 32KB보다 큼: 줄일 것",
        "consent_without_evidence": (
            "증거 없는 동의는 동의가 아님: {missing} 을(를) 채우거나 새로 동의를 받을 것"
        ),
        "refused_since": "그 뒤에 거부했음: 새로 동의를 받아야 함",
        "no_address": "그 고객의 전화번호를 모름: 고객을 먼저 가져오거나 전화번호를 채울 것",
        "several_addresses": "그 고객의 전화번호가 여럿임: 어느 번호의 동의인지 전화번호를 채울 것",
        "address_of_another": "다른 고객의 전화번호나 이메일임: 고객번호를 확인할 것",
        "phone_of_another": "전화번호를 뺀 나머지는 가져옴: 이미 다른 고객의 번호임",
        "email_of_another": "이메일을 뺀 나머지는 가져옴: 이미 다른 고객의 이메일임",
        "phone_takes_no_texts": "전화번호를 뺀 나머지는 가져옴: 문자를 받을 수 없는 번호임",
        "order_of_another": "이 주문번호는 이미 다른 고객의 주문임: 고객을 확인할 것",
        "order_of_another_store": (
            "이 고객에게 다른 매장의 같은 주문번호가 있음: 주문번호 앞에 매장 이름을 붙일 것"
        ),
        "product_of_the_shop": "이 상품은 쇼핑몰에서 이미 불러온 것임: 쇼핑몰에서 고칠 것",
    },
    "en": {
        "missing": "is empty: fill it in",
        "too_long": "is too long: at most {most} characters",
        "too_many_cells": "has more cells than there are columns: put quotes around a comma",
        "quote_not_closed": "opens a quote and never closes it: close it, or write it twice",
        "not_text": "has characters that cannot be read: save the file as UTF-8",
        "not_json": "is no JSON object: write one object a line",
        "not_an_object": 'is no JSON object: write it as {{"name": value}}',
        "not_a_moment": "is no date or time ({value}): write it as 2026-11-27 15:05",
        "not_a_day": "is no day ({value}): write it as 1988-05-03 or 05-03",
        "in_the_future": "lies in the future ({value}): check the date",
        "not_an_amount": "is no amount ({value}): write it as $1,299.00 or 1299.00",
        "half_a_coin": "cannot be paid in {currency} ({value}): check the currency",
        "not_a_currency": "is no currency ({value}): write KRW or USD",
        "no_currency": "names no currency: add a column currency, or write $12.50",
        "not_a_number": "is no whole number from {least} on ({value})",
        "not_a_shoe_size": "is no shoe size in millimetres ({value}): write it as 270",
        "not_a_phone": "is no telephone number ({value}): correct it or leave it empty",
        "not_an_email": "is no e-mail address ({value}): correct it or leave it empty",
        "not_a_zone": "is no time zone ({value}): write it as America/New_York",
        "not_a_language": "is no language of ours ({value}): ko or en",
        "not_a_country": "is no country ({value}): two letters, such as US",
        "not_a_purpose": "is no purpose ({value}): marketing, night or service",
        "not_an_action": "is neither yes nor no ({value}): given or refused",
        "not_for_whom": "is for nobody known ({value}): women, men, children or everyone",
        "nobody_named": "names nobody: fill in customer_id, phone or email",
        "nobody_named_by_address": "has neither phone nor email: fill in one",
        "totals_differ": "differs between the rows of one order: repeat the order's total",
        "customers_differ": "is one order of different customers: name the same one on each row",
        "rows_apart": "comes again after other rows: sort the file so that they stand together",
        "variants_alike": "is there twice: sku, colour or size must differ",
        "properties_too_large": "is larger than 32 KB: make it smaller",
        "consent_without_evidence": (
            "is a consent without evidence, which is none: fill in {missing}, or ask them anew"
        ),
        "refused_since": "was refused since then: only a new consent counts",
        "no_address": "is of a customer without a number: import customers first, or fill in phone",
        "several_addresses": "is of a customer with several numbers: fill in phone",
        "address_of_another": "names another customer's phone or email: check customer_id",
        "phone_of_another": "is in but for its phone, which is another customer's already",
        "email_of_another": "is in but for its email, which is another customer's already",
        "phone_takes_no_texts": "is in but for its phone, which takes no texts",
        "order_of_another": "is another customer's order already: check the customer",
        "order_of_another_store": (
            "is the number of another store's order of theirs: put the store before the number"
        ),
        "product_of_the_shop": "is listed by the shop's own system already: change it there",
    },
}


def said(key: str, language: Language, **blanks: object) -> str:
    """A line for whoever runs the import."""
    return WORDS[language][key].format(**blanks)


def explained(error: NotRead, language: Language, names: Mapping[str, str]) -> str:
    """Why a row, or a file, was not taken. `names` are the file's own for the columns."""
    if error.reason in WORDS[language]:
        return said(error.reason, language, **error.blanks)
    reason = REASONS[language][error.reason].format(**error.blanks)
    column = error.blanks.get("column")
    return f"{names.get(str(column), column)}: {reason}" if column else reason
