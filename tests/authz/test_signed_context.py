"""The signed context: what the gateway signs, the named subgraph reads, once, for that body, within 30 seconds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OKPKey

from authz.identity import Refusals
from authz.identity.algorithms import StrictSignatures
from authz.identity.key_files import public_keys
from authz.signed_context import ContextSigner, ContextVerifier, NotAdmitted, NotThisRequest, ReplayCache, SignedContext
from authz.signed_context.context import from_base64url, to_base64url

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BODY = b'{"query":"query($r:[_Any!]!){_entities(representations:$r){... on Person{familyName}}}"}'
KEY = OKPKey.generate_key("Ed25519", {"kid": "gateway"})
PUBLIC = OKPKey.import_key(KEY.as_dict(private=False))
CONTEXT = SignedContext(
    txn="txn-1",
    agency="LV-PROK",
    user="anna",
    contract_id="C-2026-014",
    contract_version=7,
    mask_digest="sha256:" + "a" * 64,
    purpose="CRIMINAL_PROCEEDING",
    case_ref="11-00001",
    client_id="saite-cli",
    issuer="urn:saite:development",
)


def signed(at: datetime = NOW, audience: str = "persons", body: bytes = BODY) -> str:
    return ContextSigner(KEY).sign(CONTEXT, audience, body, at)


def test_the_subgraph_reads_what_the_gateway_signed():
    assert ContextVerifier("persons", [PUBLIC]).verify(signed(), BODY, NOW) == CONTEXT


def test_a_context_without_purpose_and_case_stays_without():
    context = SignedContext("txn-2", "LV-STAT", "juris", "C-2026-020", 1, "d")
    header = ContextSigner(KEY).sign(context, "events", BODY, NOW)
    assert ContextVerifier("events", [PUBLIC]).verify(header, BODY, NOW) == context


def test_joserfc_reads_it_as_the_jwt_that_it_is():
    token = jwt.decode(signed(), PUBLIC, registry=StrictSignatures({"EdDSA"}))
    assert token.header == {"alg": "EdDSA", "typ": "txntoken+jwt", "kid": "gateway"}
    at = int(NOW.timestamp())
    assert token.claims.pop("jti")
    assert token.claims == {
        "iss": "urn:saite:gateway",
        "aud": "persons",
        "iat": at,
        "exp": at + 30,
        "txn": "txn-1",
        "sub": "anna",
        "act": {"agency": "LV-PROK", "client_id": "saite-cli", "issuer": "urn:saite:development"},
        "tctx": {
            "contract": "C-2026-014",
            "version": 7,
            "mask_digest": "sha256:" + "a" * 64,
            "purpose": "CRIMINAL_PROCEEDING",
            "case_ref": "11-00001",
        },
        "req_hash": to_base64url(sha256(BODY).digest()).decode(),
    }


def test_a_context_that_joserfc_signs_is_read_too():
    claims = json.loads(from_base64url(signed().split(".")[1]))
    header = {"typ": "txntoken+jwt", "kid": "gateway", "alg": "EdDSA"}
    written = jwt.encode(header, claims, KEY, registry=StrictSignatures({"EdDSA"}))
    assert ContextVerifier("persons", [PUBLIC]).verify(written, BODY, NOW) == CONTEXT


def test_two_contexts_for_the_same_call_are_both_good():
    verifier = ContextVerifier("persons", [PUBLIC])
    assert verifier.verify(signed(), BODY, NOW) == verifier.verify(signed(), BODY, NOW)


def test_a_context_is_good_for_thirty_seconds_and_five_of_leeway():
    assert ContextVerifier("persons", [PUBLIC]).verify(signed(), BODY, NOW + timedelta(seconds=34))
    assert ContextVerifier("persons", [PUBLIC]).verify(signed(), BODY, NOW - timedelta(seconds=5))
    for wrong in (timedelta(seconds=35), timedelta(seconds=-6)):
        with pytest.raises(NotAdmitted):
            ContextVerifier("persons", [PUBLIC]).verify(signed(), BODY, NOW + wrong)


def test_gateway_and_subgraph_that_share_a_data_folder_understand_each_other(tmp_path: Path):
    verifier = ContextVerifier.open(tmp_path, "persons")  # whichever starts first makes the key
    header = ContextSigner.open(tmp_path).sign(CONTEXT, "persons", BODY, NOW)
    assert verifier.verify(header, BODY, NOW) == CONTEXT


def test_a_subgraph_elsewhere_needs_the_public_key_file_only(tmp_path: Path):
    header = ContextSigner.open(tmp_path).sign(CONTEXT, "persons", BODY, NOW)
    public = tmp_path / "gateway-context.public.jwks"
    assert b'"d"' not in public.read_bytes()
    assert len(public_keys(public)) == 1
    assert ContextVerifier.of_key_file(public, "persons").verify(header, BODY, NOW) == CONTEXT


def test_a_verifier_without_a_key_refuses_to_start():
    with pytest.raises(ValueError, match="needs the gateway's public key"):
        ContextVerifier("persons", [])


def test_a_signer_without_a_private_key_refuses_to_start():
    with pytest.raises(ValueError, match="private Ed25519"):
        ContextSigner(PUBLIC)


def test_an_id_is_remembered_for_as_long_as_it_could_be_used():
    cache = ReplayCache(keep=40)
    assert cache.is_first_use("a", 1000.0)
    assert cache.is_first_use("b", 1039.9)
    assert not cache.is_first_use("a", 1039.9)
    assert not cache.is_first_use("b", 1079.8)


def test_old_ids_are_forgotten_so_that_memory_stays_bounded():
    cache = ReplayCache(keep=40)
    for second in range(1000, 2000):
        assert cache.is_first_use(str(second), float(second))
    assert len(cache) <= 80


def test_a_full_cache_refuses_rather_than_forgets():
    cache = ReplayCache(keep=40, limit=2)
    assert cache.is_first_use("a", 1000.0)
    assert cache.is_first_use("b", 1000.0)
    assert not cache.is_first_use("c", 1000.0)
    assert cache.is_first_use("c", 1081.0)


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 25)), max_size=60))
def test_no_id_is_ever_used_twice_within_its_time(uses: list[tuple[int, float]]):
    cache = ReplayCache(keep=40)
    at, last_use = 1000.0, dict[int, float]()
    for token_id, step in uses:
        at += step
        if cache.is_first_use(str(token_id), at):
            assert at - last_use.get(token_id, 0.0) >= 40
            last_use[token_id] = at


@given(st.binary(max_size=80))
def test_base64url_is_read_back(content: bytes):
    assert from_base64url(to_base64url(content).decode()) == content


@pytest.mark.parametrize("text", ["AA==", "A", "AB", "A A", "AA\n", "+/+/", "ā", "AAAA="])
def test_base64url_in_any_other_spelling_is_refused(text: str):
    with pytest.raises(ValueError):
        from_base64url(text)


@given(st.data())
def test_no_changed_byte_gets_through(data: st.DataObject):
    header = signed()
    place = data.draw(st.integers(0, len(header) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda character: character != header[place]))
    verifier = ContextVerifier("persons", [PUBLIC], refusals=Refusals("hypothesis"))
    with pytest.raises(NotAdmitted):
        verifier.verify(header[:place] + other + header[place + 1 :], BODY, NOW)


def test_the_true_reason_is_counted_and_the_words_are_the_same():
    verifier = ContextVerifier("persons", [PUBLIC])
    for header, body in ((None, BODY), ("x", BODY), (signed(audience="events"), BODY)):
        with pytest.raises(NotAdmitted, match="answers the gateway only") as caught:
            verifier.verify(header, body, NOW)
        assert type(caught.value) is NotAdmitted
    with pytest.raises(NotThisRequest, match="answers the gateway only"):
        verifier.verify(signed(), BODY + b" ", NOW)
    assert verifier.refusals.snapshot() == {"missing": 1, "malformed": 1, "audience": 1, "other_request": 1}


@given(st.text("AZaz09-_gwkQ+/=\n .ā", max_size=12))
def test_what_is_read_as_base64url_has_one_spelling(text: str):
    try:
        content = from_base64url(text)
    except ValueError:
        return
    assert to_base64url(content).decode() == text


def test_a_header_that_was_good_is_judged_by_the_keys_of_today(tmp_path: Path):
    signer = ContextSigner.open(tmp_path)
    verifier = ContextVerifier.open(tmp_path, "persons")
    assert verifier.verify(signer.sign(CONTEXT, "persons", BODY, NOW), BODY, NOW) == CONTEXT
    (tmp_path / "gateway-context.public.jwks").write_text(json.dumps({"keys": [PUBLIC.as_dict(private=False)]}))
    with pytest.raises(NotAdmitted):
        verifier.verify(signer.sign(CONTEXT, "persons", BODY, NOW), BODY, NOW + timedelta(seconds=2))
    assert verifier.refusals.snapshot() == {"key": 1}
