"""What `subgraphs.room.store` promises, asked of every adapter of every room (`tests.subgraphs.stores`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from authz.rows import NO_ROW, AnyOf, Eq, In, Lte, Not, Overlaps
from kernel.clock import FixedClock
from kernel.paging import Page
from subgraphs.events.enumerations import EventStatus
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved, Outcome
from subgraphs.room.where import All, Compare, Listing, Sort
from subgraphs.room.where import Not as Without
from tests.subgraphs import samples
from tests.subgraphs.stores import OpenStore, adapters_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass
class Kind:
    room: str
    type_name: str
    make: Callable[..., Any]
    changed: Callable[[Any], Any]
    order: str


KINDS = (
    Kind("events", "Event", samples.event, lambda r: msgspec.structs.replace(r, status=EventStatus.CLOSED), "occurred_at"),
    Kind("persons", "Person", samples.person, lambda r: msgspec.structs.replace(r, given_names="Pēteris"), "family_name"),
    Kind("vehicles", "Vehicle", samples.vehicle, lambda r: msgspec.structs.replace(r, colour="RED"), "first_registered_on"),
    Kind("documents", "Document", samples.document, lambda r: msgspec.structs.replace(r, issuer="LV-PMLP"), "issued_on"),
)


@dataclass
class Opened:
    kind: Kind
    store: Any
    clock: FixedClock
    again: Callable[[], Awaitable[Any]]


def _named(parameters: tuple[Kind, str]) -> str:
    return f"{parameters[0].room}-{parameters[1]}"


async def _open(parameters: tuple[Kind, str], open_store: OpenStore) -> Opened:
    kind, adapter = parameters
    clock = FixedClock(NOW)
    store = await open_store(kind.room, adapter, clock)
    return Opened(kind, store, clock, lambda: open_store(kind.room, adapter, clock))


@pytest.fixture(params=[(kind, adapter) for kind in KINDS for adapter in adapters_of(kind.room)], ids=_named)
async def opened(request: pytest.FixtureRequest, open_store: OpenStore) -> Opened:
    return await _open(request.param, open_store)


@pytest.fixture(
    params=[(kind, adapter) for kind in KINDS for adapter in adapters_of(kind.room) if kind.room != "events"], ids=_named
)
async def projecting(request: pytest.FixtureRequest, open_store: OpenStore) -> Opened:
    return await _open(request.param, open_store)


def listing(order: tuple[Sort, ...], page: Page, rows: dict[str, Any] | None = None) -> Listing:
    return Listing(All(()), order, page, rows or {})


async def test_a_new_record_is_kept_whole_as_version_one(opened):
    record = opened.kind.make(1)
    assert await opened.store.put_many([record]) == Outcome(new=1)
    kept = (await opened.store.by_ids([record.id], {}))[record.id]
    assert (kept.record, kept.version, kept.changed_at) == (record, 1, NOW)


async def test_writing_the_same_again_changes_nothing(opened):
    records = [opened.kind.make(number) for number in range(5)]
    await opened.store.put_many(records)
    opened.clock.advance(timedelta(days=1))
    assert await opened.store.put_many(records) == Outcome(same=5)
    kept = (await opened.store.by_ids([records[0].id], {}))[records[0].id]
    assert (kept.version, kept.changed_at) == (1, NOW)


async def test_changed_content_is_a_new_version_and_the_history_says_what_changed(opened):
    record = opened.kind.make(1)
    await opened.store.put_many([record])
    opened.clock.advance(timedelta(days=1))
    assert await opened.store.put_many([opened.kind.changed(record)]) == Outcome(changed=1)
    opened.clock.advance(timedelta(days=1))
    await opened.store.put_many([record])
    history = (await opened.store.history([record.id], {}))[record.id]
    assert [(change.version, change.at) for change in history] == [(n + 1, NOW + timedelta(days=n)) for n in range(3)]
    assert history[0].fields == ()
    assert len(history[1].fields) == 1
    assert history[1].fields == history[2].fields
    assert (await opened.store.by_ids([record.id], {}))[record.id].record == record


async def test_of_two_records_with_one_id_the_last_counts(opened):
    record = opened.kind.make(1)
    changed = opened.kind.changed(record)
    assert await opened.store.put_many([record, changed]) == Outcome(new=1)
    assert (await opened.store.by_ids([record.id], {}))[record.id].record == changed


async def test_a_call_that_fails_writes_nothing(opened):
    good, bad = opened.kind.make(1), opened.kind.make(2)
    broken = msgspec.structs.replace(bad, classification=None)
    with pytest.raises(AttributeError):
        await opened.store.put_many([good, broken])
    assert await opened.store.by_ids([good.id, bad.id], {}) == {}


async def test_nothing_to_write_and_nothing_to_find_are_fine(opened):
    assert await opened.store.put_many([]) == Outcome()
    assert await opened.store.by_ids([], {}) == {}
    assert await opened.store.by_ids(["nonsense"], {}) == {}
    assert await opened.store.history([], {}) == {}


async def test_row_rules_hold_for_every_way_to_a_record(opened):
    shown = opened.kind.make(1, classification=Classification.RESTRICTED)
    hidden = opened.kind.make(2, classification=Classification.OPERATIONAL)
    await opened.store.put_many([shown, hidden])
    rows = {opened.kind.type_name: Lte("classification", 1)}
    ids = [shown.id, hidden.id]
    assert list(await opened.store.by_ids(ids, rows)) == [shown.id]
    assert list(await opened.store.history(ids, rows)) == [shown.id]
    assert await opened.store.count(All(()), rows) == 1
    found = await opened.store.find(listing((Sort("id"),), Page(10, False, None), rows))
    assert [placed.item.record.id for placed in found.items] == [shown.id]
    for rule in (NO_ROW, AnyOf(()), Not(Lte("classification", 4))):
        assert await opened.store.by_ids(ids, {opened.kind.type_name: rule}) == {}


@pytest.mark.parametrize("descending", [False, True])
async def test_pages_in_both_directions_walk_the_whole_list_once(opened, descending):
    records = [opened.kind.make(number) for number in range(23)]
    await opened.store.put_many(records)
    order = (Sort(opened.kind.order, descending),)
    whole = await opened.store.find(listing(order, Page(100, False, None)))
    ids = [placed.item.record.id for placed in whole.items]
    assert sorted(ids) == sorted(record.id for record in records)
    assert not whole.has_next
    forward, position = [], None
    while True:
        page = await opened.store.find(listing(order, Page(4, False, position)))
        forward += [placed.item.record.id for placed in page.items]
        assert page.has_previous == (position is not None)
        if not page.has_next:
            break
        position = page.items[-1].position
    assert forward == ids
    backward, position = [], None
    while True:
        page = await opened.store.find(listing(order, Page(4, True, position)))
        backward = [placed.item.record.id for placed in page.items] + backward
        if not page.has_previous:
            break
        position = page.items[0].position
    assert backward == ids


async def test_orders_of_mixed_direction_page_too(opened):
    await opened.store.put_many([opened.kind.make(number) for number in range(11)])
    order = (Sort(opened.kind.order, descending=True), Sort("id", descending=False))
    whole = await opened.store.find(listing(order, Page(100, False, None)))
    first = await opened.store.find(listing(order, Page(6, False, None)))
    second = await opened.store.find(listing(order, Page(6, False, first.items[-1].position)))
    assert [p.position for p in whole.items] == [p.position for p in (*first.items, *second.items)]


async def test_not_is_two_valued(opened):
    await opened.store.put_many([opened.kind.make(number) for number in range(3)])
    wanted = Compare("id", "eq", opened.kind.make(1).id)
    assert await opened.store.count(wanted, {}) == 1
    assert await opened.store.count(Without(wanted), {}) == 2


async def test_the_projection_is_added_beside_the_record_and_makes_no_version(projecting):
    record = projecting.kind.make(1)
    with_involved = msgspec.structs.replace(record, involved=Involved(record.id, ("0001000",), ("LV-PP-RIGA",)))
    assert await projecting.store.put_many([with_involved]) == Outcome(new=1)
    more = Involved(record.id, ("0001000", "0034000"), ("LV-VP",))
    assert await projecting.store.put_many([msgspec.structs.replace(record, involved=more)]) == Outcome(same=1)
    both = (await projecting.store.involved_of([record.id]))[record.id]
    assert both == Involved(record.id, ("0001000", "0034000"), ("LV-PP-RIGA", "LV-VP"))
    for territory, seen in (("0034000", True), ("0099000", False)):
        rows = {projecting.kind.type_name: Overlaps("involvedTerritories", (territory,))}
        assert bool(await projecting.store.by_ids([record.id], rows)) is seen
    await projecting.store.replace_involved([Involved(record.id, ("0099000",), ())])
    assert (await projecting.store.involved_of([record.id]))[record.id] == Involved(record.id, ("0099000",), ())


async def test_a_projection_may_come_before_its_record(projecting):
    record = projecting.kind.make(1)
    await projecting.store.add_involved([Involved(record.id, ("0001000",))])
    await projecting.store.put_many([record])
    rows = {projecting.kind.type_name: Overlaps("involvedTerritories", ("0001000",))}
    assert list(await projecting.store.by_ids([record.id], rows)) == [record.id]


async def test_what_was_written_is_there_after_opening_again(opened):
    record = opened.kind.make(1)
    await opened.store.put_many([record])
    again = await opened.again()
    assert list(await again.by_ids([record.id], {})) == [record.id]


async def test_unused_row_rules_of_other_types_do_not_matter(opened):
    record = opened.kind.make(1)
    await opened.store.put_many([record])
    assert list(await opened.store.by_ids([record.id], {"Other": Eq("x", 1), "Another": In("y", ())})) == [record.id]
