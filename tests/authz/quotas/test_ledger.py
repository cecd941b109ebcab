"""Quotas over processes: whatever they do at once, no counter ever goes over its limit."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authz.quotas import Charge, QuotaLedger, SqliteQuotaLedger
from authz.quotas.errors import QuotasUnusable
from authz.quotas.ledger_postgresql import PostgresqlQuotaLedger

DAY = 86_400.0
NOON = 1_780_000_000.0

HAMMER = """
import random, sys, time
from pathlib import Path
from authz.quotas import Charge, SqliteQuotaLedger
from authz.quotas.ledger_postgresql import PostgresqlQuotaLedger

place, seed, start = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
ledger = PostgresqlQuotaLedger(place) if "://" in place else SqliteQuotaLedger(Path(place))
chance = random.Random(seed)
given = 0
tries = 0
time.sleep(max(0.0, start - time.time()))
while time.time() < start + 20 and tries < 160:
    tries += 1
    amount = chance.randrange(1, 8)
    mine = Charge("user", 1_000, 86_400.0, amount)
    ours = Charge("contract", 1_500, 86_400.0, amount)
    look = Charge("values", 40, 86_400.0, marks=frozenset({str(chance.randrange(100))}))
    if ledger.settle([mine, ours], 1_780_000_000.0).fits:
        given += amount
    ledger.settle([look], 1_780_000_000.0)
print(given)
"""


class Opening:
    """Opens the same ledger, in a file or in a database, as each gateway would."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.opened: list[QuotaLedger] = []

    def __call__(self) -> QuotaLedger:
        is_database = "://" in self.place
        self.opened.append(PostgresqlQuotaLedger(self.place) if is_database else SqliteQuotaLedger(Path(self.place)))
        return self.opened[-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opening]:
    made = Opening(str(tmp_path / "q.sqlite3") if request.param == "sqlite" else request.getfixturevalue("state"))
    yield made
    for one in made.opened:
        one.close()


def test_four_processes_never_take_a_quota_over_its_limit(opening: Opening) -> None:
    opening().settle([], NOON)  # makes the tables
    command = [sys.executable, "-c", HAMMER, opening.place]
    start = str(time.time() + 2)
    running = [subprocess.Popen([*command, str(seed), start], stdout=subprocess.PIPE, text=True) for seed in range(4)]
    given = [int(process.communicate(timeout=60)[0]) for process in running]
    assert all(process.returncode == 0 for process in running)
    assert sum(amount > 0 for amount in given) > 1, "several took from it; who came late may have found it used up"
    ledger = opening()
    (balance,) = ledger.settle([Charge("user", 1_000, DAY, 0)], NOON).balances
    assert balance.before == sum(given) <= 1_000
    assert balance.before > 1_000 - 8  # nobody was refused while there was room
    (seen,) = ledger.settle([Charge("values", 40, DAY, marks=frozenset({"x"}))], NOON).balances
    assert seen.before == 40


def test_a_charge_that_does_not_fit_writes_nothing_of_what_belongs_together(opening: Opening) -> None:
    ledger = opening()
    wide, narrow = Charge("wide", 100, DAY, 6), Charge("narrow", 5, DAY, 6)
    assert not ledger.settle([wide, narrow], NOON).fits
    (balance,) = ledger.settle([Charge("wide", 100, DAY, 0)], NOON).balances
    assert balance.before == 0


def test_a_value_seen_again_is_counted_once(opening: Opening) -> None:
    ledger = opening()
    for mark in ("a", "b", "a", "a", "b"):
        assert ledger.settle([Charge("c", 2, DAY, marks=frozenset({mark}))], NOON).fits
    third = ledger.settle([Charge("c", 2, DAY, marks=frozenset({"x"}))], NOON)
    assert (third.fits, third.balances[0].before, third.balances[0].after) == (False, 2, 3)
    assert ledger.settle([Charge("c", 2, DAY, marks=frozenset({"a"}))], NOON).fits


def test_a_refusal_says_when_it_would_fit(opening: Opening) -> None:
    ledger = opening()
    for hour in (0, 5, 9):
        ledger.settle([Charge("c", 10, DAY, 3)], NOON + hour * 3_600)
    now = NOON + 10 * 3_600
    (balance,) = ledger.settle([Charge("c", 10, DAY, 4)], now).balances
    assert not balance.fits
    assert balance.frees_at is not None
    assert NOON + DAY <= balance.frees_at <= NOON + DAY + DAY / 24
    assert not ledger.settle([Charge("c", 10, DAY, 4)], balance.frees_at - 1).fits
    assert ledger.settle([Charge("c", 10, DAY, 4)], balance.frees_at).fits
    (never,) = ledger.settle([Charge("c", 10, DAY, 11)], now).balances
    assert never.frees_at is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40_000), st.integers(1, 6)), min_size=1, max_size=40))
def test_within_any_window_of_its_length_a_quota_holds(steps: list[tuple[int, int]]) -> None:
    ledger, given_at, now = SqliteQuotaLedger(), [], NOON
    for wait, amount in steps:
        now += wait
        if ledger.settle([Charge("c", 10, DAY, amount)], now).fits:
            given_at.append((now, amount))
    for start, _ in given_at:
        assert sum(amount for at, amount in given_at if start <= at < start + DAY) <= 10
    ledger.close()


def test_several_threads_of_a_process_share_its_connection(opening: Opening) -> None:
    ledger = opening()
    with ThreadPoolExecutor(8) as threads:
        settled = list(threads.map(lambda _: ledger.settle([Charge("c", 30, DAY, 1)], NOON).fits, range(40)))
    assert settled.count(True) == 30


def test_a_quota_that_is_there_twice_is_charged_twice_wherever_it_is_kept(opening: Opening) -> None:
    ledger = opening()
    assert ledger.settle([Charge("c", 10, DAY, 3), Charge("c", 10, DAY, 3)], NOON).fits
    assert ledger.settle([Charge("c", 10, DAY, 0)], NOON).balances[0].before == 6


def test_a_database_that_is_away_gives_no_leave() -> None:
    away = PostgresqlQuotaLedger("postgresql://somebody:secret-word@127.0.0.1:1/x")
    with pytest.raises(QuotasUnusable) as refused:
        away.settle([Charge("c", 1, DAY, 1)], NOON)
    assert "secret-word" not in refused.value.message
    away.close()


def test_what_has_left_every_window_is_removed_from_a_database(state: str) -> None:
    ledger = PostgresqlQuotaLedger(state)
    for step in range(30):
        ledger.settle(
            [Charge("c", 10_000, 3_600.0, 1), Charge("d", 99, 3_600.0, marks=frozenset({str(step)}))], NOON + step * 600
        )
    for table in ("spent", "seen"):
        assert ledger._database.rows(f"SELECT count(*) FROM quotas.{table}")[0][0] < 15
    ledger.close()


def test_what_has_left_every_window_is_removed(tmp_path: Path) -> None:
    ledger = SqliteQuotaLedger(tmp_path / "q.sqlite3")
    chance = random.Random(3)
    for step in range(200):
        ledger.settle([Charge("c", 10_000, 3_600.0, chance.randrange(5), frozenset())], NOON + step * 600)
    assert ledger._database.execute("SELECT count(*) FROM spent").fetchone()[0] < 40
    ledger.close()


def test_a_ledger_that_cannot_be_written_is_an_error_and_no_leave(tmp_path: Path) -> None:
    path = tmp_path / "quotas.sqlite3"
    ledger = SqliteQuotaLedger(path)
    ledger.close()
    with pytest.raises(QuotasUnusable):
        ledger.settle([Charge("c", 1, DAY, 1)], NOON)
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(QuotasUnusable):
        SqliteQuotaLedger(path)
