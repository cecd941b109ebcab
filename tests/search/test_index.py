"""What every index keeps its word about: one test for SQLite with FTS5 and for Elasticsearch."""

from __future__ import annotations

import asyncio
from itertools import count, pairwise
from typing import Any

import pytest

from authz.rows import All, Eq, GeoWithin, In, Lte, Not, Overlaps
from search.document import SearchDocument, body_of, digest_of
from search.errors import BadSearch, SearchBeingPrepared
from search.finding import WINDOW, suggest
from search.query import Box, Circle, Conditions, query_of
from subgraphs.documents.search import TYPE as DOCUMENT
from subgraphs.events.search import TYPE as EVENT
from subgraphs.persons.search import TYPE as PERSON
from subgraphs.vehicles.search import TYPE as VEHICLE
from tests.search.conftest import STORES
from tests.search.reaching import found, ids, reach

PREFIX = {"Event": "evt", "Person": "per", "Vehicle": "veh", "Document": "doc"}


SALT = count(1)
salt = 0


@pytest.fixture(autouse=True)
def ids_of_its_own() -> None:
    """No test meets a thing of another: what was taken out of an index that is shared keeps its version for a while."""
    global salt  # noqa: PLW0603
    salt = next(SALT)


def thing(type_name: str, number: int, /, version: int = 1, **what: Any) -> SearchDocument:
    return SearchDocument(type=type_name, id=f"{PREFIX[type_name]}_{salt:016x}{number:016x}", version=version, **what)


def person(number: int, given: str, family: str, /, version: int = 1, **what: Any) -> SearchDocument:
    names = {"Person.givenNames": (given,), "Person.familyName": (family,)}
    return thing("Person", number, version, values=names | what.pop("values", {}), **what)


def event(number: int, /, version: int = 1, summary: str = "Troksnis pagalmā", **what: Any) -> SearchDocument:
    return thing("Event", number, version, values={"Event.summary": (summary,)}, **what)


def vehicle(number: int, plate: str) -> SearchDocument:
    return thing("Vehicle", number, values={"Vehicle.plate": (plate,)}, facets={"Vehicle.make": ("Volvo",)})


async def filled(index, *documents: SearchDocument) -> None:
    await index.put(documents)
    await index.refresh()


async def test_what_is_newer_replaces_and_what_is_older_does_not(index):
    await filled(index, person(1, "Jānis", "Ozols", version=5))
    assert await index.put([person(1, "Jānis", "Vilks", version=4)]) == 0
    assert await index.put([person(1, "Jānis", "Lācis", version=5)]) == 1
    await index.refresh()
    assert [await ids(index, name) for name in ("Ozols", "Vilks", "Lācis")] == [[], [], [person(1, "", "").id]]


async def test_what_is_replaced_and_what_is_new_come_in_one_call(index):
    await filled(index, person(1, "Jānis", "Ozols"))
    await filled(index, person(2, "Jānis", "Vilks"), person(1, "Jānis", "Ozoliņš"))
    assert len(await ids(index, "Jānis")) == 2


async def test_of_two_of_one_thing_in_one_call_the_newer_stays(index):
    await filled(index, person(1, "Jānis", "Ozols", version=5), person(1, "Jānis", "Vilks", version=4))
    assert await ids(index, "Jānis") == await ids(index, "Ozols") != []


async def test_what_was_taken_out_does_not_come_back_older(index):
    await filled(index, person(1, "Jānis", "Ozols", version=3))
    await index.remove("Person", [person(1, "", "").id], 5)
    await index.put([person(1, "Jānis", "Ozols", version=4)])
    await index.refresh()
    assert await ids(index, "Ozols") == []
    assert [batch async for batch in index.kept("Person")] == []
    await filled(index, person(1, "Jānis", "Ozols", version=6))
    assert len(await ids(index, "Ozols")) == 1


async def test_positions_only_grow(index):
    assert await index.position("persons") == 0
    await index.move("persons", 7)
    await index.move("persons", 5)
    assert (await index.position("persons"), await index.position("events")) == (7, 0)


@pytest.mark.parametrize("store", STORES)
async def test_before_the_first_index_is_published_nothing_is_found_and_that_is_said(open_index, store):
    index = await open_index(store)
    assert not await index.is_ready()
    with pytest.raises(SearchBeingPrepared):
        await found(index, "Ozols")
    with pytest.raises(SearchBeingPrepared):
        await index.position("persons")
    with pytest.raises(SearchBeingPrepared):
        await index.put([person(1, "Jānis", "Ozols")])
    await index.publish(await index.draft())
    assert await index.is_ready()


@pytest.mark.parametrize("store", STORES)
async def test_nobody_who_asks_while_a_rebuilt_index_takes_over_meets_half_of_one(open_index, store):
    index = await open_index(store)
    await index.publish(await index.draft())
    await filled(index, *(person(number, "Jānis", "Ozols") for number in range(20)))
    seen: set[int] = set()

    async def ask() -> None:
        for _ in range(10):
            seen.add(len(await ids(index, "Ozols")))

    draft = await index.draft()
    await draft.put([person(number, "Jānis", "Ozols") for number in range(30)])
    await draft.refresh()
    assert len(await ids(index, "Ozols")) == 20  # a draft answers nobody
    asking = asyncio.create_task(ask())
    for _ in range(2):
        draft = await index.draft()
        await draft.put([person(number, "Jānis", "Ozols", version=2) for number in range(20)])
        await draft.refresh()
        await index.publish(draft)
    await asking
    assert seen == {20}


async def test_what_is_kept_is_told_in_the_order_of_ids(index):
    documents = [person(number, "Jānis", "Ozols") for number in (3, 1, 2)]
    await filled(index, *documents, event(1))
    kept = [each async for batch in index.kept("Person") for each in batch]
    assert [each.id for each in kept] == sorted(document.id for document in documents)
    assert {each.digest for each in kept} == {digest_of(body_of(document)) for document in documents}


# finding


async def test_the_nearer_a_name_is_the_earlier_it_comes(index):
    names = [("Jānis", "Bērziņš"), ("Jānis", "Bērziņš-Kalns"), ("Jana", "Bērziņa"), ("Jānis", "Berziņš"), ("Juris", "Bērziņš")]
    await filled(index, *(person(number, *name) for number, name in enumerate(names)))
    hits = (await found(index, "Jānis Bērziņš")).hits
    assert hits[0].score == 1.0
    assert [int(hit.id[-2:], 16) for hit in hits][:3] == [0, 3, 1]
    assert all(earlier.score >= later.score for earlier, later in pairwise(hits))


async def test_all_but_one_of_three_words_are_enough(index):
    await filled(index, person(1, "Anna Marija", "Ozola"), person(2, "Anna", "Liepa"))
    assert await ids(index, "Anna Ozola") == [person(1, "", "").id]
    assert len(await ids(index, "Anna Marija Liepa")) == 2


PATTERNS = {
    "QA-1234": ["QA-1234"],
    "qa 1234": ["QA-1234"],
    "QA1234": ["QA-1234"],
    "Q?-12*": ["QA-1234", "QB-12"],
    "*234": ["QA-1234", "QC-234"],
    "QA-12": [],
    "q*[3-4]": ["QA-1234", "QC-234"],  # only letters and digits count
    'Q"1': [],
}


async def test_identifiers_are_found_whole_or_by_a_pattern(index):
    plates = ("QA-1234", "QB-12", "QC-234")
    await filled(index, *(vehicle(number, plate) for number, plate in enumerate(plates)))
    for text, expected in PATTERNS.items():
        assert [plates[int(one[-2:], 16)] for one in await ids(index, text, reach(VEHICLE))] == expected, text


@pytest.mark.parametrize("text", ["", "  ", "-", "*", "Q*", "?" * 9, "a" * 201, "a b c d e f g h i"])
async def test_a_text_that_cannot_be_meant_is_refused(text):
    with pytest.raises(BadSearch):
        query_of(text, (reach(),))


async def test_words_of_a_text_are_found_by_their_stems(index):
    await filled(
        index, event(1, summary="Nozagts velosipēds no kāpņu telpas"), event(2, summary="Velosipēdu zādzība pie veikala")
    )
    assert len(await ids(index, "velosipēdi", reach(EVENT))) == 2
    assert await ids(index, "zadzibas velosipeds", reach(EVENT)) == [event(2).id]


async def test_everything_at_once_is_found_by_one_text(index):
    paper = thing("Document", 1, values={"Document.number": ("QV0000001",)})
    await filled(index, person(1, "Jānis", "Ozols"), event(1, summary="Persona Ozols aizturēta"), vehicle(1, "QA-1"), paper)
    everything = [reach(searched) for searched in (EVENT, PERSON, VEHICLE, DOCUMENT)]
    assert set(await ids(index, "ozols", *everything)) == {person(1, "", "").id, event(1).id}
    assert await ids(index, "QV 0000001", *everything) == [paper.id]


async def test_dates_places_and_facets_narrow(index):
    await filled(
        index,
        event(1, at=1000, lat=56.95, lon=24.10, facets={"Event.kind": ("CRIMINAL_OFFENCE",)}),
        event(2, at=2000, lat=56.96, lon=24.11, facets={"Event.kind": ("SAFETY_THREAT",)}),
        event(3, at=3000, lat=57.50, lon=25.00, facets={"Event.kind": ("CRIMINAL_OFFENCE",)}),
        event(4),
    )

    async def numbers(conditions: Conditions) -> list[int]:
        return [int(one[-2:], 16) for one in await ids(index, "troksnis", reach(EVENT), conditions=conditions)]

    assert await numbers(Conditions(since=1000, until=2000)) == [1]
    assert await numbers(Conditions(since=2000)) == [2, 3]
    assert await numbers(Conditions(circle=Circle(56.95, 24.10, 3000))) == [1, 2]
    assert await numbers(Conditions(circle=Circle(56.95, 24.10, 500))) == [1]
    assert await numbers(Conditions(box=Box(56.955, 24.0, 57.6, 25.5))) == [2, 3]
    assert await numbers(Conditions((("Event.kind", ("CRIMINAL_OFFENCE",)),), until=2500)) == [1]
    assert await numbers(Conditions((("Event.kind", ("SAFETY_THREAT", "CRIMINAL_OFFENCE")),))) == [1, 2, 3]


async def test_pages_go_through_everything_once_also_beyond_the_window(index):
    amount = WINDOW + 45
    await filled(index, *(person(number, "Jānis", "Ozola" if number % 2 else "Ozols") for number in range(amount)))
    seen, after = [], None
    while True:
        page = await found(index, "Ozols", after=after, size=70)
        seen += [hit.id for hit in page.hits]
        after = page.hits[-1].position
        if not page.has_next:
            break
    assert len(seen) == len(set(seen)) == amount == await index.count(query_of("Ozols", (reach(),)))


async def test_facets_count_what_matches_the_most_frequent_first(index):
    kinds = ["A", "B", "A", "C", "A", "B"]
    await filled(
        index, *(event(number, facets={"Event.category": (kind,)}) for number, kind in enumerate(kinds)), event(9, summary="x")
    )
    counted = await index.facets(query_of("troksnis", (reach(EVENT),)), {"Event.category", "Event.kind", "type"})
    assert {name: list(each.items()) for name, each in counted.items()} == {
        "Event.category": [("A", 3), ("B", 2), ("C", 1)],
        "type": [("Event", 6)],
    }


async def test_a_text_is_completed_by_words_of_what_matches_the_rest(index):
    await filled(
        index,
        person(1, "Jānis", "Bērziņš"),
        person(2, "Jānis", "Bērzs"),
        person(3, "Jānis", "Bērziņš"),
        person(4, "Ilze", "Bērza"),
    )
    assert await suggest(index, "jānis ber", (reach(),), 5) == ("jānis Bērziņš", "jānis Bērzs")
    assert await suggest(index, "b", (reach(),), 5) == ()


async def test_highlights_say_where(index):
    await filled(index, person(1, "Anna Jūlija", "Ozola-Liepa"))
    (hit,) = (await found(index, "yulia liepa")).hits
    assert {(each.field, *(each.text[span.start : span.end] for span in each.spans)) for each in hit.highlights} == {
        ("Person.givenNames", "Jūlija"),
        ("Person.familyName", "Liepa"),
    }


# rights inside the question

RULES = [
    (Lte("classification", 2), {1, 2}),
    (Eq("territory", "0001000"), {1, 3}),
    (In("territory", ("0001000", "0002000")), {1, 2, 3}),
    (Not(Eq("sealed", True)), {1, 3}),
    (Overlaps("caseNumbers", ("11-1",)), {2}),
    (GeoWithin("point", 56.95, 24.1, 1000.0), {1}),
    (All((Lte("classification", 3), Not(In("territory", ("0001000",))))), {2}),
    (Not(Overlaps("caseNumbers", ("11-1",))), {1, 3, 4}),
]


async def test_row_rules_are_part_of_what_is_found_counted_and_suggested(index):
    await filled(
        index,
        event(1, lat=56.95, lon=24.1, rows={"classification": 1, "territory": "0001000", "sealed": False, "caseNumbers": ()}),
        event(
            2,
            lat=57.5,
            lon=24.1,
            rows={"classification": 2, "territory": "0002000", "sealed": True, "caseNumbers": ("11-1", "2")},
        ),
        event(3, rows={"classification": 3, "territory": "0001000", "sealed": False, "caseNumbers": ()}),
        event(4, rows={"classification": 4, "territory": None, "sealed": None, "caseNumbers": ()}),
    )
    for rule, visible in RULES:
        asked = reach(EVENT, rule)
        assert {int(one[-2:], 16) for one in await ids(index, "troksnis", asked)} == visible, rule
        query = query_of("troksnis", (asked,))
        assert await index.count(query) == len(visible)
        assert await index.facets(query, {"type"}) == {"type": {"Event": len(visible)}}
        assert await suggest(index, "trok", (asked,), 5) == ("Troksnis",)


async def test_fields_that_may_not_be_searched_find_nothing(index):
    await filled(index, person(1, "Jānis", "Ozols", values={"Person.personalCode": ("309901-12345",)}))
    names = reach(fields={"Person.familyName"})
    assert [await ids(index, text, names) for text in ("Jānis", "309901-12345", "3099*", "Ozols")] == [
        [],
        [],
        [],
        [person(1, "", "").id],
    ]
    assert await suggest(index, "jā", (names,), 5) == ()
