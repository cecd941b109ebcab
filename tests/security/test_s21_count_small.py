"""S-21 count-small: counts of few are not told, others as the contract rounds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.city import city, opened

COUNT = "query($w: EventWhere) { events(where: $w) { totalCount } }"


@pytest.mark.parametrize(("smallest", "step", "told"), [(5, 1, None), (4, 1, 4), (2, 5, 5), (10, 5, None)])
async def test_s21_a_small_count_is_suppressed_and_another_rounded(
    tmp_path: Path, smallest: int, step: int, told: int | None
) -> None:
    text = city(aggregates={"min_cell": smallest, "round_to": step})
    async with opened(tmp_path, text) as (town, _, _):
        answers = [await town.ask(COUNT, way=way) for way in ("POST", "GET")]
        answers.append(await town.ask_room("events", COUNT))
        for answer in answers:
            assert answer.json["data"]["events"]["totalCount"] == told
            assert answer.codes == (["SUPPRESSED"] if told is None else [])


async def test_s21_none_and_few_are_told_alike(tmp_path: Path) -> None:
    async with opened(tmp_path, city(aggregates={"min_cell": 5})) as (town, _, _):
        none = await town.ask(COUNT, {"w": {"kind": {"eq": "SAFETY_THREAT"}, "and": [{"kind": {"eq": "CRIMINAL_OFFENCE"}}]}})
        few = await town.ask(COUNT, {"w": {"kind": {"eq": "SAFETY_THREAT"}}})
        assert none.json["data"] == few.json["data"] == {"events": {"totalCount": None}}
        assert none.json["errors"] == few.json["errors"]
