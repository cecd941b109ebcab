"""What every store of contracts does: in a file, and in PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from authz.book import (
    BookFollower,
    ContractStore,
    ProcessState,
    Revocation,
    StoredDocuments,
    StoreUnavailable,
    open_store,
)
from authz.book.follower import INTERVAL, SETTLE
from kernel.clock import FixedClock
from tests.authz.book.test_follower import BROKEN, SECOND
from tests.authz.small_world import CONTRACT, SCHEMA

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
Open = Callable[[], ContractStore]


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same empty store, as each process of an installation would."""
    place = tmp_path / "contracts.sqlite3" if request.param == "sqlite" else request.getfixturevalue("state")
    stores: list[ContractStore] = []

    def open_one() -> ContractStore:
        stores.append(open_store(place))
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


def test_what_one_publishes_the_others_read(opened: Open) -> None:
    one, other = opened(), opened()
    assert (other.number(), other.documents(), other.revocations(), other.processes()) == (0, (), (), ())
    assert one.publish([("b.yaml", "b"), ("a.yaml", "a")], "me", NOON) == 1
    assert one.publish([("b.yaml", "c")], "me", NOON + timedelta(hours=1)) == 2
    assert other.number() == 2
    assert [(each.name, each.text, each.at) for each in other.documents()] == [
        ("a.yaml", "a", NOON),
        ("b.yaml", "c", NOON + timedelta(hours=1)),
    ]


def test_an_empty_text_takes_a_document_away(opened: Open) -> None:
    store = opened()
    store.publish([("a.yaml", "a"), ("b.yaml", "b")], "me", NOON)
    store.publish([("a.yaml", "")], "me", NOON)
    assert [each.name for each in store.documents()] == ["b.yaml"]


def test_a_revocation_is_for_ever_and_the_first_word_stays(opened: Open) -> None:
    one, other = opened(), opened()
    first = Revocation("C-1", 2**31, NOON, "misuse", "controller")
    assert one.revoke(first) == 1
    assert other.revoke(Revocation("C-1", 2**31, NOON + timedelta(days=1), "again", "somebody")) == 2
    assert one.revocations() == (first,)


def test_what_was_in_force_is_kept_once(opened: Open) -> None:
    store = opened()
    for text, at in (("one", NOON), ("another", NOON), ("two", NOON + timedelta(1))):
        store.archive("C-1", 1, "sha256:2" if text == "two" else "sha256:1", text, at)
    assert store.archived("C-1", 1) == (("sha256:1", "one"), ("sha256:2", "two"))
    assert store.archived("C-1", 2) == ()


def test_processes_say_what_they_have_and_are_forgotten_after_an_hour(opened: Open) -> None:
    store = opened()
    state = ProcessState("gateway 1", "sha256:1", NOON, NOON, ("an alarm", "another"))
    store.report(state)
    assert store.processes() == (state,)
    later = ProcessState("gateway 2", "sha256:1", NOON, NOON + timedelta(minutes=61), ())
    store.report(later)
    assert store.processes() == (later,)


def test_changes_of_several_at_once_get_numbers_of_their_own(opened: Open) -> None:
    stores, numbers = [opened() for _ in range(4)], list[int]()

    def publish(store: ContractStore, who: int) -> None:
        for turn in range(5):
            number = store.publish([(f"{who}-{turn}.yaml", "x")], "me", NOON)
            assert store.number() >= number
            numbers.append(number)

    threads = [threading.Thread(target=publish, args=(store, who)) for who, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 21))
    assert len(stores[0].documents()) == 20


def test_a_follower_takes_published_versions_leaves_broken_ones_and_ends_revoked_ones(opened: Open) -> None:
    publisher, clock = opened(), FixedClock(NOON)
    publisher.publish([("a.yaml", CONTRACT)], "me", clock.now())
    store = opened()
    follower = BookFollower(StoredDocuments(store), SCHEMA, clock, store=store)

    def version_after(step: timedelta) -> int | None:
        clock.advance(step)
        follower.look()
        found = follower.current.of_agency("LV-TEST")
        return None if found is None else found.contract.version

    publisher.publish([("a.yaml", BROKEN)], "me", clock.now())
    assert version_after(INTERVAL) == 1
    assert version_after(SETTLE) == 1
    assert "Version 1 of C-1 stays in force" in follower.status.alarms[0]
    publisher.publish([("a.yaml", SECOND)], "me", clock.now())
    assert version_after(INTERVAL) == 1
    assert version_after(SETTLE) == 2
    assert follower.status.alarms == ()
    publisher.revoke(Revocation("C-1", 2, clock.now(), "misuse", "controller"))
    assert version_after(INTERVAL) is None


def test_a_store_that_is_closed_or_away_is_an_error(opened: Open) -> None:
    store = opened()
    store.close()
    with pytest.raises(StoreUnavailable):
        store.number()


def test_a_database_that_is_not_there_is_named_without_its_password(postgresql_url: str) -> None:
    address = postgresql_url.rpartition("/")[0].replace("//", "//somebody:secret-word@", 1)
    for wrong in (
        f"{address}/nothing_is_called_so",
        "postgresql://somebody:secret-word@127.0.0.1:1/x",
        "mysql://a:secret-word@b/c",
    ):
        with pytest.raises(StoreUnavailable) as refused:
            open_store(wrong)
        assert "secret-word" not in refused.value.message


def test_a_dropped_connection_is_made_anew(state: str) -> None:
    store = open_store(state)
    store.publish([("a.yaml", "a")], "me", NOON)
    killer = open_store(state)
    killed = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    killer._database.rows(killed)  # type: ignore[attr-defined]  # of PostgreSQL
    for _ in range(20):
        try:
            assert store.number() == 1
            break
        except StoreUnavailable:
            continue  # the one statement that found out
    else:
        raise AssertionError("the store never came back")
    store.close()
    killer.close()
