"""Which keys of a key set may check signatures, and from where they may come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from authz.identity import Provider, ProviderUnusable
from authz.identity.provider import is_safe, usable_keys
from tests.authz.identity.conftest import LocalProvider, new_key

ALGORITHMS = frozenset({"ES256", "EdDSA", "PS256"})


def kids(*members: dict[str, Any]) -> set[str]:
    return set(usable_keys(json.dumps({"keys": members}).encode(), ALGORITHMS))


def public(key: Any, **changes: Any) -> dict[str, Any]:
    return {"kid": "one", **key.as_dict(private=False), **changes}


def test_keys_for_the_listed_algorithms_are_taken():
    assert kids(
        public(new_key("ec")),
        public(OKPKey.generate_key("Ed25519"), kid="okp", alg="EdDSA"),
        public(RSAKey.generate_key(2048), kid="rsa", alg="PS256"),
    ) == {"ec", "okp", "rsa"}


@pytest.mark.parametrize(
    "member",
    [
        public(new_key("one"), use="enc"),
        public(new_key("one"), alg="ES512"),
        public(RSAKey.generate_key(2048), alg="RS256"),
        {"kty": "RSA", "n": "w" * 171, "e": "AQAB", "alg": "PS256", "kid": "one"},  # 1,024 bits
        public(ECKey.generate_key("P-256"), key_ops=["sign"]),
        public(OKPKey.generate_key("X25519")),
        public(OKPKey.generate_key("Ed448")),
        {**new_key("one").as_dict(private=True), "kid": "one"},
        {**OctKey.generate_key(256).as_dict(), "kid": "one"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "kid": "one"},
        {"kty": "RSA", "kid": "one"},
        {"kid": "one"},
        {key: value for key, value in public(new_key("one")).items() if key != "kid"},
        public(new_key("one"), kid=7),
    ],
)
def test_any_other_key_is_left_out(member: dict[str, Any]):
    assert kids(member) == set()


def test_two_keys_under_one_name_are_both_left_out():
    assert kids(public(new_key("one")), public(new_key("one")), public(new_key("two"))) == {"two"}


def test_keys_come_over_https_or_from_this_machine():
    assert is_safe("https://idp.example/realms/x")
    assert is_safe("http://127.0.0.1:8080/keys")
    assert is_safe("http://[::1]/keys")
    for unsafe in ("http://idp.example", "http://127.0.0.1.idp.example", "file:///etc/passwd", "https://", "ftp://x", ""):
        assert not is_safe(unsafe)


async def test_discovery_may_not_point_to_where_anybody_can_write_in(provider: LocalProvider):
    issuer = provider.issuer
    provider.issuer = "http://idp.example"
    with pytest.raises(ProviderUnusable, match="another issuer"):
        await Provider(issuer, ALGORITHMS).key_set()
    with pytest.raises(ProviderUnusable, match="has to be HTTPS"):
        await Provider(issuer, ALGORITHMS, jwks_uri="http://idp.example/keys").key_set()


async def test_the_address_of_the_keys_may_be_given_in_place_of_discovery(provider: LocalProvider):
    provider.publish(new_key("one"))
    provided = Provider("urn:a:name:without:address", ALGORITHMS, jwks_uri=f"{provider.issuer}/keys")
    assert set(usable_keys(await provided.key_set(), ALGORITHMS)) == {"one"}
