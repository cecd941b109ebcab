"""What the store of persons promises beyond every store, asked of every adapter."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from authz.rows import Eq
from kernel.clock import FixedClock
from kernel.paging import Page
from subgraphs.persons.enumerations import Sex
from subgraphs.persons.model import PersonalCode
from subgraphs.persons.store import PersonStore
from subgraphs.room.where import AnyOf, Compare, Listing, Sort
from tests.subgraphs.samples import id_of, person
from tests.subgraphs.stores import ADAPTERS, OpenStore


@pytest.fixture(params=ADAPTERS)
async def store(request: pytest.FixtureRequest, open_store: OpenStore) -> PersonStore:
    opened: PersonStore = await open_store("persons", request.param, FixedClock(datetime(2026, 6, 1, tzinfo=UTC)))
    return opened


async def test_a_person_is_found_by_any_code_they_had_and_the_current_holder_comes_first(store):
    old = PersonalCode(value="309912-00001", valid_to=date(2020, 1, 1))
    await store.put_many(
        [
            person(1, codes=(old, PersonalCode(value="309912-00009"))),
            person(2, codes=(PersonalCode(value="309912-00001"),)),
        ]
    )
    found = await store.by_codes(["30991200001", "30991200009", "30991299999"], {})
    assert {code: kept.record.id for code, kept in found.items()} == {
        "30991200001": id_of("per", 2),
        "30991200009": id_of("per", 1),
    }
    assert await store.by_codes(["30991200001"], {"Person": Eq("verification", "VERIFIED_FPR")}) == {}


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        (Compare("family_name", "eq", "BERZINS-1"), [1]),
        (Compare("family_name", "startsWith", "Bērziņš"), [1, 2]),
        (Compare("given_names", "in", ("janis", "Anna")), [1, 2, 3]),
        (Compare("birth_date", "from", date(1980, 1, 3)), [2]),
        (Compare("birth_date", "to", date(1980, 1, 3)), [1]),
        (Compare("sex", "eq", Sex.FEMALE), [3]),
        (Compare("citizenship", "eq", "lv"), [2]),
        (Compare("personal_code", "eq", "30991200002"), [2]),
        (AnyOf((Compare("sex", "eq", Sex.FEMALE), Compare("citizenship", "eq", "LV"))), [2, 3]),
    ],
)
async def test_persons_are_narrowed_by_each_attribute(store, where, numbers):
    await store.put_many(
        [
            person(1),
            person(2, citizenship="LV"),
            person(3, family_name=None, birth_date=None, sex=Sex.FEMALE, codes=()),
        ]
    )
    found = await store.find(Listing(where, (Sort("family_name"),), Page(10, False, None), {}))
    assert sorted(placed.item.record.id for placed in found.items) == [id_of("per", number) for number in numbers]
