"""S-18 masked-search: a personal code that is shown in part is found by trying codes, fifty a day and no more."""

from __future__ import annotations

from pathlib import Path

from tests.security.city import CITY, READ, city, opened

LIMIT = 5
MASKED = {
    **CITY,
    "grants": [
        {"purposes": ["CHECK"], "read": READ, "filter": {"Person.personalCode": ["eq"]}},
        {"purposes": ["CHECK"], "read": ["Person.personalCode"], "mask": "last"},
    ],
    "quotas": [{"per": "user", "distinct_filter_values": {"Person.personalCode": LIMIT}, "window": "1d"}],
    "visibility": {"default": "hidden"},
}
ASKED = "query($c: String!) { personByCode(code: $c) { familyName personalCode } }"


async def test_s18_one_value_too_many_is_refused_however_it_is_asked_and_recorded(tmp_path: Path) -> None:
    async with opened(tmp_path, city(**MASKED)) as (town, _, _):
        for number in range(LIMIT):
            assert (await town.ask(ASKED, {"c": f"3099{number}"})).status == 200
        assert (await town.ask(ASKED, {"c": "30990"})).status == 200  # one that was asked for already
        town.fetched()
        for way in ("POST", "GET"):
            answer = await town.ask(ASKED, {"c": "3099-new"}, way=way)
            assert answer.codes == ["QUOTA_EXCEEDED"]
            literal = await town.ask('{ personByCode(code: "3099-newer") { familyName } }', way=way)
            assert literal.codes == ["QUOTA_EXCEEDED"]
            through_list = '{ persons(where: {or: [{personalCode: {eq: "3099-newest"}}]}) { nodes { familyName } } }'
            assert (await town.ask(through_list, way=way)).codes == ["QUOTA_EXCEEDED"]
        assert town.fetched() == ""
        entry = town.log.tail(1)[0].entry
        assert (entry.kind, entry.status, entry.error_code) == ("denial", "denied", "QUOTA_EXCEEDED")


async def test_s18_what_is_found_is_shown_in_part(tmp_path: Path) -> None:
    async with opened(tmp_path, city(**MASKED)) as (town, people, _):
        person = next(one for one in people.rooms["persons"] if one.classification.level <= 3)
        code = person.codes[0].value
        answer = await town.ask(ASKED, {"c": code})
        shown = answer.data["personByCode"]
        assert shown["familyName"] == person.family_name
        assert shown["personalCode"] == "*" * (len(code) - 2) + code[-2:]
        assert code.encode() not in answer.body
