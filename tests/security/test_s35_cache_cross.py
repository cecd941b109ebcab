"""S-35 cache-cross: one document and its variables under contract A, then B, then a new version of A."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.security.city import CITY, city, opened, other
from tests.security.pen import canaries_in
from tests.security.random_contracts import book_of
from tests.security.town import Town

QUERY = "query($n: Int) { events(first: $n) { nodes { id place { text } persons { person { familyName } } } } }"
WITHOUT = {**CITY, "denies": [{"purposes": ["CHECK"], "resources": ["Place.text", "Person.familyName"]}]}
WITHOUT["visibility"] = {"default": "hidden", "listed": ["Place.text", "Person.familyName", "Vehicle.status"]}
ELSEWHERE = {**CITY, "context": {"consumer": {"territories": ["0002000"]}}}


async def seen(town: Town, agency: str) -> set[str]:
    answer = await town.ask(QUERY, {"n": 50}, token=town.token(agency))
    assert answer.status == 200
    # decided for this very caller by the gateway, and not by a room that would not have any of it
    assert answer.json["data"]["events"]["nodes"]
    return canaries_in(answer.body)


async def test_s35_what_one_contract_may_see_is_never_given_under_another(tmp_path: Path) -> None:
    texts = city(), other(city(**WITHOUT)), other(city(**ELSEWHERE), "LV-THIRD").replace("C-2", "C-3")
    async with opened(tmp_path, *texts) as (town, _, pen):
        first = await seen(town, "LV-TEST")
        assert first
        assert await seen(town, "LV-OTHER") == set()
        third = await seen(town, "LV-THIRD")
        events = [{pen.planted[one].row for one in each if pen.planted[one].row[0] == "Event"} for each in (first, third)]
        assert events[0]
        assert events[1]
        assert not events[0] & events[1]  # rows of the other territory
        assert await seen(town, "LV-TEST") == first


async def test_s35_a_new_version_is_asked_anew(tmp_path: Path) -> None:
    async with opened(tmp_path) as (town, _, _):
        assert await seen(town, "LV-TEST")
        town.use(book_of(city(**WITHOUT).replace("version: 1", "version: 2")))
        assert await seen(town, "LV-TEST") == set()


async def test_s35_requests_at_the_same_time_share_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, city(), other(city(**WITHOUT))) as (town, _, _):
        found = await asyncio.gather(*(seen(town, agency) for agency in ("LV-TEST", "LV-OTHER") * 10))
        assert all(found[::2])
        assert not any(found[1::2])
        assert len({frozenset(one) for one in found[::2]}) == 1
