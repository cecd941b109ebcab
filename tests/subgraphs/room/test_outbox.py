"""What `changes.feed` promises, asked of the outbox of every adapter: one room stands for those that are kept alike."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from changes.errors import PositionLost
from kernel.clock import FixedClock
from subgraphs.room.records import Involved
from tests.subgraphs.samples import document, id_of
from tests.subgraphs.stores import OpenStore, adapters_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FIRST, SECOND = document(1), document(2)
CHANGED = msgspec.structs.replace(FIRST, issuer="LV-PMLP")


@dataclass
class Outbox:
    store: Any
    clock: FixedClock

    async def told(self, position: int = 0) -> list[tuple[str, int, str]]:
        return [(each.id, each.version, each.kind) for each in await self.store.after(position, 1000)]


@pytest.fixture(params=adapters_of("documents"))
async def outbox(request: pytest.FixtureRequest, open_store: OpenStore) -> Outbox:
    clock = FixedClock(NOW)
    return Outbox(await open_store("documents", request.param, clock), clock)


async def test_each_version_is_told_once_in_order_with_its_time(outbox: Outbox):
    await outbox.store.put_many([FIRST])
    outbox.clock.advance(timedelta(hours=1))
    await outbox.store.put_many([CHANGED, SECOND])
    await outbox.store.put_many([CHANGED, SECOND])
    changes = await outbox.store.after(0, 10)
    assert [(each.room, each.id, each.version, each.kind) for each in changes if each.id == FIRST.id] == [
        ("documents", FIRST.id, 1, "created"),
        ("documents", FIRST.id, 2, "changed"),
    ]
    assert [each.at for each in changes] == [NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=1)]
    assert [each.sequence for each in changes] == sorted({each.sequence for each in changes})
    assert await outbox.store.after(changes[0].sequence, 10) == changes[1:]
    assert await outbox.store.after(0, 1) == changes[:1]
    assert await outbox.store.last() == changes[-1].sequence


async def test_a_write_that_fails_is_not_told(outbox: Outbox):
    broken = msgspec.structs.replace(SECOND, issuing_country=object())
    with pytest.raises(Exception):  # noqa: B017 - each driver has its own
        await outbox.store.put_many([FIRST, broken])
    assert await outbox.told() == []
    assert await outbox.store.last() == 0


async def test_who_may_see_a_record_is_told_when_it_moves_and_not_otherwise(outbox: Outbox):
    riga, liepaja = (Involved(FIRST.id, (territory,), ("LV-VP",)) for territory in ("0001000", "0005000"))
    await outbox.store.add_involved([riga, Involved(id_of("doc", 9), ("0001000",))])  # of neither there is a record yet
    await outbox.store.put_many([FIRST])
    assert (FIRST.id, 1, "created") in await outbox.told()
    assert {key for key, _, _ in await outbox.told()} == {FIRST.id}
    position = await outbox.store.last()
    await outbox.store.add_involved([riga])
    await outbox.store.replace_involved([riga])
    assert await outbox.told(position) == []
    await outbox.store.replace_involved([liepaja])
    await outbox.store.add_involved([riga])
    await outbox.store.put_many([msgspec.structs.replace(FIRST, involved=Involved(FIRST.id, ("0002000",)))])
    assert await outbox.told(position) == [(FIRST.id, 1, "projected")] * 3


async def test_what_is_written_at_once_is_told_to_a_follower_who_only_looks_ahead(outbox: Outbox):
    """Numbers are not seen in the order in which they are drawn; nothing may come behind a follower's position."""
    found: list[tuple[str, int]] = []
    done = asyncio.Event()

    async def write(number: int) -> None:
        for version in range(4):
            records = [document(10 * number + place, issuer=f"{version}") for place in range(3)]
            await outbox.store.put_many([*records, document(999, issuer=f"{number}.{version}")])

    async def look() -> None:
        position = 0
        while not done.is_set() or await outbox.store.after(position, 1):
            for each in await outbox.store.after(position, 7):
                found.append((each.id, each.version))
                position = each.sequence
            await asyncio.sleep(0)

    follower = asyncio.create_task(look())
    await asyncio.gather(*(write(number) for number in range(1, 5)))
    done.set()
    await follower
    assert len(found) == len(set(found)) == 4 * 4 * 3 + 16
    for key in {key for key, _ in found}:
        versions = [version for each, version in found if each == key]
        assert versions == sorted(versions)


async def test_two_who_follow_at_once_settle_each_change_once(outbox: Outbox):
    await outbox.store.put_many([document(number) for number in range(40)])
    await asyncio.gather(outbox.store.after(0, 100), outbox.store.after(0, 100), outbox.store.last())
    changes = await outbox.store.after(0, 100)
    assert sorted(each.id for each in changes) == [id_of("doc", number) for number in range(40)]
    assert await outbox.store.last() == changes[-1].sequence


async def test_a_position_moves_only_from_where_it_is(outbox: Outbox):
    store = outbox.store
    assert await store.position("search") == 0
    await store.move("search", 0, 5)
    await store.move("search", 5, 9)
    await store.move("relay", 0, 2)
    assert await store.positions() == {"search": 9, "relay": 2}
    with pytest.raises(PositionLost, match="search is not at change 5"):
        await store.move("search", 5, 7)
    with pytest.raises(PositionLost):
        await store.move("search", 0, 7)
    assert await store.position("search") == 9


async def test_a_backlog_says_how_many_wait_and_since_when(outbox: Outbox):
    assert (await outbox.store.backlog("relay")).waiting == 0
    await outbox.store.put_many([FIRST])
    (first,) = await outbox.store.after(0, 10)
    outbox.clock.advance(timedelta(hours=1))
    await outbox.store.put_many([SECOND])  # noted, and asked for by nobody yet
    backlog = await outbox.store.backlog("relay")
    assert (backlog.waiting, backlog.oldest_at) == (2, NOW)
    await outbox.store.move("relay", 0, first.sequence)
    backlog = await outbox.store.backlog("relay")
    assert (backlog.waiting, backlog.oldest_at) == (1, NOW + timedelta(hours=1))


async def test_what_is_old_and_followed_by_all_is_forgotten_but_for_the_newest(outbox: Outbox):
    await outbox.store.put_many([FIRST])
    await outbox.store.put_many([SECOND])
    first, second = await outbox.store.after(0, 10)
    later = NOW + timedelta(days=1)
    await outbox.store.move("relay", 0, second.sequence)
    await outbox.store.move("search", 0, first.sequence)
    assert await outbox.store.forget(NOW) == 0
    assert await outbox.store.forget(later) == 1
    await outbox.store.move("search", first.sequence, second.sequence)
    assert await outbox.store.forget(later) == 0
    assert await outbox.store.after(0, 10) == [second]
    assert await outbox.store.last() == second.sequence


async def test_only_one_is_alone_and_the_next_one_takes_its_turn(outbox: Outbox):
    order: list[str] = []

    async def follow(name: str, seconds: float) -> None:
        async with outbox.store.alone("relay"):
            order.append(f"{name} begins")
            await asyncio.sleep(seconds)
            order.append(f"{name} ends")

    first = asyncio.create_task(follow("first", 0.2))
    await asyncio.sleep(0.1)
    async with asyncio.timeout(20):
        await asyncio.gather(first, follow("second", 0))
        async with outbox.store.alone("search"):
            pass
    assert order == ["first begins", "first ends", "second begins", "second ends"]
