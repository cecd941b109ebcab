"""A room as an ASGI application; the same in every room.

What comes in: POST /graphql with the gateway's signed context, GET /health. What goes out: a GraphQL answer. A call's way:

    read the body → admit (guard: who, which contract, this very body) → decode → parse and validate (remembered)
    → enforce the contract again (remembered; variables every time) → execute → record → answer

Whoever calls without a context gets 401 and nothing else, whatever the body holds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, Generic, TypeVar

import msgspec
from graphql import MiddlewareManager, build_schema

from authz.aggregates import SqliteCountLedger
from authz.audit import AuditUnavailable
from authz.signed_context import HEADER
from kernel.deadline import HEADER as DEADLINE
from kernel.errors import ClientError
from kernel.paging import CursorSealer
from subgraphs.room import deadline
from subgraphs.room.answer import hidden, refusal, run, value_masks
from subgraphs.room.call import Call
from subgraphs.room.errors import BadRequestBody, BodyTooLarge
from subgraphs.room.guard import Entered, Guard
from subgraphs.room.operation import Operations, Remembered
from subgraphs.room.publishing import publishing
from subgraphs.room.schema import RoomSchema
from subgraphs.room.settings import RoomSettings
from subgraphs.room.where import Rows

S = TypeVar("S")
L = TypeVar("L")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_CONTEXT: Final = HEADER.lower().encode()
_DEADLINE: Final = DEADLINE.lower().encode()
_JSON: Final = (b"content-type", b"application/graphql-response+json; charset=utf-8")


class Request(msgspec.Struct, frozen=True, rename="camel"):
    """A GraphQL request; `extensions` are taken and not read."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


_DECODER: Final = msgspec.json.Decoder(Request)


class RoomApp(Generic[S, L]):
    """The application of one room."""

    def __init__(
        self, settings: RoomSettings, schema: RoomSchema, store: S, loaders_of: Callable[[Rows], L], guard: Guard
    ) -> None:
        self._settings = settings
        self._store = store
        self._loaders_of = loaders_of
        self._guard = guard
        self._sealer = CursorSealer(settings.cursor_secret)
        self._counts = settings.counts or SqliteCountLedger()
        self._executable = schema.executable
        # Strawberry's own schema keeps no syntax nodes; the rights are read off those of the printed one.
        self.ruled = build_schema(schema.as_str(), assume_valid=True, assume_valid_sdl=True, no_location=True)
        self._operations = Operations(self._executable, self.ruled, settings.cached_operations)
        self._masks: Remembered[str, tuple[MiddlewareManager | None]] = Remembered(settings.cached_operations)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI conversation."""
        match scope["type"], scope.get("method"), scope.get("path"):
            case "lifespan", _, _:
                await _lifespan(receive, send, self._close)
            case "http", "GET" | "HEAD", "/health":
                await _respond(send, 200, b'{"status":"ok"}')
            case "http", "POST", "/graphql":
                await _respond(send, *await self._serve(scope, receive))
            case "http", _, "/graphql":
                await _respond(send, 405, b"", (b"allow", b"POST"))
            case "http", _, _:
                await _respond(send, 404, b"")
            case "websocket", _, _:
                await send({"type": "websocket.close"})  # before it is accepted: the server answers 403
            case kind, _, _:
                raise ValueError(f"A room speaks HTTP; its server offers {kind!r}, which ASGI servers do not by themselves.")

    async def _close(self) -> None:
        await self._guard.close()
        if self._settings.search is not None:
            await self._settings.search.close()

    async def _serve(self, scope: Message, receive: Receive) -> tuple[int, bytes]:
        try:
            body = await self._read(receive)
            header = next((value.decode("latin-1") for name, value in scope["headers"] if name == _CONTEXT), None)
            entered = await self._guard.let_in(header, body, self.ruled)
            waits = next((value for name, value in scope["headers"] if name == _DEADLINE), None)
            with deadline.kept(waits):
                status, answer = await _told(self._answer(body, entered))
            if self._guard.recorder is not None:
                await self._guard.recorder.answered(entered.context, body, status, answer)
        except Exception as error:  # noqa: BLE001 - nothing that a room raises may reach the wire in its own words
            return _refused(error)
        return status, answer

    async def _answer(self, body: bytes, entered: Entered) -> bytes:
        mask = entered.mask
        try:
            request = _DECODER.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadRequestBody(f"The body is no GraphQL request: {error}. Send JSON with `query` and `variables`.") from None
        variables = request.variables or {}
        self._operations.check(request.query, request.operation_name, mask, variables)
        call = Call(
            mask,
            publishing(self._store, mask, self._counts),
            self._loaders_of(mask.rows),
            self._sealer,
            self._guard.clock,
            entered.context,
            self._settings.search,
        )
        (masks,) = self._masks.get(mask.digest, lambda: (value_masks(mask, self._settings.mask_keys),))
        document = self._operations.document(request.query)
        return await run(self._executable, document, request.operation_name, variables, call, masks)

    async def _read(self, receive: Receive) -> bytes:
        message = await receive()
        body: bytes = message.get("body", b"")
        if message.get("more_body"):
            parts = [body]
            size = len(body)
            while message.get("more_body") and size <= self._settings.max_body_bytes:
                message = await receive()
                parts.append(message.get("body", b""))
                size += len(parts[-1])
            body = b"".join(parts)
        if len(body) > self._settings.max_body_bytes:
            raise BodyTooLarge(
                f"The body is larger than {self._settings.max_body_bytes} bytes: ask for fewer things at a time."
            )
        return body


async def _told(answering: Awaitable[bytes]) -> tuple[int, bytes]:
    """The status and the bytes of what was answered, or of why not."""
    try:
        return 200, await answering
    except Exception as error:  # noqa: BLE001 - as above
        return _refused(error)


def _refused(error: Exception) -> tuple[int, bytes]:
    if isinstance(error, ClientError):
        return error.status, refusal([{"message": error.message, "extensions": {"code": error.code, **error.extensions}}])
    return error.status if isinstance(error, AuditUnavailable) else 500, refusal([hidden(error)])


async def _respond(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    fixed = [_JSON, (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send, close: Callable[[], Awaitable[None]]) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await close()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
