"""Which client certificate a request came with (RFC 8705).

In: an ASGI scope. Out: the base64url SHA-256 of the certificate (`x5t#S256`), or None. TLS ends in one of two places:

    here        the connection's own certificate, from the ASGI extension `tls`; headers do not count
    at a proxy  a header, believed only when the connection comes from that proxy's address; the proxy has to set or
                remove the header on every request. The proxy's own certificate never stands for a client
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from ssl import PEM_cert_to_DER_cert
from typing import Any, Final
from urllib.parse import unquote

HEADER: Final = "client-cert"
_MAX_CERTIFICATE: Final = 16 * 1024
_PEM: Final = "-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class ClientCertificates:
    """Reads certificates; `proxies` are the networks of TLS terminators, `header` where they put the certificate.

    The header is as RFC 9440 says (`:base64 of the DER:`), or a URL-encoded PEM, which nginx calls
    `$ssl_client_escaped_cert`.
    """

    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    header: str = HEADER
    _name: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_name", self.header.lower().encode("latin-1"))

    def of(self, scope: Mapping[str, Any]) -> str | None:
        """The thumbprint of the client's certificate; None when there is none, or none that can be believed."""
        if self.proxies and self._is_from_proxy(scope.get("client")):
            return self._of_header(scope["headers"])
        extension = scope.get("extensions", {}).get("tls")
        chain = extension.get("client_cert_chain") if isinstance(extension, Mapping) else None
        leaf = next(iter(chain or ()), None)
        return None if leaf is None else _of_pem(leaf)

    def _is_from_proxy(self, client: tuple[str, int] | None) -> bool:
        if client is None:
            return False
        try:
            address: IPv4Address | IPv6Address = ip_address(client[0])
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in self.proxies)

    def _of_header(self, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        values = [value for name, value in headers if name.lower() == self._name]
        if len(values) != 1 or not 0 < len(values[0]) <= _MAX_CERTIFICATE:
            return None  # two values: one of them is not the proxy's
        text = values[0].decode("latin-1").strip()
        if text.startswith(":") and text.endswith(":"):
            return _of_base64(text[1:-1])
        return _of_pem(unquote(text))


def thumbprint(der: bytes) -> str:
    """`x5t#S256` of a certificate."""
    return base64.urlsafe_b64encode(sha256(der).digest()).rstrip(b"=").decode()


def _of_base64(text: str) -> str | None:
    try:
        der = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return thumbprint(der) if der else None


def _of_pem(text: str) -> str | None:
    if not text.startswith(_PEM) or text.count(_PEM) != 1:
        return None
    try:
        return thumbprint(PEM_cert_to_DER_cert(text))
    except (binascii.Error, ValueError):
        return None
