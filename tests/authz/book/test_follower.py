"""A book that follows its folder: what comes into force when, and what never does."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from authz.book import (
    BookFollower,
    ContractBook,
    FolderDocuments,
    Revocation,
    SqliteContracts,
    StoredDocuments,
    StoreUnavailable,
)
from authz.book.follower import INTERVAL, READ_ANYWAY, SETTLE, UNDER_WAY
from authz.enforcer import Judge
from authz.errors import ContractNotInForce, ContractRefused, ContractUnconfirmed, NoContract
from authz.gate import admit, still_admitted
from authz.identity import Actor
from authz.signatures import PartyKeys, SignaturePolicy, party_key, sign_contract, with_signature
from kernel.clock import FixedClock, SystemClock
from tests.authz.small_world import CONTRACT, SCHEMA, contract_of

OTHER = CONTRACT.replace("C-1", "C-2").replace("LV-TEST", "LV-OTHER")
SECOND = CONTRACT.replace("version: 1", "version: 2").replace("Event.kind: [eq]", "Event.kind: [eq, in]")
BROKEN = SECOND.replace("grants:", "grantz:")
FAILING = SECOND.replace("[INVESTIGATION, read, Person.phone]", "[INVESTIGATION, read, Person.id]")


def caller_of(agency: str) -> Actor:
    return Actor(agency=agency, user="u1", client_id="app", issuer="https://idp.example")


class World:
    """A folder, a clock that is moved by hand, a store, and a follower of all three."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.folder = folder / "contracts"
        self.folder.mkdir()
        self.clock = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))
        self.store = SqliteContracts(folder / "contracts.sqlite3")
        self.write("a.yaml", CONTRACT)
        self.write("b.yaml", OTHER)
        self.follower = BookFollower(
            FolderDocuments(self.folder), SCHEMA, self.clock, store=self.store, process="test", **options
        )

    def write(self, name: str, text: str) -> None:
        """A document, whole at once, changed now by the world's clock."""
        draft = self.folder / f".{name}"
        draft.write_text(text, encoding="utf-8")
        os.utime(draft, (self.clock.now().timestamp(),) * 2)
        draft.replace(self.folder / name)

    def look(self, after: timedelta = INTERVAL) -> None:
        self.clock.advance(after)
        self.follower.look()

    def version(self, agency: str = "LV-TEST") -> int | None:
        found = self.follower.current.of_agency(agency)
        return None if found is None else found.contract.version


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_new_version_comes_into_force_one_second_after_its_file_changed(world: World) -> None:
    world.write("a.yaml", SECOND)
    world.look()
    assert world.version() == 1
    world.look(SETTLE - INTERVAL)
    assert world.version() == 2
    assert world.follower.status.alarms == ()
    assert world.version("LV-OTHER") == 1


def test_two_processes_switch_at_the_same_moment_whenever_they_looked(world: World) -> None:
    late = BookFollower(FolderDocuments(world.folder), SCHEMA, world.clock)
    world.write("a.yaml", SECOND)
    world.look()
    world.clock.advance(SETTLE - INTERVAL * 2)
    late.look()
    assert [each.current.of_agency("LV-TEST").contract.version for each in (world.follower, late)] == [1, 1]  # type: ignore[union-attr]
    world.look()
    late.look()
    assert [each.current.of_agency("LV-TEST").contract.version for each in (world.follower, late)] == [2, 2]  # type: ignore[union-attr]
    assert world.follower.status.digest == late.status.digest


def test_what_was_replaced_is_still_known_to_calls_under_way_and_to_nobody_who_begins(world: World) -> None:
    world.write("a.yaml", SECOND)
    world.look()
    world.look(SETTLE)
    book = world.follower.current
    assert book.known("C-1", 1) is not None
    assert ("C-1", 1) not in book.contracts
    world.look(UNDER_WAY + INTERVAL)
    assert world.follower.current.known("C-1", 1) is None


@pytest.mark.parametrize(
    ("text", "said"), [(BROKEN, "grantz"), (FAILING, "must not have read on Person.id"), ("a: [", "NOT_YAML")]
)
def test_a_broken_version_leaves_the_old_one_in_force_and_raises_an_alarm(world: World, text: str, said: str) -> None:
    world.write("a.yaml", text)
    world.look()
    world.look(SETTLE)
    assert world.version() == 1
    status = world.follower.status
    assert said in status.alarms[0]
    assert "Version 1 of C-1 stays in force" in status.alarms[0]
    assert (status.failures, status.switches) == (1, 0)
    assert world.store.processes()[0].alarms == status.alarms
    world.write("a.yaml", SECOND)
    world.look()
    world.look(SETTLE)
    assert world.version() == 2
    assert world.follower.status.alarms == ()


def test_a_broken_file_does_not_hold_up_the_others(world: World) -> None:
    world.write("a.yaml", BROKEN)
    world.write("b.yaml", OTHER.replace("version: 1", "version: 2"))
    world.look()
    world.look(SETTLE)
    assert (world.version(), world.version("LV-OTHER")) == (1, 2)


def test_a_file_that_is_taken_away_ends_its_contract_within_a_second(world: World) -> None:
    (world.folder / "a.yaml").unlink()
    world.look()
    assert world.version() == 1, "a file that is being replaced is gone for an instant"
    world.look()
    assert world.version() is None
    assert world.version("LV-OTHER") == 1
    world.write("a.yaml", CONTRACT)
    world.look()
    world.look(SETTLE)
    assert world.version() == 1


def test_a_folder_that_is_empty_or_away_ends_nothing_and_raises_an_alarm(world: World) -> None:
    for path in world.folder.glob("*.yaml"):
        path.unlink()
    world.look()
    world.look()
    assert world.version() == 1
    assert world.follower.status.alarms == ("No contract is left: what is in force stays, until it is revoked.",)
    world.folder.rmdir()
    world.look()
    assert any("cannot be read" in alarm for alarm in world.follower.status.alarms)
    assert world.version() == 1


def test_a_revoked_contract_is_refused_at_the_next_look(world: World) -> None:
    world.store.revoke(Revocation("C-1", 1, world.clock.now(), "misuse", "controller"))
    world.look()
    caller = caller_of("LV-TEST")
    with pytest.raises(ContractNotInForce, match="was revoked on 2026-06-01"):
        admit(world.follower.current, caller, "STATISTICS", None, world.clock.now())
    assert world.follower.current.known("C-1", 1) is None
    assert world.follower.current.mask("C-1", 1, "STATISTICS") is None
    assert world.version("LV-OTHER") == 1


def test_a_revoked_version_does_not_give_way_to_an_older_one_and_a_later_one_stands(world: World) -> None:
    world.write("a2.yaml", SECOND)
    world.look()
    world.look(SETTLE)
    assert world.version() == 2
    world.store.revoke(Revocation("C-1", 2, world.clock.now(), "misuse", "controller"))
    world.look()
    assert world.version() is None
    world.write("a3.yaml", SECOND.replace("version: 2", "version: 3"))
    world.look()
    world.look(SETTLE)
    assert world.version() == 3


def test_a_revocation_holds_for_a_process_that_starts_later(world: World) -> None:
    world.store.revoke(Revocation("C-1", 1, world.clock.now(), "misuse", "controller"))
    late = BookFollower(FolderDocuments(world.folder), SCHEMA, world.clock, store=world.store)
    assert late.current.of_agency("LV-TEST") is None


def test_a_stream_ends_with_its_contract(world: World) -> None:
    mask = world.follower.current.mask("C-1", 1, "STATISTICS")
    assert mask is not None
    assert still_admitted(world.follower.current, mask, world.clock.now())
    assert not still_admitted(world.follower.current, mask, datetime(2027, 1, 1, tzinfo=UTC))
    before = world.follower.current
    world.store.revoke(Revocation("C-1", 1, world.clock.now(), "misuse", "controller"))
    world.look()
    assert not still_admitted(world.follower.current, mask, world.clock.now())
    assert still_admitted(before, mask, world.clock.now()), "who holds an old book keeps a consistent view"


def test_a_strict_contract_that_nobody_confirms_is_refused_after_its_time(world: World) -> None:
    strict = SECOND + "obligations: {strict: true, max_staleness: 60s}\n"
    world.write("a.yaml", strict)
    world.look()
    world.look(SETTLE)
    caller, book = caller_of("LV-TEST"), world.follower.current
    world.clock.advance(timedelta(seconds=59))
    assert admit(book, caller, "STATISTICS", None, world.clock.now()).contract_version == 2
    world.clock.advance(timedelta(seconds=2))
    with pytest.raises(ContractUnconfirmed, match="more than 60s"):
        admit(book, caller, "STATISTICS", None, world.clock.now())
    assert admit(book, caller_of("LV-OTHER"), "STATISTICS", None, world.clock.now()).contract_id == "C-2"
    world.look()
    assert admit(book, caller, "STATISTICS", None, world.clock.now()).contract_version == 2


def test_a_store_that_fails_is_an_alarm_and_confirms_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed = world.follower.status.confirmed

    def fail(*_: object) -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(world.store, "revocations", fail)
    world.look()
    assert world.follower.status.alarms == ("gone",)
    assert world.follower.status.confirmed == confirmed
    assert world.version() == 1


def test_every_version_that_was_in_force_is_kept_for_the_audit(world: World) -> None:
    world.write("a.yaml", SECOND)
    world.look()
    world.look(SETTLE)
    assert world.store.archived("C-1", 1) == ((contract_of(CONTRACT).digest, CONTRACT),)
    assert world.store.archived("C-1", 2) == ((contract_of(SECOND).digest, SECOND),)
    assert world.store.archived("C-1", 3) == ()


def test_documents_may_come_from_the_store(tmp_path: Path) -> None:
    clock, store = FixedClock(datetime(2026, 6, 1, tzinfo=UTC)), SqliteContracts(tmp_path / "c.sqlite3")
    with pytest.raises(ContractRefused):
        BookFollower(StoredDocuments(store), SCHEMA, clock, store=store)
    first = store.publish([("a.yaml", CONTRACT)], "me", clock.now())
    follower = BookFollower(StoredDocuments(store), SCHEMA, clock, store=store)
    second = store.publish([("a.yaml", SECOND), ("b.yaml", OTHER)], "me", clock.now())
    assert second > first
    clock.advance(INTERVAL)
    follower.look()
    clock.advance(SETTLE)
    follower.look()
    assert sorted(follower.current.contracts) == [("C-1", 2), ("C-2", 1)]
    store.publish([("b.yaml", "")], "me", clock.now())
    for _ in range(3):
        clock.advance(INTERVAL)
        follower.look()
    assert sorted(follower.current.contracts) == [("C-1", 2)]


def signed(text: str, keys: Path, consumer: str = "LV-TEST") -> str:
    for role, party in (("data-owner", "LV-IC"), ("data-consumer", consumer)):
        contract = contract_of(text)
        text = with_signature(text, contract.signatures, sign_contract(contract, role, party_key(keys, party)))
    return text


@pytest.fixture
def signing(tmp_path: Path) -> World:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    (tmp_path / "contracts").mkdir()
    world = object.__new__(World)
    world.folder, world.clock = tmp_path / "contracts", FixedClock(datetime(2026, 6, 1, tzinfo=UTC))
    world.store = SqliteContracts(tmp_path / "contracts.sqlite3")
    world.write("a.yaml", signed(CONTRACT, keys))
    world.write("b.yaml", signed(OTHER, keys, "LV-OTHER"))
    policy = SignaturePolicy(PartyKeys(keys))
    world.follower = BookFollower(FolderDocuments(world.folder), SCHEMA, world.clock, signatures=policy, store=world.store)
    return world


def test_an_unsigned_version_does_not_come_into_force_where_signatures_are_required(signing: World) -> None:
    signing.write("a.yaml", SECOND)
    signing.look()
    signing.look(SETTLE)
    assert signing.version() == 1
    assert "LV-IC has not signed as data-owner" in signing.follower.status.alarms[0]


def test_a_signed_version_never_changes_its_words(signing: World, tmp_path: Path) -> None:
    signing.write("a.yaml", signed(CONTRACT.replace("Event.kind: [eq]", "Event.kind: [in]"), tmp_path / "keys"))
    signing.look()
    signing.look(SETTLE)
    assert "give the new ones a new version" in signing.follower.status.alarms[0]
    found = signing.follower.current.mask("C-1", 1, "INVESTIGATION")
    assert found is not None
    assert found.filter["Event.kind"] == {"eq"}


def test_a_key_that_is_withdrawn_ends_what_it_signed(signing: World, tmp_path: Path) -> None:
    (tmp_path / "keys" / "LV-TEST.public.jwks").unlink()
    signing.look(READ_ANYWAY)
    signing.look()
    assert signing.version() is None
    assert signing.version("LV-OTHER") == 1


def test_a_thread_follows_by_itself_within_two_seconds(tmp_path: Path) -> None:
    folder = tmp_path / "contracts"
    folder.mkdir()
    (folder / "a.yaml").write_text(CONTRACT.replace("2027-01-01", "2027-12-01"))
    follower = BookFollower(FolderDocuments(folder), SCHEMA, SystemClock())
    follower.start()
    try:
        draft = tmp_path / "draft"
        draft.write_text(SECOND.replace("2027-01-01", "2027-12-01"))
        draft.replace(folder / "a.yaml")
        began = time.monotonic()
        while follower.current.of_agency("LV-TEST").contract.version == 1:  # type: ignore[union-attr]
            assert time.monotonic() - began < 4, "two seconds, and as much again on a busy machine"
            time.sleep(0.02)
    finally:
        follower.close()


def test_nobody_has_a_contract_who_has_none(world: World) -> None:
    with pytest.raises(NoContract):
        admit(world.follower.current, caller_of("LV-NOBODY"), "STATISTICS", None, world.clock.now())


def test_a_casbin_that_does_not_decide_soundly_leaves_what_is_in_force(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("a.yaml", SECOND)
    monkeypatch.setattr(Judge, "_ask", lambda *_: True)
    world.look()
    world.look(SETTLE)
    assert world.version() == 1
    assert "wrong answer" in world.follower.status.alarms[0]
    monkeypatch.undo()
    world.look(READ_ANYWAY)
    world.look(SETTLE)
    assert world.version() == 2
    assert world.follower.status.alarms == ()


def test_a_clock_that_is_set_back_delays_nothing(world: World) -> None:
    world.write("a.yaml", SECOND)
    world.look()
    world.clock.advance(-timedelta(hours=1))
    world.follower.look()
    assert world.version() == 2


def test_a_follower_that_nobody_holds_ends_its_thread(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CONTRACT)
    follower = BookFollower(FolderDocuments(tmp_path), SCHEMA, SystemClock())
    follower.start()
    thread = follower._thread
    assert thread is not None
    del follower
    gc.collect()
    thread.join(5)
    assert not thread.is_alive()


class Keeper:
    """Takes books as the audit's archive does; refuses while it is told to."""

    def __init__(self) -> None:
        self.kept: list[set[tuple[str, int]]] = []
        self.refuses = False

    def __call__(self, book: ContractBook, texts: Mapping[str, str]) -> None:
        if self.refuses:
            raise StoreUnavailable("The disk is full.")
        assert all(one.contract.digest in texts for one in book.contracts.values())
        self.kept.append(set(book.contracts))


def test_what_decides_is_archived_before_it_comes_into_force(tmp_path: Path) -> None:
    keeper = Keeper()
    world = World(tmp_path, keep=keeper)
    assert keeper.kept == [{("C-1", 1), ("C-2", 1)}]
    world.write("a.yaml", SECOND)
    world.look()
    assert world.version() == 1
    assert {("C-1", 2), ("C-2", 1)} in keeper.kept
    world.look(SETTLE)
    world.store.revoke(Revocation("C-2", 1, world.clock.now(), "misuse", "controller"))
    world.look()
    assert keeper.kept[-1] == {("C-1", 2)}
    told = len(keeper.kept)
    world.look()
    assert len(keeper.kept) == told, "nothing changed"


def test_what_cannot_be_archived_is_an_alarm_and_tried_again(tmp_path: Path) -> None:
    keeper = Keeper()
    world = World(tmp_path, keep=keeper)
    keeper.refuses = True
    world.write("a.yaml", SECOND)
    world.look()
    world.look(SETTLE)
    assert world.version() == 2, "what cannot be archived decides all the same: a replay will say that it is missing"
    assert world.follower.status.alarms == ("The disk is full.",)
    keeper.refuses = False
    world.look()
    assert world.follower.status.alarms == ()
    assert {("C-1", 2), ("C-2", 1)} in keeper.kept
