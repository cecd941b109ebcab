"""What the event register's store promises of cases, asked of every adapter."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from authz.rows import Eq, Not
from kernel.clock import FixedClock
from kernel.paging import Page
from subgraphs.events.cases import steps
from subgraphs.events.cases.store import CaseTarget
from subgraphs.events.registration.change import Actor, Asked, Target
from subgraphs.events.registration.refusal import Refused
from subgraphs.room.enumerations import Classification, ProcedureKind
from subgraphs.room.where import All, Listing, Sort
from tests.subgraphs.samples import decision, event, id_of
from tests.subgraphs.stores import OpenStore, adapters_of

NOW = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)  # in Latvia the next year has begun
ACTOR = Actor("LV-VP", "anna", "C-1/1", "CRIMINAL_PROCEEDING", None, "txn-1")
EVENTS = [id_of("evt", number) for number in range(1, 5)]


@pytest.fixture(params=adapters_of("events"))
async def store(request: pytest.FixtureRequest, open_store: OpenStore) -> Any:
    found = await open_store("events", request.param, FixedClock(NOW))
    await found.put_many([event(number, territory_owner="LV-VP", sealed=number == 4) for number in range(1, 5)])
    return found


def asked(key: str, operation: str = "openCase", after: int = 0) -> Asked:
    return Asked(operation, ACTOR, key, key.encode(), NOW + timedelta(minutes=after))


def opening(number: int) -> Any:
    return lambda name: steps.opened(
        id_of("case", number), name, ProcedureKind.CRIMINAL, None, Classification.RESTRICTED, "LV-VP", NOW
    )


async def joined(store: Any, version: int, event_id: str, after: int = 0) -> int:
    target = CaseTarget(id_of("case", 1), version, {}, event_id)
    step = partial(lambda case, its: steps.joined(case, its, "LV-VP", NOW + timedelta(minutes=after)))
    done = await store.change_case(asked(f"join-{event_id}-{version}", "addEventToCase", after), target, step)
    return int(done.version)


async def test_numbers_have_no_gaps_however_many_open_at_once_and_others_fail(store):
    def refuses(_number: str) -> Any:
        raise Refused

    opened = [store.open_case(asked(f"key-{n}"), opening(n)) for n in range(1, 6)]
    failed = [store.open_case(asked(f"bad-{n}"), refuses) for n in range(3)]
    await asyncio.gather(*opened, *failed, return_exceptions=True)
    found = await store.cases.by_ids([id_of("case", n) for n in range(1, 6)], {})
    assert sorted(kept.record.number for kept in found.values()) == [f"VP-L-2027-{n:06}" for n in range(1, 6)]


async def test_of_many_who_change_one_version_one_does_and_the_others_are_told(store):
    await store.open_case(asked("key-1"), opening(1))
    answers = await asyncio.gather(*(joined(store, 1, its) for its in EVENTS), return_exceptions=True)
    assert sorted(str(answer) for answer in answers if isinstance(answer, Refused)) == ["CONFLICT"] * 3
    other = replace(asked("key-2", "closeCase"), actor=replace(ACTOR, agency="LV-PROK"))
    with pytest.raises(Refused, match="NOT_YOUR_CASE"):
        await store.change_case(other, CaseTarget(id_of("case", 1), 2, {}), lambda case, _: steps.closed(case, NOW))


async def test_the_time_line_is_paged_in_one_order_both_ways_and_hidden_events_leave_no_gap(store):
    await store.open_case(asked("key-1"), opening(1))
    version = 1
    for minutes, its in enumerate(EVENTS, 1):
        version = await joined(store, version, its, minutes)
    hides = {"Event": Not(Eq("sealed", True))}
    for rows, size in (({}, 9), (hides, 7)):
        whole = await store.cases.timeline(id_of("case", 1), Page(100, backward=False, position=None), rows)
        assert await store.cases.count_timeline(id_of("case", 1), rows) == len(whole.items) == size
        assert (EVENTS[3] in {placed.item.event_id for placed in whole.items}) is (size == 9)
        for backward in (False, True):
            paged, position = [], None
            while True:
                page = await store.cases.timeline(id_of("case", 1), Page(2, backward=backward, position=position), rows)
                paged = [*page.items, *paged] if backward else [*paged, *page.items]
                if not (page.has_previous if backward else page.has_next):
                    break
                position = (page.items[0] if backward else page.items[-1]).position
            assert tuple(paged) == whole.items
    hidden = {"Case": Eq("agency", "LV-PROK")}
    assert await store.cases.count_timeline(id_of("case", 1), hidden) == 0
    assert await store.cases.of_events(EVENTS, hidden) == {}


async def test_events_of_many_cases_are_paged_in_one_statement_and_found_from_the_event(store):
    await store.open_case(asked("key-1"), opening(1))
    await store.open_case(asked("key-2"), opening(2))
    version = 1
    for its in EVENTS[:3]:
        version = await joined(store, version, its)
    listing = Listing(All(()), (Sort("occurred_at", descending=True),), Page(2, backward=False, position=None), {})
    pages = await store.cases.events([id_of("case", 1), id_of("case", 2)], listing)
    assert [placed.item.record.id for placed in pages[id_of("case", 1)].items] == [EVENTS[2], EVENTS[1]]
    assert pages[id_of("case", 2)].items == ()
    beyond = replace(listing, page=Page(2, backward=False, position=pages[id_of("case", 1)].items[-1].position))
    rest = (await store.cases.events([id_of("case", 1)], beyond))[id_of("case", 1)]
    assert ([placed.item.record.id for placed in rest.items], rest.has_next) == ([EVENTS[0]], False)
    assert await store.cases.count_events([id_of("case", 1), id_of("case", 2)], All(()), {}) == {
        id_of("case", 1): 3,
        id_of("case", 2): 0,
    }
    found = await store.cases.of_events(EVENTS, {})
    assert {its: [kept.record.id for kept in cases] for its, cases in found.items()} == {
        key: [id_of("case", 1)] for key in EVENTS[:3]
    }


async def test_a_decision_that_is_refused_joins_nothing_to_the_case(store):
    await store.open_case(asked("key-1"), opening(1))
    target, name = Target(EVENTS[0], 1, {}), asked("key-2", "recordDecision")

    def refuses(_event: Any, _case: Any) -> Any:
        raise Refused

    with pytest.raises(Refused):
        await store.decide_in_case(name, target, id_of("case", 1), refuses)
    assert await store.cases.of_events(EVENTS, {}) == {}

    def decides(its: Any, case: Any) -> Any:
        return event(1, territory_owner="LV-VP", decisions=(decision(case.number),))

    assert (await store.decide_in_case(name, target, id_of("case", 1), decides)).version == 2
    assert (await store.decide_in_case(name, target, id_of("case", 1), decides)).version == 2
    assert list(await store.cases.of_events(EVENTS, {})) == EVENTS[:1]
