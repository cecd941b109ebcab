"""Searching through the gateway, as agencies do: what each contract lets search, and what is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

import authz
from authz.book import ContractBook
from authz.dependencies import dependencies_of
from ingest.registers import Registers
from kernel.clock import FixedClock
from saite.graph import api_schema
from saite.searching import sources_of
from schema import text
from search.indexing import differ, follow, mend
from subgraphs.events.model import Place, Registrar
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved
from tests.security.town import NOW, Town, open_town
from tests.subgraphs.samples import document, event, id_of, person, vehicle

PERSONS = """query($text: String!, $first: Int, $after: String) {
  searchPersons(text: $text, first: $first, after: $after) {
    totalCount suggestions pageInfo { hasNextPage endCursor }
    edges { score highlights { field text } node { id familyName } } } }"""
ALL = """query($text: String!) { search(text: $text) { edges { score node { __typename
  ... on Event { id summary } ... on Person { id familyName } ... on Vehicle { id plate } ... on Document { number } } } } }"""
KINDS = "query($text: String!) { search(text: $text) { edges { node { __typename ... on Person { id } } } } }"
EVENTS = """query($text: String!) { searchEvents(text: $text) {
  totalCount edges { node { summary } } facets { field buckets { value count } } } }"""
WHERE = """query($text: String!, $where: SearchWhere) {
  search(text: $text, where: $where) { edges { node { ... on Event { id } } } } }"""
CASES = {"CRIMINAL_PROCEEDING": "26-00001", "ADMIN_PROCEEDING": "AP-26-00001"}
RECORDS: dict[str, list[Any]] = {
    "events": [
        event(
            1,
            summary="Berziņu pagalmā troksnis",
            place=Place(atvk="0001000", text="Brīvības iela 1, Rīga", lat=56.95, lon=24.1),
        ),
        event(
            2,
            summary="Troksnis ostā",
            territory_owner="LV-OP-RIGA",
            registered_by=Registrar("LV-OP-RIGA"),
            place=Place(atvk="0002000", lat=57.05, lon=24.0),
        ),
        event(3, summary="Slēgts troksnis", sealed=True),
    ],
    "persons": [
        person(
            1, given_names="Jānis", family_name="Bērziņš", involved=Involved(id_of("per", 1), ("0001000",), ("LV-PP-RIGA",))
        ),
        person(2, given_names="Jana", family_name="Bērziņa", classification=Classification.SENSITIVE),
        person(3, given_names="Anna", family_name="Ozola", birth_family_name="Bērziņa"),
    ],
    "vehicles": [vehicle(12), vehicle(123)],
    "documents": [document(12)],
}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def shipped() -> ContractBook:
    folder = Path(authz.__file__).parent / "contracts"
    return ContractBook.load(folder, api_schema(), FixedClock(NOW), dependencies=dependencies_of(text("supergraph")))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, shipped: ContractBook) -> AsyncIterator[Town]:
    """Filled with RECORDS; nobody changes it."""
    async with open_town(tmp_path_factory.mktemp("search") / "town", shipped) as opened:
        await opened.fill(RECORDS)
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def own_town(tmp_path: Path, shipped: ContractBook) -> AsyncIterator[Town]:
    async with open_town(tmp_path / "town", shipped) as opened:
        yield opened


async def asked(
    town: Town, query: str, *, agency: str = "LV-PROK", purpose: str = "CRIMINAL_PROCEEDING", **variables: Any
) -> Any:
    return await town.ask(query, variables, token=town.token(agency, purpose, CASES.get(purpose)))


async def found(town: Town, query: str, field: str, **what: Any) -> list[Any]:
    return [edge["node"] for edge in (await asked(town, query, **what)).data[field]["edges"]]


async def test_persons_are_found_by_names_in_other_spellings(town):
    connection = (await asked(town, PERSONS, text="Янис Берзиньш")).data["searchPersons"]
    assert connection["edges"][0]["node"]["familyName"] == "Bērziņš"
    assert {"field": "Person.familyName", "text": "Bērziņš"} in connection["edges"][0]["highlights"]
    assert connection["totalCount"] == len(connection["edges"])


async def test_one_text_finds_things_of_all_registers_each_told_by_its_home(town):
    kinds = [node["__typename"] for node in await found(town, ALL, "search", text="berzina")]
    assert sorted(kinds) == ["Event", "Person", "Person", "Person"]
    assert [node["plate"] for node in await found(town, ALL, "search", text="Q?-12*")] == ["QA-12", "QA-123"]
    assert [node["number"] for node in await found(town, ALL, "search", text="QV0000012")] == ["QV0000012"]


async def test_row_rules_hold_for_hits_and_counts(town):
    for agency, purpose, summaries in (
        ("LV-PROK", "CRIMINAL_PROCEEDING", {"Berziņu pagalmā troksnis", "Troksnis ostā", "Slēgts troksnis"}),
        ("LV-PP-RIGA", "EVENT_RESPONSE", {"Berziņu pagalmā troksnis"}),
    ):
        connection = (await asked(town, EVENTS, agency=agency, purpose=purpose, text="troksnis")).data["searchEvents"]
        assert {edge["node"]["summary"] for edge in connection["edges"]} == summaries
        assert connection["totalCount"] == len(summaries)
        counted = {facet["field"]: facet["buckets"] for facet in connection["facets"]}
        assert counted["type"] == [{"value": "Event", "count": len(summaries)}]


async def test_names_are_searched_only_where_the_contract_lets_them_be(town):
    response, proceeding = (
        {"agency": "LV-PP-RIGA", "purpose": "EVENT_RESPONSE"},
        {"agency": "LV-PP-RIGA", "purpose": "ADMIN_PROCEEDING"},
    )
    # for a response the police of Rīga look into events and plates; a person is found by the whole code alone
    assert {node["__typename"] for node in await found(town, KINDS, "search", text="berzina", **response)} == {"Event"}
    assert [node["__typename"] for node in await found(town, KINDS, "search", text="309912-00001", **response)] == ["Person"]
    assert await found(town, KINDS, "search", text="309912-0000*", **response) == []
    names = {
        node["id"]
        for node in await found(town, KINDS, "search", text="berzina", **proceeding)
        if node["__typename"] == "Person"
    }
    # not the minor of elsewhere (row rule), not by the birth name (no right to search by it)
    assert names == {id_of("per", 1)}
    answer = await asked(
        town, '{ searchPersons(text: "berzina", fields: {birthFamilyName: true}) { nodes { id } } }', **proceeding
    )
    assert answer.json.get("data") is None


async def test_codes_whose_look_ups_a_quota_counts_are_not_searched(town):
    port = {"agency": "LV-OP-RIGA", "purpose": "EVENT_RESPONSE"}
    assert await found(town, KINDS, "search", text="309912-00001", **port) == []


async def test_where_narrows_by_time_place_and_kind(town):
    box = {"south": 57.0, "west": 23.9, "north": 57.1, "east": 24.1}
    for conditions, numbers in (
        ({"place": {"point": {"box": box}}}, [2]),
        ({"place": {"point": {"within": {"lat": 56.95, "lon": 24.1, "metres": 500}}}}, [1, 3]),
        ({"place": {"atvk": {"eq": "0002000"}}}, [2]),
        ({"occurred": {"to": "2026-01-01T02:30:00Z"}}, [1, 2]),
    ):
        nodes = await found(town, WHERE, "search", text="troksnis", where=conditions)
        assert sorted(node["id"] for node in nodes) == [id_of("evt", number) for number in numbers], conditions
    answer = await asked(town, WHERE, text="troksnis", where={"place": {"point": {"box": {**box, "north": 50.0}}}})
    assert answer.codes == ["BAD_FILTER"]


async def test_before_the_index_is_filled_it_is_said_that_searching_is_being_prepared_then_pages_go_through_all(own_town):
    answer = await asked(own_town, PERSONS, text="Ozola")
    assert answer.codes == ["SEARCH_BEING_PREPARED"]
    assert "being prepared" in answer.json["errors"][0]["message"]
    await own_town.fill({"persons": [person(number, family_name="Bērziņš") for number in range(1, 30)]})
    seen, after = [], None
    while True:
        connection = (await asked(own_town, PERSONS, text="Bērziņš", first=12, after=after)).data["searchPersons"]
        seen += [edge["node"]["id"] for edge in connection["edges"]]
        after = connection["pageInfo"]["endCursor"]
        if not connection["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 29
    assert (await asked(own_town, PERSONS, text="Ozols", after=after)).codes == ["BAD_PAGE"]


async def test_a_change_moves_the_index_and_with_it_who_finds_what_and_what_differs_is_mended(own_town):
    await own_town.fill(RECORDS)
    sources = sources_of(Registers(**own_town.stores))
    index, store = own_town.index, own_town.stores["persons"]
    await store.put_many([person(1, given_names="Jānis", family_name="Kalniņš")])
    await store.replace_involved([Involved(id_of("per", 2), ("0001000",), ())])
    assert await follow(index, sources) >= 2
    assert await follow(index, sources) == 0
    proceeding = {"agency": "LV-PP-RIGA", "purpose": "ADMIN_PROCEEDING"}
    query = "query($text: String!) { searchPersons(text: $text) { edges { node { id } } } }"
    for text_, number in (("Bērziņa", 2), ("Kalniņš", 1)):
        assert [node["id"] for node in await found(own_town, query, "searchPersons", text=text_, **proceeding)] == [
            id_of("per", number)
        ]

    source = next(source for source in sources if source.room == "persons")
    assert (await differ(index, source)).ids == ()
    await store.put_many([person(2, family_name="Kalniņa"), person(9)])
    await index.remove("Person", [id_of("per", 3)], await store.last())
    difference = await differ(index, source)
    assert difference.ids == tuple(id_of("per", number) for number in (2, 3, 9))
    assert (difference.in_register, difference.in_index) == (4, 2)
    assert difference.digest_of_register != difference.digest_of_index
    await mend(index, source, difference.ids)
    assert (await differ(index, source)).ids == ()
