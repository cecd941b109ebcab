"""Persons, vehicles and documents follow the events that they are involved in: who may see them moves with the event."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from authz.rows import Overlaps
from ingest.registers import Registers
from kernel.clock import FixedClock
from subgraphs.documents import store_sqlite as documents
from subgraphs.events import store_sqlite as events
from subgraphs.events.model import EventRecord, Place
from subgraphs.persons import store_sqlite as persons
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.projecting import Difference, announce, differences, follow, rebuild
from subgraphs.room.records import Involved
from subgraphs.vehicles import store_sqlite as vehicles
from tests.subgraphs.samples import document, event, holding, id_of, person, person_part, vehicle, vehicle_part

CLOCK = FixedClock(datetime(2026, 11, 23, tzinfo=UTC))
RIGA, LIEPAJA, VENTSPILS = "0001000", "0005000", "0027000"
ANNA, PETERIS = id_of("per", 1), id_of("per", 2)


@pytest.fixture
async def registers(tmp_path: Path) -> AsyncIterator[Registers]:
    opened = Registers(
        await events.open_store(tmp_path / "events.db", CLOCK),
        await persons.open_store(tmp_path / "persons.db", CLOCK),
        await vehicles.open_store(tmp_path / "vehicles.db", CLOCK),
        await documents.open_store(tmp_path / "documents.db", CLOCK),
    )
    yield opened
    for store in (opened.events, opened.persons, opened.vehicles, opened.documents):
        await store.close()


async def put(registers: Registers, *records: EventRecord) -> None:
    """What an import does: things and their projection first, then the events, then what changed is followed."""
    known = {ANNA: 1, PETERIS: 2}
    for record in records:
        territories = () if record.place is None else (record.place.atvk,)
        people = [part.person_id for part in record.persons if part.person_id]
        cars = [part.vehicle_id for part in record.vehicles if part.vehicle_id]
        await registers.persons.put_many([person(known[key]) for key in people])
        said = [Involved(key, territories, (record.territory_owner,)) for key in (*people, *cars)]
        await announce(registers.projections, said)
    await registers.events.put_many(records)
    await follow(registers.projections)


async def seen_by(registers: Registers, territory: str) -> set[str]:
    rows = {"Person": Overlaps("involvedTerritories", (territory,))}
    return set(await registers.persons.by_ids([ANNA, PETERIS], rows))


async def wrong(registers: Registers) -> list[Difference]:
    return [
        difference for kind in registers.projections.by_kind async for difference in differences(registers.projections, kind)
    ]


async def test_a_person_moves_with_the_event_that_moves(registers: Registers) -> None:
    first = event(1, place=Place(atvk=RIGA), persons=(person_part(1, 1), person_part(2, 2)), vehicles=(vehicle_part(3, 7),))
    await put(registers, first, event(2, place=Place(atvk=VENTSPILS), persons=(person_part(4, 2),)))
    assert await seen_by(registers, RIGA) == {ANNA, PETERIS}

    await put(registers, msgspec.structs.replace(first, place=Place(atvk=LIEPAJA), territory_owner="LV-PP-LIEPAJA"))

    assert await seen_by(registers, RIGA) == set()
    assert await seen_by(registers, LIEPAJA) == {ANNA, PETERIS}
    assert await seen_by(registers, VENTSPILS) == {PETERIS}
    car = id_of("veh", 7)
    assert await registers.vehicles.involved_of([car]) == {car: Involved(car, (LIEPAJA,), ("LV-PP-LIEPAJA",))}


async def test_who_is_no_longer_involved_is_no_longer_seen(registers: Registers) -> None:
    first = event(1, place=Place(atvk=RIGA), persons=(person_part(1, 1), person_part(2, 2)))
    await put(registers, first)
    await put(registers, msgspec.structs.replace(first, persons=(person_part(2, 2),)))
    assert await seen_by(registers, RIGA) == {PETERIS}
    assert await registers.persons.involved_of([ANNA]) == {ANNA: Involved(ANNA)}


async def test_what_moves_nobody_is_not_followed(registers: Registers) -> None:
    first = event(1, place=Place(atvk=RIGA), persons=(person_part(1, 1),))
    await put(registers, first)
    await registers.events.put_many([msgspec.structs.replace(first, summary="Troksnis pagalmā.")])
    assert await registers.events.projection_changes(10) == []


async def test_a_change_waits_in_the_register_until_it_is_followed(registers: Registers) -> None:
    first = event(1, place=Place(atvk=RIGA), persons=(person_part(1, 1),))
    await put(registers, first)
    await registers.events.put_many([msgspec.structs.replace(first, place=Place(atvk=LIEPAJA))])
    assert [change.target for change in await registers.events.projection_changes(10)] == [ANNA]
    assert await seen_by(registers, RIGA) == {ANNA}
    assert [difference.shows_too_much for difference in await wrong(registers)] == [True]
    assert await follow(registers.projections) == 1
    assert await seen_by(registers, LIEPAJA) == {ANNA}
    assert await follow(registers.projections) == 0


async def test_a_change_that_comes_while_another_is_followed_is_not_lost(
    registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = event(1, place=Place(atvk=RIGA), persons=(person_part(1, 1),))
    await put(registers, first)
    await registers.events.put_many([msgspec.structs.replace(first, place=Place(atvk=LIEPAJA))])

    replace = registers.persons.replace_involved

    async def slowly(items: list[Involved]) -> None:
        """While this process writes what it computed, another changes the event again and follows it at once."""
        monkeypatch.setattr(registers.persons, "replace_involved", replace)
        await registers.events.put_many([msgspec.structs.replace(first, place=Place(atvk=VENTSPILS))])
        await follow(registers.projections)
        await replace(items)

    monkeypatch.setattr(registers.persons, "replace_involved", slowly)
    await follow(registers.projections)
    assert await seen_by(registers, VENTSPILS) == {ANNA}
    assert await wrong(registers) == []


async def test_after_any_changes_the_projection_is_what_the_events_say(registers: Registers) -> None:
    chance = random.Random(7)
    for _ in range(40):
        place = chance.choice((None, *(Place(atvk=atvk) for atvk in (RIGA, LIEPAJA, VENTSPILS))))
        parts = tuple(person_part(number, number) for number in (1, 2) if chance.random() < 0.6)
        owner = chance.choice(("LV-VP", "LV-PP-RIGA"))
        await put(registers, event(chance.randrange(5), place=place, persons=parts, territory_owner=owner))
    assert await wrong(registers) == []


async def test_rebuilding_mends_what_is_lost_and_what_is_too_much(registers: Registers) -> None:
    await put(registers, event(1, place=Place(atvk=RIGA), persons=(person_part(1, 1),)))
    await registers.persons.replace_involved([Involved(ANNA)])
    stranger = id_of("per", 9)
    await registers.persons.add_involved([Involved(stranger, (RIGA,))])
    found = {difference.right.id: difference.shows_too_much for difference in await wrong(registers)}
    assert found == {ANNA: False, stranger: True}
    assert await rebuild(registers.projections, EntityKind.PERSON) == 2
    assert await wrong(registers) == []
    assert await seen_by(registers, RIGA) == {ANNA}


async def test_documents_and_vehicles_follow_those_who_have_them(registers: Registers) -> None:
    passport, car = document(1, holder_id=ANNA), vehicle(7, holders=(holding(1, 1),))
    await registers.documents.put_many([passport])
    await registers.vehicles.put_many([car])
    first = event(1, place=Place(atvk=RIGA), persons=(person_part(1, 1),))
    await put(registers, first)

    async def in_territory(territory: str) -> set[str]:
        documents = await registers.documents.by_ids([passport.id], {"Document": Overlaps("involvedTerritories", (territory,))})
        vehicles = await registers.vehicles.by_ids([car.id], {"Vehicle": Overlaps("involvedTerritories", (territory,))})
        return {*documents, *vehicles}

    assert await in_territory(RIGA) == {passport.id, car.id}
    await put(registers, msgspec.structs.replace(first, place=Place(atvk=LIEPAJA)))
    assert (await in_territory(RIGA), await in_territory(LIEPAJA)) == (set(), {passport.id, car.id})
    await registers.documents.put_many([msgspec.structs.replace(passport, holder_id=PETERIS)])
    await registers.vehicles.put_many([msgspec.structs.replace(car, holders=(holding(1, 2),))])
    await follow(registers.projections)
    assert await in_territory(LIEPAJA) == set()
    assert await wrong(registers) == []
