"""An import that is killed, wherever, and run again ends where one that was not killed ends: in the
database and in the file of rejected rows.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import PROJECT
from tests import keyring
from tests.fork_server import ForkServer, fork_server
from tests.import_shop import ImportShop
from tests.postgres import fresh_database, wait_for

KINDS = ("suppressions", "customers", "products", "orders", "events", "consents")
BAD_EVERY = 7
ROWS = 60
STRIDE = 5
"""Every so manyth statement a kill: all of them are tried over the kinds."""

COUNTS = {
    "customers": "SELECT name, language FROM customers ORDER BY 1",
    "addresses": "SELECT kind, value, proof FROM addresses ORDER BY 1, 2",
    "facts": "SELECT kind, value FROM facts ORDER BY 1, 2",
    "due": "SELECT kind, about FROM due ORDER BY 1, 2",
    "orders": "SELECT order_id, total FROM orders ORDER BY 1",
    "order_lines": "SELECT order_id, line, product_id FROM order_lines ORDER BY 1, 2",
    "events": "SELECT message_id, properties FROM events ORDER BY 1",
    "consents": "SELECT purpose, action, evidence->>'import' FROM consents ORDER BY 1, 2, 3",
    "suppressions": "SELECT kind, reason, value_index FROM suppressions ORDER BY 1, 2, 3",
    "products": "SELECT product FROM products ORDER BY product_id",
    "imports": "SELECT kind, rows_done, rows_rejected, finished_at IS NULL FROM imports",
}


def content(kind: str, count: int = ROWS) -> str:
    """A file in which every seventh row is wrong."""
    lines = {
        "suppressions": ("phone,reason", "{phone},list"),
        "customers": (
            "customer_id,name,phone,birthday,shoe_size",
            'm-{n},"이름 {n}",{phone},05-{day},270',
        ),
        "products": (
            "product_id,name,category,price_krw,size,stock",
            "p-{group},상품 {group},hiking_shoes,{bad}1000,{n},3",
        ),
        "orders": (
            "order_id,customer_id,ordered_at,total,product_id,quantity,unit_price",
            "o-{group},m-{group},2026-11-01,{bad}3000,p-{n},1,1000",
        ),
        "events": (
            "event,customer_id,timestamp,product_id",
            "Product Viewed,m-{n},2026-11-01 10:00:{day},{bad}p-{n}",
        ),
        "consents": (
            "customer_id,phone,action,text,at,source",
            "m-{n},{phone},Y,동의합니다,2026-01-{day},가입",
        ),
    }
    head, line = lines[kind]
    written = [head]
    for n in range(count):
        is_bad = n % BAD_EVERY == 3
        phone = "12" if is_bad else f"0102{n:07d}"
        row = line.format(
            n=n, group=n // 3, phone=phone, day=f"{n % 28 + 1:02d}", bad="x" if is_bad else ""
        )
        if kind == "events" and is_bad:
            row = row.replace("2026-11-01", "gestern")
        written.append(row)
    return "\n".join(written) + "\n"


def outcome(shop: ImportShop, path: Path) -> dict[str, object]:
    """What is to be the same."""
    found: dict[str, object] = {name: shop.ask(question) for name, question in COUNTS.items()}
    rejected = path.with_name(f"{path.name}.rejected.csv")
    found["rejected"] = rejected.read_text("utf-8-sig") if rejected.exists() else ""
    return found


@pytest.fixture(scope="module")
def forks() -> Iterator[ForkServer]:
    with fork_server("tests.dying_import") as started:
        yield started


def made(url: str, folder: Path) -> ImportShop:
    folder.mkdir()
    shop = ImportShop(url, folder)
    shop.bring("customers", "customer_id\n" + "".join(f"m-{n}\n" for n in range(0, ROWS, 2)))
    return shop


@pytest.mark.parametrize("kind", KINDS)
def test_killed_before_any_statement_and_run_again_it_is_as_if_never_killed(
    kind: str, postgres_url: str, migrated_template: str, tmp_path: Path, forks: ForkServer
) -> None:
    with (
        fresh_database(postgres_url, template=migrated_template, is_durable=False) as undisturbed,
        fresh_database(postgres_url, template=migrated_template, is_durable=False) as killed,
    ):
        wanted_shop = made(undisturbed, tmp_path / "undisturbed")
        path = wanted_shop.file(kind, content(kind))
        wanted_shop.bring(kind, content(kind))
        wanted = outcome(wanted_shop, path)
        wanted_shop.engine.dispose()
        shop = made(killed, tmp_path / "killed")
        path = shop.file(kind, content(kind))
        given = {"url": killed, "home": str(tmp_path), "kind": kind, "path": str(path)}
        deaths, dies_before, status = 0, 1, -signal.SIGKILL
        while status:
            forks.begin("tests.dying_import:run", **given, chunk=30, dies_before=dies_before)
            status = forks.ended()
            assert status in (0, -signal.SIGKILL)
            deaths += status != 0
            # It gets a little further each time, and dies at every kind of statement.
            dies_before += STRIDE
        assert deaths > 3
        assert outcome(shop, path) == wanted
        shop.engine.dispose()


def test_the_command_is_killed_at_any_moment_and_says_where_it_goes_on(
    database_url: str, tmp_path: Path
) -> None:
    """The real command, kill -9 three times in the middle, then left alone."""
    shop = ImportShop(database_url, tmp_path)
    path = shop.file("customers", content("customers", 8_000))
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **keyring.ENVIRONMENT,
        "DATABASE_URL": database_url,
        "DANGOL_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(PROJECT),
    }
    chance = random.Random(4)
    done = 0

    def rows_done() -> int:
        return int(shop.ask("SELECT coalesce(max(rows_done), 0) FROM imports")[0][0])

    for _ in range(3):
        command = [sys.executable, "-m", "command", "import", "customers", str(path)]
        running = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        before = done + chance.randrange(1, 1500)
        wait_for(lambda: rows_done() >= before or running.poll() is not None, seconds=60)  # noqa: B023
        running.kill()
        running.communicate()
        done = rows_done()
    assert 0 < done < 8_000
    last = subprocess.run(
        [sys.executable, "-m", "command", "import", "customers", str(path)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = len(range(3, 8_000, BAD_EVERY))
    assert last.returncode == 3, last.stderr
    assert f"{done:,} rows are in already" in last.stderr
    assert f"{wrong:,} of 8,000 rows are not in" in last.stdout
    assert shop.ask("SELECT count(*) FROM customers") == [(8_000 - wrong,)]
    assert len(shop.rejected("customers").splitlines()) == wrong + 1
    shop.engine.dispose()
