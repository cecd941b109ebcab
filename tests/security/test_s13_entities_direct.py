"""S-13 entities-direct: a caller who reaches a subgraph past the gateway gets nothing (the verifier's part)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from authz.signed_context import ContextSigner, ContextVerifier, NotAdmitted, NotThisRequest, SignedContext

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ENTITIES = b'{"query":"{_entities(representations:[{__typename:\\"Person\\",id:\\"per_1\\"}]){... on Person{personalCode}}}"}'
KEY = OKPKey.generate_key("Ed25519", {"kid": "gateway"})
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "gateway"})
PUBLIC = OKPKey.import_key(KEY.as_dict(private=False))
CONTEXT = SignedContext("txn-1", "LV-PROK", "anna", "C-2026-014", 7, "digest", "CRIMINAL_PROCEEDING", "11-00001")
HEADER = {"alg": "EdDSA", "typ": "txntoken+jwt", "kid": "gateway"}


@pytest.fixture
def persons() -> ContextVerifier:
    return ContextVerifier("persons", [PUBLIC])


def genuine(audience: str = "persons", body: bytes = ENTITIES, at: datetime = NOW) -> str:
    return ContextSigner(KEY).sign(CONTEXT, audience, body, at)


def claims(**changes: Any) -> dict[str, Any]:
    part = genuine().split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) | changes


def refused(verifier: ContextVerifier, header: str | None, status: int, body: bytes = ENTITIES, at: datetime = NOW) -> None:
    with pytest.raises(NotAdmitted) as caught:
        verifier.verify(header, body, at)
    assert caught.value.status == status
    assert caught.value.message == NotAdmitted().message


@pytest.mark.parametrize("header", [None, "", "Bearer x", "a.b.c", ".." * 3, "ā.b.c", "a" * 5000])
def test_s13_without_a_context_401(persons, header):
    refused(persons, header, 401)


def test_s13_forged_by_a_stranger_401(persons):
    refused(persons, ContextSigner(STRANGER).sign(CONTEXT, "persons", ENTITIES, NOW), 401)


def test_s13_another_agency_written_over_a_genuine_context_401(persons, forge):
    head, _, signature = genuine().split(".")
    payload = forge(HEADER, claims(act={"agency": "LV-VP", "client_id": None})).split(".")[1]
    refused(persons, f"{head}.{payload}.{signature}", 401)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "Ed25519", "ES256", ""])
def test_s13_another_algorithm_401(persons, forge, algorithm):
    refused(persons, forge(HEADER | {"alg": algorithm}, claims(), KEY), 401)
    refused(persons, forge(HEADER | {"alg": algorithm}, claims(), hmac_key=PUBLIC.public_key.public_bytes_raw()), 401)
    refused(persons, forge(HEADER | {"alg": algorithm}, claims()), 401)


@pytest.mark.parametrize(
    "extra", [{"crit": ["exp"]}, {"jku": "https://attacker.example"}, {"jwk": STRANGER.as_dict(private=False)}]
)
def test_s13_a_header_that_wants_more_401(persons, forge, extra):
    refused(persons, forge(HEADER | extra, claims(), KEY), 401)


@pytest.mark.parametrize("kind", ["at+jwt", "JWT"])
def test_s13_an_access_token_in_place_of_a_context_401(persons, forge, kind):
    refused(persons, forge(HEADER | {"typ": kind}, claims(), KEY), 401)


def test_s13_for_another_subgraph_401(persons):
    refused(persons, genuine(audience="vehicles"), 401)


def test_s13_expired_401(persons):
    refused(persons, genuine(at=NOW - timedelta(seconds=60)), 401)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 10**12},
        {"exp": 10**400},
        {"iat": -(10**400)},
        {"iat": 0},
        {"iat": None},
        {"exp": "2099"},
        {"aud": ["persons", "vehicles"]},
        {"iss": "urn:someone:else"},
        {"roles": ["admin"]},
        {"tctx": {}},
        {"txn": 7},
    ],
)
def test_s13_claims_in_another_form_401_even_when_signed(persons, forge, changes):
    refused(persons, forge(HEADER, claims(**changes), KEY), 401)


def test_s13_a_good_context_for_another_body_403(persons):
    refused(persons, genuine(), 403, body=ENTITIES.replace(b"per_1", b"per_2"))


def test_s13_a_good_context_for_an_empty_body_403(persons):
    refused(persons, genuine(), 403, body=b"")


def test_s13_a_context_used_twice_403(persons):
    header = genuine()
    assert persons.verify(header, ENTITIES, NOW) == CONTEXT
    refused(persons, header, 403)
    refused(persons, header, 403, at=NOW + timedelta(seconds=34))


def test_s13_a_context_tried_on_another_body_first_still_serves_its_own(persons):
    header = genuine()
    with pytest.raises(NotThisRequest):
        persons.verify(header, b"{}", NOW)
    assert persons.verify(header, ENTITIES, NOW) == CONTEXT
