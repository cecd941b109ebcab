"""Open breaches as a query to the room."""

from datetime import timedelta

from subgraphs.events.enumerations import ResponseCategory
from subgraphs.events.model import Place, Response
from tests.subgraphs.conftest import NOW
from tests.subgraphs.samples import event, id_of

BREACHES = """query ($after: String, $where: EventWhere) {
  responseBreaches(first: 1, after: $after, where: $where) {
    totalCount pageInfo { endCursor hasNextPage } nodes { id response { dueAt isBreached onTime excluded { code } } } } }"""


def waiting(number, minutes, category=ResponseCategory.A, **response):
    received = NOW - timedelta(minutes=minutes)
    place = Place(atvk="0001000")
    return event(number, category=category, place=place, response=Response(received_at=received, **response))


async def test_open_breaches_are_found_counted_and_paged(open_room):
    room = await open_room("events")
    await room.store.put_many(
        [
            waiting(1, 16),
            waiting(2, 15),  # due this very moment: not late yet
            waiting(3, 60, arrived_at=NOW),
            waiting(4, 600, ResponseCategory.NONE),
            waiting(5, 30, ResponseCategory.B),
            waiting(6, 60, excluded="PHONE_RESOLVED"),
        ]
    )
    first = (await room.ask(BREACHES)).data["responseBreaches"]
    assert first["totalCount"] == 2
    assert first["nodes"][0]["id"] == id_of("evt", 1)
    assert first["nodes"][0]["response"] == {
        "dueAt": (NOW - timedelta(minutes=1)).isoformat().replace("+00:00", "Z"),
        "isBreached": True,
        "onTime": None,
        "excluded": None,
    }
    second = (await room.ask(BREACHES, {"after": first["pageInfo"]["endCursor"]})).data["responseBreaches"]
    assert [node["id"] for node in second["nodes"]] == [id_of("evt", 5)]
    narrowed = await room.ask(BREACHES, {"where": {"category": {"eq": "B"}}})
    assert [node["id"] for node in narrowed.data["responseBreaches"]["nodes"]] == [id_of("evt", 5)]


async def test_a_breach_ends_when_somebody_arrives(open_room):
    room = await open_room("events")
    await room.store.put_many([waiting(1, 60)])
    await room.store.put_many([waiting(1, 60, arrived_at=NOW)])
    assert (await room.ask(BREACHES)).data["responseBreaches"]["totalCount"] == 0
