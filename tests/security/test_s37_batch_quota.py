"""S-37 batch-quota: many aliases, arrays of requests and many requests at a time do not get more than the quota."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from tests.security.city import city, opened
from tests.security.town import asgi

LIMIT = 40
QUOTAS = [{"per": "user", "entities": LIMIT, "window": "1d"}]
VEHICLES = "vehicles(first: 8) { nodes { plate } }"


async def test_s37_entities_are_counted_under_every_alias(tmp_path: Path) -> None:
    async with opened(tmp_path, city(quotas=QUOTAS)) as (town, _, _):
        aliased = " ".join(f"a{number}: {VEHICLES}" for number in range(15))
        assert (await town.ask(f"{{ a: {VEHICLES} }}")).status == 200
        for _ in range(8):
            last = await town.ask(f"{{ {aliased} }}")
        assert "QUOTA_EXCEEDED" in last.codes
        assert "data" not in last.json


async def test_s37_an_array_of_requests_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path, city(quotas=QUOTAS)) as (town, _, _):
        headers = {"authorization": f"Bearer {town.token()}", "content-type": "application/json"}
        body = msgspec.json.encode([{"query": f"{{ {VEHICLES} }}"}] * 3)
        answer = await asgi(town.gate, "POST", "/graphql", body, headers)
        assert (answer.status, answer.codes) == (400, ["BATCHING_NOT_SERVED"])
        assert town.fetched() == ""


async def test_s37_fifty_requests_at_a_time_do_not_overrun_it(tmp_path: Path) -> None:
    async with opened(tmp_path, city(quotas=QUOTAS)) as (town, _, _):
        answers = await asyncio.gather(*(town.ask(f"{{ {VEHICLES} }}") for _ in range(50)))
        given = sum(len(one.json["data"]["vehicles"]["nodes"]) for one in answers if one.json.get("data"))
        assert 0 < given <= LIMIT
        assert {code for one in answers for code in one.codes} == {"QUOTA_EXCEEDED"}


async def test_s37_aliases_are_capped(tmp_path: Path) -> None:
    async with opened(tmp_path) as (town, _, _):
        flood = " ".join(f'a{number}: person(id: "per_{number}") {{ familyName }}' for number in range(100))
        answer = await town.ask(f"{{ {flood} }}")
        assert "data" not in answer.json
        assert town.fetched() == ""
