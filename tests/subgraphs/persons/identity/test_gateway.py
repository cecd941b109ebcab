"""Identity through the embedded gateway: an event's person follows merges, and linking tells who else it may be."""

from __future__ import annotations

from kernel.clock import SystemClock
from saite.registers import open_registers
from subgraphs.persons.identity.store import Splitting
from subgraphs.room.asked import Actor, Asked
from subgraphs.room.projecting import follow
from tests.subgraphs.events.registration.test_gateway import NEW, REGISTER, Caller, folder, gateway_over, token_of
from tests.subgraphs.samples import id_of, person

__all__ = ["folder"]

LINK = """mutation ($input: LinkPersonInput!) { linkPerson(input: $input) { userErrors { code }
  linkedPerson { id candidates { basis person { id } } } } }"""
MERGE = "mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { userErrors { code } person { id } } }"
SEEN = "query ($id: ID!) { event(id: $id) { persons { person { id familyName sameAs { id involvements { totalCount } } } } } }"


async def test_the_person_of_an_event_is_the_survivor_and_linking_tells_who_else_it_may_be(folder):
    async with open_registers(folder) as registers:
        both = [person(number, given_names="Anna", family_name="Bērziņa", birth_date=None) for number in (1, 2)]
        await registers.persons.put_many(both)
    async with gateway_over(folder) as gateway:
        police = Caller(gateway, token_of(folder, "LV-VP", "EVENT_RESPONSE"))
        event = (await police.send(REGISTER, {"input": NEW}))["data"]["registerEvent"]["event"]
        given = {"eventId": event["id"], "expectedVersion": 1, "idempotencyKey": "journal-0002", "role": "WITNESS"}
        linked = (await police.send(LINK, {"input": {**given, "personId": id_of("per", 1)}}))["data"]["linkPerson"]
        assert linked["linkedPerson"]["id"] == id_of("per", 1)
        assert linked["linkedPerson"]["candidates"] == []  # their codes differ
        search = Caller(gateway, token_of(folder, "LV-VP", "SEARCH_OF_PERSON"))
        merging = {"into": id_of("per", 2), "from": id_of("per", 1), "expectedIntoVersion": 1, "expectedFromVersion": 1}
        given = {**merging, "idempotencyKey": "identity-0001", "reason": "Viena persona"}
        done = (await search.send(MERGE, {"input": given}))["data"]["mergePersons"]
        assert done == {"userErrors": [], "person": {"id": id_of("per", 2)}}
        (part,) = (await police.send(SEEN, {"id": event["id"]}))["data"]["event"]["persons"]
        assert part["person"]["id"] == id_of("per", 2)
        assert part["person"]["sameAs"] == [{"id": id_of("per", 1), "involvements": {"totalCount": 1}}]
    async with open_registers(folder) as registers:
        await follow(registers.projections)
        shown = await registers.persons.involved_of([id_of("per", 1), id_of("per", 2)])
        assert {each.agencies for each in shown.values()} == {("LV-VP",)}
        actor = Actor("LV-VP", "jana", "C-1/1", "SEARCH_OF_PERSON", None, "txn-1")
        split = Asked("splitPerson", actor, "identity-0002", b"split", SystemClock().now())
        await registers.persons.split(split, Splitting(id_of("per", 1), 2, {}))
        await follow(registers.projections)
        shown = await registers.persons.involved_of([id_of("per", 1), id_of("per", 2)])
        assert [each.agencies for each in shown.values()] == [("LV-VP",), ()]
