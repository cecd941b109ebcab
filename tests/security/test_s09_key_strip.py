"""S-09 key-strip: rooms are joined by keys that the contract cannot read; none of them shows."""

from __future__ import annotations

import base64

from tests.security.town import Town

JOIN = "{ events(first: 2) { edges { cursor node { persons { person { familyName documents { kind } } } } } } }"


async def test_s09_the_join_works_and_the_key_is_nowhere(town: Town) -> None:
    answer = await town.ask(JOIN)
    persons = [one["person"] for edge in answer.data["events"]["edges"] for one in edge["node"]["persons"]]
    assert any(one and one["familyName"] and one["documents"] for one in persons)
    assert {key for one in persons if one for key in one} == {"familyName", "documents"}
    assert b"per_" not in answer.body
    assert b"ref" not in answer.body
    for edge in answer.data["events"]["edges"]:
        cursor = edge["cursor"] + "=" * (-len(edge["cursor"]) % 4)
        assert b"per_" not in base64.urlsafe_b64decode(cursor)


async def test_s09_the_key_cannot_be_asked_for(town: Town) -> None:
    for field in ("id", "ref", "personalCode: id"):
        answer = await town.ask(f"{{ events(first: 1) {{ nodes {{ persons {{ person {{ {field} }} }} }} }} }}")
        assert b"per_" not in answer.body
        assert "data" not in answer.json
    assert town.fetched() == ""


async def test_s09_an_error_in_the_join_does_not_echo_it(town: Town, monkeypatch) -> None:
    async def broken(ids, rows):
        raise RuntimeError(f"duplicate key (id)=({ids})")

    for question in ("by_ids", "surviving"):
        monkeypatch.setattr(town.stores["persons"], question, broken)
    answer = await town.ask(JOIN)
    assert answer.json["errors"]
    assert b"per_" not in answer.body
    assert b"duplicate" not in answer.body
