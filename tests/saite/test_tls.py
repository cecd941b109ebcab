"""HTTPS with client certificates: what the connection proved is what the application sees."""

from __future__ import annotations

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from authz.identity import ClientCertificates
from authz.signed_context.context import to_base64url
from saite.listen import secured
from saite.tls import Tls, TlsUnusable


class Authority:
    """A CA of our own, and what it issues, in files."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.key = generate_private_key(SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self._signed(self.name, self.key, is_authority=True).public_bytes(Encoding.PEM))

    def issue(self, name: str) -> tuple[Path, Path, str]:
        """Certificate, key and the thumbprint of the certificate."""
        key = generate_private_key(SECP256R1())
        made = self._signed(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]), key, is_authority=False)
        certificate, private = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(made.public_bytes(Encoding.PEM))
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, private, to_base64url(sha256(made.public_bytes(Encoding.DER)).digest()).decode()

    def _signed(self, subject: x509.Name, key: EllipticCurvePrivateKey, *, is_authority: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        constraints = x509.BasicConstraints(ca=is_authority, path_length=None)
        builder = x509.CertificateBuilder(self.name, subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(minutes=1)).not_valid_after(now + timedelta(days=1))
        return builder.add_extension(names, critical=False).add_extension(constraints, critical=True).sign(self.key, SHA256())


async def thumbprint_seen(tls: Tls, authority: Authority, client: tuple[Path, Path] | None, **headers: str) -> str:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen = ClientCertificates().of(scope) or "none"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": seen.encode()})

    with socket.socket() as claimed:
        claimed.bind(("127.0.0.1", 0))
        config = secured(uvicorn.Config(application, log_config=None, access_log=False, http="httptools", lifespan="off"), tls)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[claimed]))
        context = ssl.create_default_context(cafile=str(authority.file))
        if client is not None:
            context.load_cert_chain(*client)
        try:
            address = f"https://localhost:{claimed.getsockname()[1]}/"
            connector = aiohttp.TCPConnector(ssl=context)
            async with aiohttp.ClientSession(connector=connector) as session, session.get(address, headers=headers) as answer:
                return await answer.text()
        finally:
            server.should_exit = True
            await serving


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "authority")


async def test_the_application_sees_the_certificate_that_the_client_proved(authority: Authority):
    certificate, key, _ = authority.issue("localhost")
    tls = Tls(certificate, key, authority.file)
    *client, thumbprint = authority.issue("client")
    assert await thumbprint_seen(tls, authority, (client[0], client[1])) == thumbprint
    assert await thumbprint_seen(tls, authority, None) == "none"
    forged = ":" + "A" * 40 + ":"
    assert await thumbprint_seen(tls, authority, None, **{"Client-Cert": forged, "X-Forwarded-For": "10.0.0.1"}) == "none"


async def test_a_certificate_of_another_authority_gets_no_connection(authority: Authority, tmp_path: Path):
    certificate, key, _ = authority.issue("localhost")
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other", "stranger").issue("client")
    with pytest.raises(aiohttp.ClientError):
        await thumbprint_seen(Tls(certificate, key, authority.file), authority, stranger[:2])


async def test_without_authorities_clients_are_not_asked_for_certificates(authority: Authority):
    certificate, key, _ = authority.issue("localhost")
    *client, _ = authority.issue("client")
    assert await thumbprint_seen(Tls(certificate, key), authority, (client[0], client[1])) == "none"


def test_a_key_that_does_not_fit_is_said(authority: Authority):
    certificate, _, _ = authority.issue("localhost")
    _, other, _ = authority.issue("other")
    with pytest.raises(TlsUnusable, match="name a PEM chain and its key"):
        Tls(certificate, other).context()
