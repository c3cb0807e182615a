"""What `export-customer` and `erase-customer` say, in Korean and English."""

from __future__ import annotations

from collections.abc import Mapping

from command.words import Language

RIGHTS: Mapping[Language, Mapping[str, str]] = {
    "ko": {
        "export_table": "{table}: {rows}건",
        "exported": "{who}: {rows}건을 {file} 파일에 저장함",
        "ask_erase": "{who}: 기록 {rows}건을 지움. 되돌릴 수 없음. 계속할까요?",
        "not_erased": "{who}: 지우지 않음",
        "was_erased": "{who}: {at}에 이미 지움",
        "erased_rows": "{table}: {rows}건 지움",
        "erased_kept": "{table}: {rows}건에서 이 사람과의 연결을 없앰",
        "erased": "{who}: 지움",
        "not_purged": "파일에 남은 흔적은 오늘 밤, 또는 --purge 로 바로 없어짐",
        "purged": "{who}: 데이터베이스 파일에서도 지움",
        "left_wal": "남은 일: 데이터베이스 서버의 WAL과 복제본은 운영자의 보관 기간을 따름",
        "left_backups": "남은 일: 백업은 운영자의 보관 기간이 지나야 없어짐",
        "left_checkpoint": "남은 일: CHECKPOINT 권한이 없어 서버가 다음에 할 때 기록됨",
        "left_statistics": "남은 일: 통계(pg_statistic)를 다시 쓸 권한이 없음",
        "blanked": "{file}: {lines}줄을 지움",
        "searched": "파일 {files}개({mb} MB)에서 {needles}가지를 찾음",
        "also_of_others": "{count}가지는 다른 사람의 기록에도 있어 세지 않음",
        "found_in": "아직 남음({kind}): {file}",
        "nothing_found": "아무것도 남지 않음",
        "nothing_to_look_for": "찾을 말이 없음: 예전에 지운 사람이면 --look-for 로 알려 줌",
    },
    "en": {
        "export_table": "{table}: {rows}",
        "exported": "{who}: {rows} rows written to {file}.",
        "ask_erase": "{who}: {rows} rows will be erased for good. Go on?",
        "not_erased": "{who} was not erased.",
        "was_erased": "{who} was erased already, at {at}.",
        "erased_rows": "{table}: {rows} deleted",
        "erased_kept": "{table}: {rows} cut off from the person",
        "erased": "{who} is erased.",
        "not_purged": "Its bytes go from the files tonight, or at once with --purge.",
        "purged": "{who} is gone from the files of the database as well.",
        "left_wal": "Left to you: WAL and replicas of the server follow your own retention.",
        "left_backups": "Left to you: backups hold it until they are deleted.",
        "left_checkpoint": "Left to you: no right to CHECKPOINT; the server will do it.",
        "left_statistics": "Left to you: no right to rewrite the statistics (pg_statistic).",
        "blanked": "{file}: {lines} lines blanked",
        "searched": "Looked through {files} files ({mb} MB) for {needles} things.",
        "also_of_others": "{count} of them are also in somebody else's rows, and do not count.",
        "found_in": "Still there ({kind}): {file}",
        "nothing_found": "Nothing is left.",
        "nothing_to_look_for": "Nothing to look for: name it with --look-for.",
    },
}
