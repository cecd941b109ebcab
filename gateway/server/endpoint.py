"""`/graphql` as plain ASGI: one HTTP request → one `Asked` → one `Answered`.

In: an ASGI HTTP scope. Out: a response, whatever comes. The order of checks is cheap first: method, Accept, length, body,
JSON; then the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from starlette.types import Receive, Scope, Send

from gateway.access import Asked
from gateway.pipeline import Answered, Pipeline, refused
from gateway.server.body import ClientGone, read_body
from gateway.server.errors import MethodNotServed
from gateway.server.negotiation import JSON, media_type_for, status_for
from gateway.server.requests import from_get, from_post
from gateway.server.settings import ServerSettings
from kernel.errors import ClientError

ALLOW: Final = b"GET, POST, OPTIONS"

_ALWAYS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Accept"),
)


CertificateOf = Callable[[Scope], str | None]
"""The thumbprint of the certificate that a request's client proved to have."""


def no_certificate(_scope: Scope) -> str | None:
    """Where nobody reads certificates, nobody has one."""
    return None


class GraphQLEndpoint:
    """The ASGI application behind `/graphql`."""

    def __init__(self, pipeline: Pipeline, settings: ServerSettings, certificate_of: CertificateOf = no_certificate) -> None:
        self._pipeline = pipeline
        self._settings = settings
        self._certificate_of = certificate_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send_all(send, 204, b"", ((b"allow", ALLOW),))
            return
        media_type = JSON
        try:
            headers = headers_of(scope)
            if scope["method"] not in ("GET", "POST"):
                raise MethodNotServed("Send GraphQL by POST, or a query by GET.")
            media_type = media_type_for(headers.get("accept"))
            asked = replace(await self._asked(scope, receive, headers), certificate=self._certificate_of(scope))
        except ClientGone:
            return
        except ClientError as error:
            answered = refused(error)
        else:
            answered = await self._pipeline.answer(asked)
        await respond(send, media_type, answered)

    async def _asked(self, scope: Scope, receive: Receive, headers: Mapping[str, str]) -> Asked:
        settings = self._settings
        if scope["method"] == "GET":
            return from_get(scope["query_string"], headers, max_bytes=settings.max_body_bytes, peer=peer_of(scope))
        body = await read_body(receive, headers, max_bytes=settings.max_body_bytes, seconds=settings.body_seconds)
        return from_post(body, headers, peer=peer_of(scope))


def peer_of(scope: Scope) -> str | None:
    """The address at the other end of the connection: behind a proxy, the proxy's, unless the server was told to trust it."""
    client = scope.get("client")
    return str(client[0]) if client else None


def headers_of(scope: Scope) -> dict[str, str]:
    """Header name → value. Of a repeated header the first stays: a later one must not override what was there."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return headers


async def respond(send: Send, media_type: str, answered: Answered) -> None:
    status = status_for(media_type, answered.status, answered.code)
    if answered.code == "OPERATION_KIND_NOT_SERVED":
        status = 405
    more = [(b"content-type", f"{media_type}; charset=utf-8".encode())]
    if status == 405:
        more.append((b"allow", ALLOW))
    if status == 401:
        more.append((b"www-authenticate", b"Bearer"))
    if answered.retry_after is not None or status == 503:
        more.append((b"retry-after", str(answered.retry_after or 1).encode()))
    if status in (408, 413):
        # The rest of the body was not read: this connection cannot carry another request.
        more.append((b"connection", b"close"))
    await send_all(send, status, answered.body, tuple(more))


async def send_all(send: Send, status: int, body: bytes, more: tuple[tuple[bytes, bytes], ...]) -> None:
    headers = [*_ALWAYS, *more, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
