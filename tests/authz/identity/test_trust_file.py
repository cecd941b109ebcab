"""The file of trusted issuers: strict, and never trusting more than it says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from authz.identity import AUDIENCE, DevelopmentIssuer, TrustFileUnusable, Unauthenticated, development_only, read_trust
from kernel.clock import FixedClock
from tests.authz.identity.conftest import LocalProvider, new_key
from tests.authz.small_world import CONTRACT, book_of

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WHOLE = """
audience: urn:our:gateway
issuers:
  - issuer: https://idp.prok.example/realms/prok
    agencies: [LV-PROK]
    algorithms: [ES256, PS256]
    tokens: keycloak
    lifetime_minutes: 30
  - issuer: https://login.riga.example
    agencies: [LV-PP-RIGA]
    keys: https://login.riga.example/keys.json
    accepted: by-exchange
exchange: {issuer: https://gateway.example/exchange, audience: urn:our:exchange, lifetime_minutes: 5}
proxies: {addresses: [10.0.0.0/28, "fd00::1"], header: X-Client-Cert}
development: false
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "identity.yaml"
    path.write_text(text)
    return path


def test_every_word_is_read(tmp_path: Path):
    trust = read_trust(written(tmp_path, WHOLE), tmp_path / "keys")
    assert trust.exchange is not None
    assert trust.certificates.header == "X-Client-Cert"
    assert [str(network) for network in trust.certificates.proxies] == ["10.0.0.0/28", "fd00::1/128"]


async def test_its_issuers_are_believed_and_development_tokens_are_not(tmp_path: Path, provider: LocalProvider):
    key = new_key("one")
    provider.publish(key)
    text = f"issuers: [{{issuer: '{provider.issuer}', agencies: [LV-TEST]}}]"
    trust = read_trust(written(tmp_path, text), tmp_path / "keys")
    book = book_of(f"{CONTRACT}\nclients: [{{client_id: case-management, issuer: '{provider.issuer}'}}]\n")
    actor = await trust.tokens.identify(f"Bearer {provider.sign(key, NOW)}", NOW, book=book)
    assert actor.agency == "LV-TEST"
    token = DevelopmentIssuer(tmp_path / "keys", FixedClock(NOW)).issue("LV-TEST", "anna")
    with pytest.raises(Unauthenticated):
        await trust.tokens.identify(f"Bearer {token}", NOW, book=book)
    assert list((tmp_path / "keys" / "providers").glob("*.json")) != []


async def test_a_partner_whose_tokens_are_exchanged_is_not_believed_directly(tmp_path: Path, provider: LocalProvider):
    key = new_key("one")
    provider.publish(key)
    text = f"""
issuers: [{{issuer: '{provider.issuer}', agencies: [LV-TEST], accepted: by-exchange}}]
exchange: {{issuer: 'https://gateway.example', audience: '{AUDIENCE}'}}
"""
    trust = read_trust(written(tmp_path, text), tmp_path / "keys")
    with pytest.raises(Unauthenticated):
        await trust.tokens.identify(f"Bearer {provider.sign(key, NOW)}", NOW, book=book_of())
    assert trust.tokens.refusals.snapshot() == {"issuer": 1}


def test_development_tokens_are_believed_when_the_file_says_so(tmp_path: Path):
    trust = read_trust(written(tmp_path, "development: true"), tmp_path / "keys")
    token = DevelopmentIssuer(tmp_path / "keys", FixedClock(NOW)).issue("LV-TEST", "anna")
    assert trust.tokens.actor(f"Bearer {token}", NOW).agency == "LV-TEST"
    assert development_only(tmp_path / "keys").tokens.actor(f"Bearer {token}", NOW).agency == "LV-TEST"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "wrong"),
        ("{}", "nobody could ever be let in"),
        ("issuers: 7", "wrong"),
        ("issuer: https://idp.example", "unknown field `issuer`"),
        ("issuers: [{issuer: 'https://idp.example'}]", "agencies"),
        ("issuers: [{issuer: 'https://idp.example', agencies: []}]", "agencies"),
        ("issuers: [{issuer: 'http://idp.example', agencies: [A]}]", "HTTPS"),
        ("issuers: [{issuer: 'https://idp.example', agencies: [A], keys: 'http://idp.example/k'}]", "HTTPS"),
        ("issuers: [{issuer: 'https://idp.example', agencies: [A], algorithms: [HS256]}]", "algorithms"),
        ("issuers: [{issuer: 'https://idp.example', agencies: [A], algorithms: [none]}]", "algorithms"),
        ("issuers: [{issuer: 'https://idp.example', agencies: [A], algorithms: []}]", "algorithms"),
        ("issuers: [{issuer: 'https://idp.example', agencies: [A], tokens: any}]", "tokens"),
        ("issuers: [{issuer: 'https://idp.example', agencies: [A], authorities: absent.pem}]", "absent.pem"),
        ("issuers: [{issuer: 'https://idp.example', agencies: [A], lifetime_minutes: 100000}]", "lifetime_minutes"),
        ("issuers: [{issuer: 'https://i.example', agencies: [A]}, {issuer: 'https://i.example', agencies: [B]}]", "twice"),
        ("issuers: [{issuer: 'https://idp.example', agencies: [A], accepted: by-exchange}]", "need each other"),
        ("{development: true, exchange: {issuer: 'https://g.example', audience: a}}", "need each other"),
        ("{development: true, proxies: {addresses: ['0.0.0.0/0']}}", "everybody"),
        ("{development: true, proxies: {addresses: ['10.0.0.1/8']}}", "10.0.0.1/8"),
        ("{development: true, proxies: {addresses: ['proxy.example']}}", "proxy.example"),
        ("{development: true, proxies: {addresses: []}}", "addresses"),
        ("issuers: [", "wrong"),
    ],
)
def test_what_is_unknown_or_trusts_too_much_is_an_error(tmp_path: Path, text: str, said: str):
    with pytest.raises(TrustFileUnusable, match=said):
        read_trust(written(tmp_path, text), tmp_path / "keys")


def test_an_absent_file_is_named(tmp_path: Path):
    with pytest.raises(TrustFileUnusable, match=r"absent\.yaml"):
        read_trust(tmp_path / "absent.yaml", tmp_path)
