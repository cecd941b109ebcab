"""S-33 revoke-latency: a revoked contract is refused within two seconds under load, a strict one when nobody watches."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from authz.book import BookFollower, FolderDocuments, Revocation, SqliteContracts
from authz.errors import ContractNotInForce, ContractUnconfirmed
from authz.gate import admit
from authz.identity import Actor
from kernel.clock import FixedClock, SystemClock
from tests.authz.small_world import CONTRACT, SCHEMA

ACTOR = Actor(agency="LV-TEST", user="u1", client_id="app", issuer="https://idp.example")


def followers(folder: Path, count: int) -> list[BookFollower]:
    """As many processes would have: each its own connection to the store."""
    documents = folder / "contracts"
    documents.mkdir()
    (documents / "a.yaml").write_text(CONTRACT.replace("2027-01-01", "2027-12-01"))
    return [
        BookFollower(FolderDocuments(documents), SCHEMA, SystemClock(), store=SqliteContracts(folder / "c.sqlite3"))
        for _ in range(count)
    ]


def test_a_revocation_is_heeded_by_four_workers_under_load_within_two_seconds(tmp_path: Path) -> None:
    workers, clock = followers(tmp_path, 4), SystemClock()
    allowed: list[list[float]] = [[] for _ in workers]
    done = threading.Event()

    def ask(number: int) -> None:
        while not done.wait(0.02):
            try:
                admit(workers[number].current, ACTOR, "STATISTICS", None, clock.now())
                allowed[number].append(time.monotonic())
            except ContractNotInForce:
                pass

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(workers))]
    for each in (*workers, *threads):
        each.start()
    time.sleep(0.3)
    store = SqliteContracts(tmp_path / "c.sqlite3")
    store.revoke(Revocation("C-1", 1, clock.now(), "misuse", "controller"))
    revoked = time.monotonic()
    time.sleep(2.5)
    done.set()
    for thread in threads:
        thread.join()
    for worker in workers:
        worker.close()
    assert all(times for times in allowed), "each worker let somebody in before"
    assert max(times[-1] for times in allowed) - revoked < 2


def test_without_a_watcher_a_strict_contract_is_refused_after_its_time(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CONTRACT + "obligations: {strict: true, max_staleness: 60s}\n")
    clock = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))
    follower = BookFollower(FolderDocuments(tmp_path), SCHEMA, clock)  # nobody looks: it is never started
    assert admit(follower.current, ACTOR, "STATISTICS", None, clock.now()).purpose == "STATISTICS"
    clock.advance(timedelta(seconds=61))
    with pytest.raises(ContractUnconfirmed) as refused:
        admit(follower.current, ACTOR, "STATISTICS", None, clock.now())
    assert refused.value.status == 503
