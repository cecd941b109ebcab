"""Identity asked of the room."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.subgraphs.samples import id_of, person

PAYLOAD = """{ version personId basis person { id familyName verification sameAs { id } candidates { score person { id } } }
  userErrors { path code message messageLv currentVersion } }"""
KINDS = {"identifyPerson": "IdentifyPersonInput", "mergePersons": "MergePersonsInput", "splitPerson": "SplitPersonInput"}


@pytest.fixture
async def clerk(open_room) -> Any:
    room, keys = await open_room("persons"), count(1)

    async def do(name: str, given: dict[str, Any], *, agency: str = "LV-VP", purpose: str = "CRIMINAL_PROCEEDING") -> Any:
        document = f"mutation ($input: {KINDS[name]}!) {{ {name}(input: $input) {PAYLOAD} }}"
        given = {"idempotencyKey": f"identity-{next(keys)}", **given}
        return (await room.ask(document, {"input": given}, agency=agency, purpose=purpose)).data[name]

    do.room = room  # type: ignore[attr-defined]  # the room that is asked
    return do


async def test_an_unknown_person_is_kept_with_candidates_merged_and_split_again(clerk):
    await clerk.room.store.put_many([person(1, given_names="Anna", family_name="Bērziņa")])
    named = {"givenNames": "Anna", "familyName": "Berziņa", "sex": "MALE"}
    new = await clerk("identifyPerson", named)
    assert (new["userErrors"], new["basis"], new["version"]) == ([], None, 1)
    assert new["person"]["verification"] == "DECLARED"
    assert [each["person"]["id"] for each in new["person"]["candidates"]] == [id_of("per", 1)]
    both = {"into": id_of("per", 1), "from": new["personId"], "expectedIntoVersion": 1, "expectedFromVersion": 1}
    done = await clerk("mergePersons", {**both, "reason": "Viena persona"})
    assert done["person"]["id"] == id_of("per", 1)
    assert done["person"]["sameAs"] == [{"id": new["personId"]}]
    query = """query ($id: ID!, $refs: [_Any!]!) { person(id: $id) { id identityChanges { operation reason other { id } } }
      persons { totalCount } _entities(representations: $refs) { ... on Person { id } } }"""
    refs = [{"__typename": "Person", "ref": new["personId"]}]
    asked = {"id": new["personId"], "refs": refs}
    found = (await clerk.room.ask(query, asked, agency="LV-VP", purpose="CRIMINAL_PROCEEDING")).data
    assert found["person"]["id"] == id_of("per", 1)
    assert found["person"]["identityChanges"] == [
        {"operation": "mergePersons", "reason": "Viena persona", "other": {"id": new["personId"]}}
    ]
    assert found["_entities"] == [{"id": id_of("per", 1)}]
    assert found["persons"]["totalCount"] == 1
    again = await clerk("splitPerson", {"person": new["personId"], "expectedVersion": 2, "reason": "Kļūda"})
    assert again["person"]["id"] == new["personId"]
    assert again["person"]["sameAs"] == []


async def test_what_is_wrong_is_told_at_once_and_a_stale_version_with_its_path(clerk):
    await clerk.room.store.put_many([person(1), person(2)])
    wrong = await clerk(
        "identifyPerson", {"idempotencyKey": "x", "personalCode": "1", "familyName": " ", "birthDate": "2099-01-01"}
    )
    assert {(".".join(each["path"]), each["code"]) for each in wrong["userErrors"]} == {
        ("input.idempotencyKey", "BAD_IDEMPOTENCY_KEY"),
        ("input.personalCode", "BAD_PERSONAL_CODE"),
        ("input.familyName", "REQUIRED"),
        ("input.birthDate", "IN_FUTURE"),
    }
    assert all(each["message"] and each["messageLv"] for each in wrong["userErrors"])
    nobody = await clerk("identifyPerson", {"givenNames": "Anna"})
    assert [each["code"] for each in nobody["userErrors"]] == ["NAMES_NOBODY"]
    unknown = await clerk("identifyPerson", {"identityUnknown": True})
    assert unknown["person"]["verification"] == "UNKNOWN_IDENTITY"
    both = {"into": id_of("per", 1), "from": id_of("per", 2), "expectedIntoVersion": 1, "expectedFromVersion": 7}
    (stale,) = (await clerk("mergePersons", {**both, "reason": "x"}))["userErrors"]
    assert (stale["code"], stale["path"], stale["currentVersion"]) == ("CONFLICT", ["input", "expectedFromVersion"], 1)


async def test_candidates_are_asked_for_by_those_who_may_look_for_names(clerk):
    await clerk.room.store.put_many([person(1, family_name="Ozols")])
    query = '{ personCandidates(familyName: "Ozols", givenNames: "Janis") { score basis person { id } } }'
    found = (await clerk.room.ask(query, agency="LV-PP-RIGA", purpose="ADMIN_PROCEEDING")).data
    assert [each["person"]["id"] for each in found["personCandidates"]] == [id_of("per", 1)]
    refused = await clerk.room.ask(query, agency="LV-PP-RIGA", purpose="EVENT_RESPONSE")
    assert "errors" in refused.json
