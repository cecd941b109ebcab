"""S-07 all-dimensions: a row that fits the agency's territory and not its clearance (MISP CVE-2026-112178)."""

from __future__ import annotations

import pytest

from tests.security.population import row_of
from tests.security.town import Town

FITTING, TOO_HIGH, ELSEWHERE = (row_of("Event", number)[1] for number in (0, 8, 1))
"""Event 0: Rīga, level 0. Event 8: Rīga, level 3. Event 1: another territory, level 1."""


@pytest.mark.parametrize("way", ["POST", "GET"])
async def test_s07_a_row_has_to_fit_in_every_dimension(town: Town, way: str) -> None:
    query = "query($a: ID!, $b: ID!, $c: ID!) { a: event(id: $a) { id } b: event(id: $b) { id } c: event(id: $c) { id } \
      d: node(id: $b) { ... on Event { id } } events(first: 50) { totalCount nodes { id } } }"
    data = (await town.ask(query, {"a": FITTING, "b": TOO_HIGH, "c": ELSEWHERE}, way=way)).data
    assert (data["a"], data["b"], data["c"], data["d"]) == ({"id": FITTING}, None, None, None)
    seen = [one["id"] for one in data["events"]["nodes"]]
    assert FITTING in seen
    assert not {TOO_HIGH, ELSEWHERE} & set(seen)
    assert data["events"]["totalCount"] == len(seen)


async def test_s07_it_is_so_in_the_room_alone(town: Town) -> None:
    references = [{"__typename": "Event", "ref": one} for one in (FITTING, TOO_HIGH, ELSEWHERE)]
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Event { id } } }"
    assert (await town.ask_room("events", query, {"r": references})).data == {"_entities": [{"id": FITTING}, None, None]}
