"""`GET /graphql/schema`: the schema as the caller's contract knows it, as SDL; in the open mode the whole.

In: a request with the headers that an operation would have (token, purpose, case). Out: the text of exactly the view that
introspection tells and operations are held against; or the refusal that an operation would get.
"""

from __future__ import annotations

from graphql import print_schema
from starlette.types import Receive, Scope, Send

from gateway.access import Asked, Gate
from gateway.pipeline import Answered, failed, refused
from gateway.server.endpoint import CertificateOf, headers_of, peer_of, respond, send_all
from gateway.server.errors import MethodNotServed
from gateway.server.negotiation import JSON
from kernel.errors import ClientError

SDL: bytes = b"application/graphql; charset=utf-8"


class SchemaEndpoint:
    """The ASGI application behind `/graphql/schema`."""

    def __init__(self, gate: Gate, certificate_of: CertificateOf) -> None:
        self._gate = gate
        self._certificate_of = certificate_of

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        told = await self._told(scope)
        if isinstance(told, Answered):
            await respond(send, JSON, told)
        else:
            body = b"" if scope["method"] == "HEAD" else told.encode()
            await send_all(send, 200, body, ((b"content-type", SDL), (b"vary", b"Authorization, Saite-Purpose, Saite-Case")))

    async def _told(self, scope: Scope) -> str | Answered:
        try:
            if scope["method"] not in ("GET", "HEAD"):
                raise MethodNotServed("The schema is fetched by GET.")
            asked = Asked("", headers=headers_of(scope), peer=peer_of(scope), certificate=self._certificate_of(scope))
            access = await self._gate.identify(asked)
            return print_schema(access.schema) + "\n"
        except ClientError as error:
            return refused(error)
        except Exception as error:  # noqa: BLE001 - whatever happened, the client gets an answer and the log the reason
            return failed(error)
