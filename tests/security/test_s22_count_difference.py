"""S-22 count-difference: two counts that are each large enough and differ by one row."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.security.city import CITY, READ, city, is_visible, opened
from tests.security.population import Population, row_of

GRANT = {
    "purposes": ["CHECK"],
    "read": READ,
    "count": ["EventConnection.totalCount"],
    "filter": {"Event.occurred": ["from", "to"]},
}
COUNTED = city(**{**CITY, "grants": [GRANT]}, aggregates={"min_cell": 2, "forbid_overlap": True})
QUERY = "query($w: EventWhere) { events(where: $w) { totalCount } }"


def all_but_the_last(people: Population) -> dict[str, object]:
    """A filter that leaves one visible event out."""
    times = sorted(one.occurred_from for one in people.rooms["events"] if is_visible(("Event", one.id), people))
    assert len(times) > 3
    assert times[-1] - times[-2] > timedelta(minutes=1)
    return {"occurred": {"to": (times[-1] - timedelta(seconds=30)).isoformat().replace("+00:00", "Z")}}


async def told(town, where: dict[str, object] | None, way: str = "POST") -> int | None:
    answer = await town.ask(QUERY, {"w": where} if where else None, way=way)
    count = answer.json["data"]["events"]["totalCount"]
    assert (answer.codes == ["SUPPRESSED"]) is (count is None)
    return count


async def test_s22_the_second_of_two_counts_that_differ_by_one_is_kept_back(tmp_path: Path) -> None:
    async with opened(tmp_path, COUNTED) as (town, people, _):
        assert row_of("Event", 0) in people.attributes
        whole = await told(town, None)
        assert whole is not None
        for way in ("POST", "GET"):
            assert await told(town, all_but_the_last(people), way) is None
        assert await told(town, None) == whole  # what was told may be told again


async def test_s22_it_is_so_in_the_other_order_and_in_the_room_alone(tmp_path: Path) -> None:
    async with opened(tmp_path, COUNTED) as (town, people, _):
        assert await told(town, all_but_the_last(people)) is not None
        assert await told(town, None) is None
        alone = await town.ask_room("events", QUERY)
        assert alone.json["data"]["events"]["totalCount"] is None
