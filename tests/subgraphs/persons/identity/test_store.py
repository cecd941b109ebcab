"""What the register of persons promises of identity, asked of every adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authz.rows import Eq
from kernel.clock import FixedClock
from subgraphs.persons.enumerations import MatchBasis, Verification
from subgraphs.persons.identity.matching import Named
from subgraphs.persons.identity.store import Merging, Splitting
from subgraphs.persons.model import PersonalCode
from subgraphs.room.asked import Actor, Asked
from subgraphs.room.records import Involved
from subgraphs.room.refusal import Refused
from tests.subgraphs.samples import id_of, person
from tests.subgraphs.stores import OpenStore, adapters_of

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ACTOR = Actor("LV-VP", "anna", "C-1/1", "SEARCH_OF_PERSON", None, "txn-1")
KEYS = count(1)


@pytest.fixture(params=adapters_of("persons"))
async def store(request: pytest.FixtureRequest, open_store: OpenStore) -> Any:
    return await open_store("persons", request.param, FixedClock(NOW))


def asked(operation: str, key: str | None = None, request: bytes = b"one") -> Asked:
    return Asked(operation, ACTOR, key or f"key-{next(KEYS)}", request, NOW, "tā pati persona")


async def version(store: Any, number: int) -> int:
    found = await store.by_ids([id_of("per", number)], {})
    return int(found[id_of("per", number)].version)


async def merged(store: Any, source: int, into: int, rows: Mapping[str, Any] | None = None) -> Any:
    versions = (await version(store, into), await version(store, source))
    return await store.merge(asked("mergePersons"), Merging(id_of("per", into), id_of("per", source), *versions, rows or {}))


async def split(store: Any, number: int) -> Any:
    return await store.split(asked("splitPerson"), Splitting(id_of("per", number), await version(store, number), {}))


async def survivors(store: Any, *numbers: int) -> list[int | None]:
    ids = [id_of("per", number) for number in numbers]
    found = await store.surviving(ids, {})
    return [int(found[each].record.id[-4:], 16) if each in found else None for each in ids]


async def test_an_old_id_and_an_old_code_find_the_survivor_and_a_split_finds_each_again(store):
    await store.put_many([person(number) for number in (1, 2, 3)])
    await merged(store, 1, 2)
    await merged(store, 2, 3)
    assert await survivors(store, 1, 2, 3, 9) == [3, 3, 3, None]
    by_code = await store.by_codes(["30991200001"], {})
    assert by_code["30991200001"].record.id == id_of("per", 3)
    others = await store.merged_with([id_of("per", 3)], {})
    assert [kept.record.id for kept in others[id_of("per", 3)]] == [id_of("per", 1), id_of("per", 2)]
    assert await store.linked([id_of("per", 1)]) == {id_of("per", 1): frozenset((id_of("per", 2), id_of("per", 3)))}
    await split(store, 2)
    assert await survivors(store, 1, 2, 3) == [2, 2, 3]
    found = await store.identity_changes(id_of("per", 2), {})
    assert [(entry.operation, entry.other.record.id) for entry in found] == [
        ("mergePersons", id_of("per", 1)),
        ("mergePersons", id_of("per", 3)),
        ("splitPerson", id_of("per", 3)),
    ]


async def test_who_may_see_the_merged_one_may_see_the_survivor_at_once_and_following_agrees(store):
    await store.put_many([person(1, involved=Involved(id_of("per", 1), ("0001000",), ("LV-PP-RIGA",))), person(2)])
    await merged(store, 1, 2)
    shown = (await store.involved_of([id_of("per", 2)]))[id_of("per", 2)]
    assert (shown.territories, shown.agencies) == (("0001000",), ("LV-PP-RIGA",))
    assert {change.target for change in await store.projection_changes(10)} == {id_of("per", 1), id_of("per", 2)}


@pytest.mark.parametrize(
    ("into", "source", "code"),
    [
        (1, 1, "SAME_PERSON"),
        (1, 9, "PERSON_NOT_FOUND"),
        (2, 3, "MERGED_ALREADY"),
        (4, 2, "MERGED_ALREADY"),
        (4, 5, "VERIFIED_SURVIVES"),
        (5, 6, "TWO_VERIFIED"),
    ],
)
async def test_what_cannot_be_one_person_is_not_merged(store, into, source, code):
    verified = {"verification": Verification.VERIFIED_FPR}
    await store.put_many([*(person(number) for number in (1, 2, 3, 4)), *(person(number, **verified) for number in (5, 6))])
    await merged(store, 2, 1)
    merging = Merging(id_of("per", into), id_of("per", source), 2 if into == 2 else 1, 2 if source == 2 else 1, {})
    with pytest.raises(Refused, match=code):
        await store.merge(asked("mergePersons"), merging)


async def test_one_of_many_who_merge_at_once_does_and_hidden_persons_are_not_found(store):
    await store.put_many([person(1), person(2), person(3, verification=Verification.UNKNOWN_IDENTITY)])
    answers = await asyncio.gather(*(merged(store, 1, 2) for _ in range(4)), return_exceptions=True)
    assert len([answer for answer in answers if not isinstance(answer, Refused)]) == 1
    with pytest.raises(Refused, match="PERSON_NOT_FOUND"):
        await merged(store, 2, 3, {"Person": Eq("verification", "DECLARED")})
    with pytest.raises(Refused, match="NOT_MERGED"):
        await split(store, 2)


async def test_many_who_name_an_unknown_person_at_once_find_one_record(store):
    named, code = Named(code="31991200077", family_name="Ozols"), (PersonalCode(value="319912-00077"),)
    new = [person(number, family_name="Ozols", codes=code) for number in range(1, 6)]
    done = await asyncio.gather(*(store.identify(asked("identifyPerson"), named, each, {}) for each in new))
    assert len({each.person_id for each in done}) == 1
    assert sorted(str(each.basis) for each in done) == ["CODE"] * 4 + ["None"]


async def test_an_import_finds_the_only_person_with_just_this_name_and_birth_date(store):
    born = date(1980, 4, 3)
    anna, twin = {"given_names": "Anna", "family_name": "Bērziņa"}, {"given_names": "Juris", "family_name": "Ozols"}
    await store.put_many([person(1, **anna, birth_date=born), *(person(n, **twin, birth_date=born) for n in (2, 3))])
    named = [
        Named(given_names="Anna", family_name="Berzina", birth_date=born),
        Named(given_names="Juris", family_name="Ozols", birth_date=born),
        Named(code="31991200099", given_names="Anna", family_name="Berzina", birth_date=born),
        Named(given_names="Anna", family_name="Berzina", birth_date=date(1980, 4, 4)),
    ]
    found = await store.by_names(named, {})
    assert {one: kept.record.id for one, kept in found.items()} == {named[0]: id_of("per", 1)}


async def test_a_named_person_is_found_or_kept_as_unverified_once(store):
    anna = {"given_names": "Anna", "family_name": "Bērziņa", "birth_date": date(1980, 4, 3)}
    await store.put_many([person(1, **anna), person(2, family_name="Ozols", birth_date=date(1951, 3, 4))])
    by_code = await store.identify(asked("identifyPerson"), Named(code="30991200001"), person(7), {})
    assert (by_code.person_id, by_code.basis) == (id_of("per", 1), MatchBasis.CODE)
    spelled = Named(given_names="anna", family_name="BERZINA", birth_date=date(1980, 4, 3))
    by_name = await store.identify(asked("identifyPerson"), spelled, person(7), {})
    assert (by_name.person_id, by_name.basis) == (id_of("per", 1), MatchBasis.NAME_AND_BIRTH_DATE)
    unknown, code = Named(given_names="Anna", family_name="Bērziņa"), (PersonalCode(value="319912-00077"),)
    new = person(7, given_names="Anna", family_name="Bērziņa", birth_date=None, codes=code)
    kept = [await store.identify(asked("identifyPerson", "key-x"), unknown, new, {}) for _ in range(2)]
    assert [(done.person_id, done.basis) for done in kept] == [(id_of("per", 7), None)] * 2
    with pytest.raises(Refused, match="IDEMPOTENCY_KEY_REUSED"):
        await store.identify(asked("identifyPerson", "key-x", b"two"), unknown, new, {})
    found = await store.candidates(spelled, {}, 10)
    assert [each.person.record.id for each in found] == [id_of("per", 1), id_of("per", 7)]
    await merged(store, 7, 1)
    found = await store.candidates(unknown, {}, 10)
    assert [each.person.record.id for each in found] == [id_of("per", 1)]
    hidden = {"Person": Eq("verification", "VERIFIED_FPR")}
    assert await store.candidates(spelled, hidden, 10) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 5), st.integers(1, 5)), max_size=8))
async def test_whatever_is_merged_is_exactly_as_it_was_when_it_is_split(open_store, moves):
    store = await open_store("persons", "sqlite", FixedClock(NOW))
    ids = [id_of("per", number) for number in range(1, 6)]
    started = {kept.record.id: kept for kept in (await store.by_ids(ids, {})).values()}
    if not started:
        await store.put_many([person(number) for number in range(1, 6)])
    parents: dict[int, int] = {}
    before = {key: kept.record for key, kept in (await store.by_ids(ids, {})).items()}

    def root(number: int) -> int:
        while number in parents:
            number = parents[number]
        return number

    for is_merge, one, other in moves:
        if is_merge and one != other and one not in parents and other not in parents:
            await merged(store, one, other)
            parents[one] = other
        elif not is_merge and one in parents:
            await split(store, one)
            del parents[one]
        assert await survivors(store, *range(1, 6)) == [root(number) for number in range(1, 6)]
    for number in list(parents):
        await split(store, number)
    assert {key: kept.record for key, kept in (await store.by_ids(ids, {})).items()} == before
