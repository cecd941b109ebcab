"""`POST /token`: token exchange (RFC 8693) for partners with an identity provider of their own.

In: a form as RFC 6749 says, each parameter at most once. Out: JSON, with a token or with an error code; never why a token was
refused.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from authz.audit import AuditUnavailable
from authz.book import ContractBook
from authz.identity import Asked, BadExchange, Exchange
from authz.identity.exchange import ACCESS_TOKEN, Exchanged
from gateway.access import Asked as Request
from gateway.access.sign_ins import SignIns
from gateway.server.body import ClientGone, read_body
from gateway.server.endpoint import CertificateOf, headers_of, peer_of
from kernel.clock import Clock
from kernel.errors import ClientError

PATH: Final = "/token"
_MAX_BYTES: Final = 32 * 1024
_SECONDS: Final = 5.0
_FORM: Final = "application/x-www-form-urlencoded"
_PARAMETERS: Final = frozenset(Asked.__dataclass_fields__)
_log: Final = logging.getLogger("saite.exchange")


class ExchangeEndpoint:
    """The ASGI application behind `/token`. `book` gives the contracts in force; `sign_ins` records before a token leaves."""

    def __init__(
        self,
        exchange: Exchange,
        certificate_of: CertificateOf,
        book: Callable[[], ContractBook],
        clock: Clock,
        sign_ins: SignIns,
    ) -> None:
        self._exchange = exchange
        self._certificate_of = certificate_of
        self._book = book
        self._clock = clock
        self._sign_ins = sign_ins

    def route(self) -> Route:
        """Where it is served."""
        return Route(PATH, self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await _respond(send, 405, {"error": "invalid_request", "error_description": "Send a form by POST."})
            return
        caller = Request("", headers=headers_of(scope), peer=peer_of(scope), certificate=self._certificate_of(scope))
        try:
            exchanged = await self._exchanged(caller, receive)
        except ClientGone:
            return
        except BadExchange as refusal:
            await _respond(send, refusal.status, {"error": refusal.error, "error_description": refusal.message})
            return
        except ClientError as refusal:
            await _respond(send, refusal.status, {"error": "invalid_request", "error_description": refusal.message})
            return
        except AuditUnavailable as unrecorded:
            _log.error("a token exchange was not recorded", extra={"reason": unrecorded.message})
            await _respond(send, 503, {"error": "temporarily_unavailable"})
            return
        await _respond(
            send,
            200,
            {
                "access_token": exchanged.access_token,
                "issued_token_type": ACCESS_TOKEN,
                "token_type": "Bearer",
                "expires_in": exchanged.expires_in,
            },
        )
        _log.info("token exchanged", extra={"expires_in": exchanged.expires_in})

    async def _exchanged(self, caller: Request, receive: Receive) -> Exchanged:
        """Raises what `Exchange.exchange` and the reading of the form raise, and AuditUnavailable."""
        try:
            body = await read_body(receive, caller.headers, max_bytes=_MAX_BYTES, seconds=_SECONDS)
            asked = _asked(caller.headers, body)
            now, book = self._clock.now(), self._book()
            exchanged = await self._exchange.exchange(asked, now, certificate=caller.certificate, book=book)
        except BadExchange as refusal:
            self._sign_ins.refused(caller, refusal.error.upper(), refusal.reason)
            raise
        await self._sign_ins.granted(caller, exchanged.person, exchanged.through)
        return exchanged


def _asked(headers: Mapping[str, str], body: bytes) -> Asked:
    """As RFC 6749 §3.2 says: unknown parameters are ignored, empty ones count as absent, none may be there twice."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise BadExchange("invalid_request", f"Send the parameters as {_FORM}.")
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=32, errors="strict")
    except ValueError:
        raise BadExchange("invalid_request", "The form is not URL-encoded UTF-8.") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise BadExchange("invalid_request", "A parameter is there twice.")
        if name in _PARAMETERS:
            found[name] = value
    return Asked(**found)


async def _respond(send: Send, status: int, content: Mapping[str, object]) -> None:
    body = msgspec.json.encode(content)
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
    ]
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
