"""TLS at the gateway itself: its certificate, and client certificates handed on to the application (ASGI extension `tls`).

In: files. Out: what uvicorn needs, and a protocol that puts the peer's certificate into the scope, which uvicorn does not.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kernel.errors import ClientError


class TlsUnusable(ClientError):
    """Raised when a certificate or key cannot be used."""

    code: ClassVar[str] = "TLS_UNUSABLE"


@dataclass(frozen=True, slots=True)
class Tls:
    """The server's `certificate` (a chain) and `key`; with `clients`, a file of CA certificates, clients may show one too."""

    certificate: Path
    key: Path
    clients: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Raises TlsUnusable."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self.certificate, self.key)
            if self.clients is not None:
                context.load_verify_locations(self.clients)
                # Not required of everybody: the contract says which clients have to come with one.
                context.verify_mode = ssl.CERT_OPTIONAL
        except OSError as error:
            raise TlsUnusable(
                f"TLS cannot be served with {self.certificate} and {self.key} ({error}): name a PEM chain and its key."
            ) from error
        return context


class TlsProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, with the client's certificate in each request's scope."""

    _chain: tuple[str, ...] = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn says Transport; asyncio gives the base
        connection = transport.get_extra_info("ssl_object")
        der = None if connection is None else connection.getpeercert(binary_form=True)
        if der:
            self._chain = (ssl.DER_cert_to_PEM_cert(der),)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope.setdefault("extensions", {})["tls"] = {"client_cert_chain": self._chain}
