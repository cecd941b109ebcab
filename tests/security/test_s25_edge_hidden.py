"""S-25 edge-hidden: two readable things, and what links them classified above the clearance (OpenCTI #11496)."""

from __future__ import annotations

from tests.security.population import row_of
from tests.security.town import Town

HIDDEN = row_of("Event", 8)[1]
"""Level 3 in Rīga: it involves the persons and vehicles 0 and 1, which the city sees."""
PERSON = row_of("Person", 1)[1]
VEHICLE = row_of("Vehicle", 1)[1]


async def test_s25_a_hidden_event_links_nothing(town: Town) -> None:
    involved = "involvements(first: 50) { totalCount nodes { id event { id } } }"
    query = f"query($p: ID!, $v: ID!) {{ person(id: $p) {{ familyName {involved} }} vehicle(id: $v) {{ plate {involved} }} }}"
    answer = await town.ask(query, {"p": PERSON, "v": VEHICLE})
    data = answer.data
    assert data["person"]["familyName"]
    assert data["vehicle"]["plate"]
    assert HIDDEN.encode() not in answer.body
    for thing in ("person", "vehicle"):
        found = data[thing]["involvements"]
        assert found["totalCount"] == len(found["nodes"])
        assert all(one["event"] for one in found["nodes"])
        # the edges of event 8 have the ids 8000 and following
        assert not any(one["id"].endswith((f"{8000:x}", f"{8001:x}", f"{8100:x}", f"{8101:x}")) for one in found["nodes"])


async def test_s25_no_filter_finds_it(town: Town) -> None:
    query = "query($v: ID!) { vehicle(id: $v) { involvements(where: {event: {}}) { totalCount } } }"
    whole = "query($v: ID!) { vehicle(id: $v) { involvements { totalCount } } }"
    answers = [await town.ask(one, {"v": VEHICLE}) for one in (query, whole)]
    found = [one.json.get("data") for one in answers]
    assert found[0] in (None, found[1])


async def test_s25_the_room_alone_links_nothing_either(town: Town) -> None:
    query = (
        "query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { involvements { nodes { event { id } } } } } }"
    )
    answer = await town.ask_room("events", query, {"r": [{"__typename": "Person", "ref": PERSON}]})
    assert answer.data["_entities"][0]["involvements"]["nodes"]
    assert HIDDEN.encode() not in answer.body
