"""S-36 persisted-cross: a hash in place of a document. No registry of documents exists, so no hash runs anything."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from tests.security.town import Town, asgi

QUERY = "{ events(first: 1) { nodes { id } } }"


async def test_s36_a_document_that_was_asked_before_cannot_be_asked_by_its_hash(town: Town) -> None:
    assert (await town.ask(QUERY)).status == 200
    town.fetched()
    digest = sha256(QUERY.encode()).hexdigest()
    body = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}
    headers = {"authorization": f"Bearer {town.token()}", "content-type": "application/json"}
    for one in (body, {**body, "documentId": digest}, {**body, "query": ""}, {"id": digest}):
        answer = await asgi(town.gate, "POST", "/graphql", msgspec.json.encode(one), headers)
        assert (answer.status, answer.codes) == (400, ["BAD_REQUEST_BODY"])
    assert town.fetched() == ""


async def test_s36_a_hash_beside_a_denied_document_changes_nothing(town: Town) -> None:
    denied = "{ events(first: 1) { nodes { retainUntil } } }"
    digest = sha256(QUERY.encode()).hexdigest()
    body = msgspec.json.encode({"query": denied, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}})
    headers = {"authorization": f"Bearer {town.token()}", "content-type": "application/json"}
    answer = await asgi(town.gate, "POST", "/graphql", body, headers)
    assert "data" not in answer.json
    assert town.fetched() == ""
