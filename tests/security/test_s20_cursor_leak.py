"""S-20 cursor-leak: what a cursor holds, and where it may be used."""

from __future__ import annotations

import base64
from pathlib import Path

from tests.security.city import city, opened, other
from tests.security.pen import canaries_in
from tests.security.town import Answer, Town

PAGE = "query($a: String, $o: [PersonOrder!], $w: PersonWhere) { persons(first: 2, after: $a, orderBy: $o, where: $w) \
  { edges { cursor } pageInfo { endCursor hasNextPage } nodes { givenNames } } }"
ORDER = {"o": ["FAMILY_NAME_ASC"]}


async def cursors(town: Town) -> list[str]:
    answer = await town.ask(PAGE, ORDER)
    return [edge["cursor"] for edge in answer.data["persons"]["edges"]]


def flipped(cursor: str) -> str:
    """The same with another bit, once for each place."""
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[len(raw) // 2] ^= 1
    return base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()


def refusal(answer: Answer) -> tuple[str, str]:
    error = answer.json["errors"][0]
    return error["extensions"]["code"], error["message"]


async def test_s20_a_cursor_holds_nothing_that_can_be_read(town: Town) -> None:
    for cursor in await cursors(town):
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        assert not canaries_in(raw + cursor.encode())
        assert b"per_" not in raw


async def test_s20_it_goes_on_only_in_the_list_that_it_came_from(tmp_path: Path) -> None:
    async with opened(tmp_path, city(), other(city())) as (town, _, _):
        cursor = (await cursors(town))[0]
        assert (await town.ask(PAGE, {**ORDER, "a": cursor})).data["persons"]["nodes"]
        wrong = [
            await town.ask(PAGE, {**ORDER, "a": flipped(cursor)}),
            await town.ask(PAGE, {**ORDER, "a": "bm8gY3Vyc29y"}),
            await town.ask(PAGE, {**ORDER, "a": cursor}, token=town.token("LV-OTHER")),
            await town.ask(PAGE, {"o": ["FAMILY_NAME_DESC"], "a": cursor}),
            await town.ask(PAGE, {**ORDER, "w": {"familyName": {"eq": "x"}}, "a": cursor}),
        ]
        assert {refusal(answer)[0] for answer in wrong} == {"BAD_PAGE"}
        assert len({refusal(answer) for answer in wrong}) == 1
