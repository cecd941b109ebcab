"""S-38 token-attacks: whatever is wrong with a token, the answer is one 401 in one wording."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import OKPKey

from authz.identity import StaticKeys, TokenValidator, TrustedIssuer, Unauthenticated

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
ISSUER = "https://idp.prok.example"
KEY = OKPKey.generate_key("Ed25519", {"kid": "prok-2026"})
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "prok-2026"})
PUBLIC = OKPKey.import_key(KEY.as_dict(private=False))
PEM = PUBLIC.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
RAW = PUBLIC.public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)
HEADER: dict[str, Any] = {"alg": "EdDSA", "typ": "at+jwt", "kid": "prok-2026"}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "urn:saite:gateway",
    "sub": "anna",
    "iat": AT - 60,
    "exp": AT + 600,
    "agency": "LV-PROK",
    "client_id": "prok-case-mgmt",
}


@pytest.fixture
def validator() -> TokenValidator:
    trust = TrustedIssuer(ISSUER, StaticKeys([PUBLIC]), agencies=frozenset({"LV-PROK"}))
    return TokenValidator([trust], "urn:saite:gateway")


def refused(validator: TokenValidator, token: str, reason: str, **more: Any) -> None:
    """The token is refused in the generic words, and the true reason is counted."""
    with pytest.raises(Unauthenticated) as caught:
        validator.actor(f"Bearer {token}", NOW, **more)
    assert caught.value.status == 401
    assert caught.value.message == "This needs a valid token: send one as `Authorization: Bearer …`."
    assert caught.value.extensions == {}
    assert validator.refusals.snapshot() == {reason: 1}


def without(claims: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in claims.items() if key != name}


def test_s38_a_genuine_token_is_accepted(validator, forge):
    assert validator.actor(f"Bearer {forge(HEADER, CLAIMS, KEY)}", NOW).user == "anna"
    assert validator.actor(f"bearer {forge(HEADER | {'alg': 'Ed25519'}, CLAIMS, KEY)}", NOW).agency == "LV-PROK"
    assert validator.actor(f"Bearer {forge(HEADER | {'typ': 'application/at+jwt'}, CLAIMS, KEY)}", NOW)
    assert validator.actor(f"Bearer {forge(HEADER, CLAIMS | {'aud': ['other', 'urn:saite:gateway']}, KEY)}", NOW)
    assert validator.refusals.snapshot() == {}


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
def test_s38_algorithm_none_without_a_signature(validator, forge, algorithm):
    refused(validator, forge(HEADER | {"alg": algorithm}, CLAIMS) + "AA", "algorithm")


@pytest.mark.parametrize("algorithm", ["none", "EdDSA"])
def test_s38_an_empty_signature(validator, forge, algorithm):
    refused(validator, forge(HEADER | {"alg": algorithm}, CLAIMS), "malformed")


@pytest.mark.parametrize(
    "secret",
    [PEM, PEM.strip(), RAW, json.dumps(PUBLIC.as_dict(private=False)).encode()],
    ids=["pem", "stripped", "raw", "jwk"],  # keys are new in each process: names must not be
)
@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_s38_hmac_with_the_public_key_as_secret(validator, forge, algorithm, secret):
    refused(validator, forge(HEADER | {"alg": algorithm}, CLAIMS, hmac_key=secret), "algorithm")


def test_s38_hmac_that_calls_itself_eddsa(validator, forge):
    refused(validator, forge(HEADER, CLAIMS, hmac_key=RAW), "signature")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "PS256", "Ed448", "eddsa", "HS256"])
def test_s38_an_algorithm_that_the_issuer_may_not_use(validator, forge, algorithm):
    refused(validator, forge(HEADER | {"alg": algorithm}, CLAIMS, KEY), "algorithm")


@pytest.mark.parametrize(
    "extra",
    [
        {"crit": ["exp"], "exp": AT},
        {"crit": []},
        {"crit": ["b64"], "b64": False},
        {"b64": True},
        {"jku": "https://attacker.example/keys"},
        {"jwk": STRANGER.as_dict(private=False)},
        {"x5u": "https://attacker.example/cert"},
        {"x5c": ["AAAA"]},
        {"zip": "DEF"},
        {"x5t": ["AAAA"]},
        {"cty": "JWT"},
    ],
)
def test_s38_a_header_that_wants_more_than_we_do(validator, forge, extra):
    refused(validator, forge(HEADER | extra, CLAIMS, KEY), "header")


def test_s38_the_thumbprint_of_a_certificate_is_read_over_and_chooses_no_key(validator, forge):
    for extra in ({"x5t": "AAAA"}, {"x5t#S256": "q6ur"}):
        assert validator.actor(f"Bearer {forge(HEADER | extra, CLAIMS, KEY)}", NOW).user == "anna"
    refused(validator, forge(HEADER | {"x5t": "AAAA"}, CLAIMS, STRANGER), "signature")


@pytest.mark.parametrize("name", ["alg", "typ", "kid"])
def test_s38_a_header_that_lacks_something(validator, forge, name):
    refused(validator, forge(without(HEADER, name), CLAIMS, KEY), "header")


@pytest.mark.parametrize("kind", ["JWT", "", "txntoken+jwt", "id+jwt", "logout+jwt", "at+jwt "])
def test_s38_another_type_of_token(validator, forge, kind):
    refused(validator, forge(HEADER | {"typ": kind}, CLAIMS, KEY), "type")


def test_s38_a_key_that_the_issuer_does_not_have(validator, forge):
    refused(validator, forge(HEADER | {"kid": "../../dev/null"}, CLAIMS, KEY), "key")


def test_s38_signed_by_a_stranger_under_the_right_key_id(validator, forge):
    refused(validator, forge(HEADER, CLAIMS, STRANGER), "signature")


def test_s38_claims_changed_after_signing(validator, forge):
    head, _, signature = forge(HEADER, CLAIMS, KEY).split(".")
    payload = forge(HEADER, CLAIMS | {"agency": "LV-VP"}, KEY).split(".")[1]
    refused(validator, f"{head}.{payload}.{signature}", "signature")


@pytest.mark.parametrize("issuer", [ISSUER + "/", ISSUER.upper(), "", "urn:saite:development"])
def test_s38_another_issuer(validator, forge, issuer):
    refused(validator, forge(HEADER, CLAIMS | {"iss": issuer}, KEY), "issuer")


@pytest.mark.parametrize("audience", ["", "urn:saite:gateway2", "persons", [], ["other"], ["urn:saite:gateway-", "x"]])
def test_s38_another_audience(validator, forge, audience):
    refused(validator, forge(HEADER, CLAIMS | {"aud": audience}, KEY), "audience")


def test_s38_an_issuer_that_speaks_for_another_agency(validator, forge):
    refused(validator, forge(HEADER, CLAIMS | {"agency": "LV-VP"}, KEY), "agency")


@pytest.mark.parametrize("name", ["sub", "aud", "exp", "iat", "agency", "client_id"])
def test_s38_a_missing_claim(validator, forge, name):
    refused(validator, forge(HEADER, without(CLAIMS, name), KEY), "claims")


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": str(AT + 600)},
        {"exp": True},
        {"exp": None},
        {"exp": -1},
        {"exp": 10**30},
        {"nbf": "0"},
        {"sub": 7},
        {"sub": ""},
        {"sub": "anna\nroot"},
        {"sub": "a" * 257},
        {"purpose": ["X"]},
        {"case_ref": " 11"},
        {"client_id": "\u202eevil"},
        {"aud": {"x": 1}},
        {"cnf": {"jwk": {}}},
    ],
)
def test_s38_a_claim_of_the_wrong_form(validator, forge, wrong):
    refused(validator, forge(HEADER, CLAIMS | wrong, KEY), "claims")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e999"])
def test_s38_an_expiry_that_never_comes(validator, forge, number):
    payload = json.dumps(CLAIMS).encode().replace(str(AT + 600).encode(), number)
    with pytest.raises(Unauthenticated):
        validator.actor(f"Bearer {forge(HEADER, payload, KEY)}", NOW)


@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 5000])
def test_s38_a_payload_that_is_no_object(validator, forge, payload):
    with pytest.raises(Unauthenticated):
        validator.actor(f"Bearer {forge(HEADER, payload, KEY)}", NOW)


def test_s38_expired(validator, forge):
    refused(validator, forge(HEADER, CLAIMS | {"iat": AT - 900, "exp": AT - 30}, KEY), "expired")


def test_s38_not_yet_valid(validator, forge):
    refused(validator, forge(HEADER, CLAIMS | {"nbf": AT + 31}, KEY), "not_yet_valid")


def test_s38_issued_in_the_future(validator, forge):
    refused(validator, forge(HEADER, CLAIMS | {"iat": AT + 31}, KEY), "not_yet_valid")


def test_s38_a_token_for_a_hundred_years(validator, forge):
    refused(validator, forge(HEADER, CLAIMS | {"exp": AT + 3_000_000_000}, KEY), "lifetime")


def test_s38_an_accepted_token_expires_all_the_same(validator, forge):
    token = forge(HEADER, CLAIMS, KEY)
    validator.actor(f"Bearer {token}", NOW)
    with pytest.raises(Unauthenticated):
        validator.actor(f"Bearer {token}", NOW + timedelta(seconds=631))


def test_s38_a_token_bound_to_a_certificate_without_one(validator, forge):
    refused(validator, forge(HEADER, CLAIMS | {"cnf": {"x5t#S256": "A" * 43}}, KEY), "certificate_missing")


def test_s38_a_token_bound_to_a_certificate_with_another_one(validator, forge):
    token = forge(HEADER, CLAIMS | {"cnf": {"x5t#S256": "A" * 43}}, KEY)
    assert validator.actor(f"Bearer {token}", NOW, certificate="A" * 43).user == "anna"
    refused(validator, token, "certificate_mismatch", certificate="B" * 43)


@pytest.mark.parametrize("confirmation", [{}, {"jkt": "x"}, {"x5t#S256": "A" * 43, "jkt": "x"}])
def test_s38_a_proof_of_possession_that_cannot_be_checked(validator, forge, confirmation):
    refused(validator, forge(HEADER, CLAIMS | {"cnf": confirmation}, KEY), "confirmation", certificate="A" * 43)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "missing"),
        ("", "malformed"),
        ("Bearer", "malformed"),
        ("Bearer ", "malformed"),
        ("Basic YTpi", "malformed"),
        ("Bearer a.b", "malformed"),
        ("Bearer a.b.c.d", "malformed"),
        ("Bearer a.b.c d", "malformed"),
        ("Bearer  a.b.c", "malformed"),
        ("Bearer a+b.c/d.e", "malformed"),
        ("Bearer a.b.c\n", "malformed"),
        ("Bearer " + "a" * 8192, "oversized"),
        ("Bearer a.b.c", "header"),
    ],
)
def test_s38_a_header_that_is_no_bearer_token(validator, header, reason):
    with pytest.raises(Unauthenticated) as caught:
        validator.actor(header, NOW)
    assert str(caught.value) == str(Unauthenticated())
    assert validator.refusals.snapshot() == {reason: 1}


def test_s38_a_withdrawn_key_ends_the_tokens_that_were_accepted_before(forge):
    class Keys:
        revision = 0
        found: OKPKey | None = PUBLIC

        def find(self, kid: str) -> OKPKey | None:
            return self.found

    keys = Keys()
    validator = TokenValidator([TrustedIssuer(ISSUER, keys)], "urn:saite:gateway")
    token = forge(HEADER, CLAIMS, KEY)
    validator.actor(f"Bearer {token}", NOW)
    keys.revision, keys.found = 1, None
    refused(validator, token, "key")


def test_s38_the_true_reason_goes_to_the_log_and_no_part_of_the_token_does(validator, forge, caplog):
    token = forge(HEADER, CLAIMS | {"sub": "canary-4711"}, STRANGER)
    with caplog.at_level(logging.WARNING), pytest.raises(Unauthenticated):
        validator.actor(f"Bearer {token}", NOW)
    assert [record.__dict__["reason"] for record in caplog.records] == ["signature"]
    assert "canary" not in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize("algorithms", [frozenset(), frozenset({"none"}), frozenset({"HS256"}), frozenset({"EdDSA", "HS512"})])
def test_s38_an_issuer_can_never_be_allowed_a_shared_secret(algorithms):
    with pytest.raises(ValueError, match="algorithms"):
        TrustedIssuer(ISSUER, StaticKeys([PUBLIC]), algorithms)


def test_s38_a_validator_that_trusts_nobody_refuses_to_start():
    with pytest.raises(ValueError, match="at least one trusted issuer"):
        TokenValidator([], "urn:saite:gateway")
