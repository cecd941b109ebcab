"""S-23 counter-restricted: counts and pages know of visible rows alone (OpenCTI #3319)."""

from __future__ import annotations

from pathlib import Path

from tests.security.city import is_visible, opened
from tests.security.pen import Row


async def test_s23_a_count_is_that_of_the_visible_rows(tmp_path: Path) -> None:
    async with opened(tmp_path) as (town, people, _):
        data = (
            await town.ask(
                "{ events(first: 50) { totalCount nodes { id } pageInfo { hasNextPage } } persons(first: 50) { totalCount } \
                 vehicles(first: 50) { nodes { involvements(first: 50) { totalCount nodes { event { id } } } } } }"
            )
        ).data
        visible: list[Row] = [row for row in people.attributes if is_visible(row, people)]
        events = {row[1] for row in visible if row[0] == "Event"}
        assert data["events"]["totalCount"] == len(events)
        assert {one["id"] for one in data["events"]["nodes"]} == events
        assert data["events"]["pageInfo"]["hasNextPage"] is False
        assert data["persons"]["totalCount"] == sum(row[0] == "Person" for row in visible)
        for vehicle in data["vehicles"]["nodes"]:
            involvements = vehicle["involvements"]
            assert involvements["totalCount"] == len(involvements["nodes"])
            assert {one["event"]["id"] for one in involvements["nodes"]} <= events


async def test_s23_the_last_visible_row_is_the_last_page(tmp_path: Path) -> None:
    async with opened(tmp_path) as (town, people, _):
        events = sum(row[0] == "Event" and is_visible(row, people) for row in people.attributes)
        query = f"{{ events(first: {events}, orderBy: [OCCURRED_AT_ASC]) {{ pageInfo {{ hasNextPage hasPreviousPage }} }} }}"
        assert (await town.ask(query)).data["events"]["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": False}
