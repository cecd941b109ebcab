"""Which client certificate a request came with: the connection's own, or a trusted proxy's header; never anybody's header."""

from __future__ import annotations

import base64
import ssl
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_network
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from authz.identity import ClientCertificates


def certificate(name: str) -> bytes:
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return dated.sign(key, SHA256()).public_bytes(Encoding.DER)


CLIENT, PROXY = certificate("client"), certificate("proxy")
PEM = ssl.DER_cert_to_PEM_cert(CLIENT)
EXPECTED = base64.urlsafe_b64encode(sha256(CLIENT).digest()).rstrip(b"=").decode()
RFC9440 = ":" + base64.b64encode(CLIENT).decode() + ":"
BEHIND_PROXY = ClientCertificates((ip_network("10.0.0.0/24"), ip_network("::1/128")))


def scope(peer: str | None, *headers: str, chain: tuple[str, ...] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "client": None if peer is None else (peer, 5000),
        "headers": [(b"client-cert", value.encode()) for value in headers],
    }
    return made if chain is None else made | {"extensions": {"tls": {"client_cert_chain": chain}}}


@pytest.mark.parametrize("value", [RFC9440, quote(PEM), quote(PEM.strip())], ids=["RFC 9440", "PEM", "PEM without end of line"])
@pytest.mark.parametrize("peer", ["10.0.0.7", "::ffff:10.0.0.7", "::1"])
def test_a_header_of_the_proxy_is_believed(peer: str, value: str):
    assert BEHIND_PROXY.of(scope(peer, value)) == EXPECTED


@pytest.mark.parametrize("peer", ["10.0.1.7", "127.0.0.1", "::2", "not-an-address", None])
def test_a_header_of_anybody_else_is_not(peer: str | None):
    assert BEHIND_PROXY.of(scope(peer, RFC9440)) is None


def test_without_a_proxy_no_header_is_believed():
    assert ClientCertificates().of(scope("10.0.0.7", RFC9440)) is None


def test_two_headers_are_none():
    assert BEHIND_PROXY.of(scope("10.0.0.7", RFC9440, RFC9440)) is None


NO_CERTIFICATES = ("", ":", "::", ":%%%:", "AAAA", quote(PEM + PEM), quote(PEM[:80]), ":" + "A" * 20_000 + ":")


@pytest.mark.parametrize("value", NO_CERTIFICATES, ids=range(len(NO_CERTIFICATES)))
def test_a_header_that_is_no_certificate_is_none(value: str):
    assert BEHIND_PROXY.of(scope("10.0.0.7", value)) is None


def test_the_connections_own_certificate_counts():
    assert ClientCertificates().of(scope("192.0.2.1", chain=(PEM,))) == EXPECTED
    assert ClientCertificates().of(scope("192.0.2.1", chain=())) is None
    assert BEHIND_PROXY.of(scope("192.0.2.1", chain=(PEM,))) == EXPECTED


def test_the_proxys_own_certificate_never_stands_for_a_client():
    assert BEHIND_PROXY.of(scope("10.0.0.7", chain=(ssl.DER_cert_to_PEM_cert(PROXY),))) is None
