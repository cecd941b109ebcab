"""A subgraph in the same process, called through its ASGI interface: the embedded mode, and tests.

In: a `SubgraphRequest`. Out: a `SubgraphAnswer`, or a `SubgraphFault`. The room sees the same request as over HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from gateway.execution.errors import AnswerTooLarge, SubgraphTimeout, SubgraphUnavailable
from gateway.execution.transport import MAX_ANSWER_BYTES, SubgraphAnswer, SubgraphRequest
from kernel.deadline import HEADER as DEADLINE
from kernel.deadline import told

Message = MutableMapping[str, Any]
AsgiApp = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

_DEADLINE: Final = DEADLINE.lower().encode()


class AsgiTransport:
    """Calls `app` with `POST path`. An exception inside the app is a subgraph that is not available.

    `closing` ends what the app holds; without it, whoever made the app ends it.
    """

    def __init__(
        self,
        service: str,
        app: AsgiApp,
        *,
        path: str = "/graphql",
        max_bytes: int = MAX_ANSWER_BYTES,
        closing: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._closing = closing
        self._service = service
        self._app = app
        self._path = path
        self._max_bytes = max_bytes

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        exchange = _Exchange(request.body, self._max_bytes)
        try:
            async with asyncio.timeout_at(request.deadline):
                await self._app(self._scope(request), exchange.receive, exchange.send)
        except TimeoutError as error:
            raise SubgraphTimeout(f"subgraph {self._service!r} did not answer before the deadline") from error
        except _TooMuch as error:
            raise AnswerTooLarge(f"subgraph {self._service!r} answered more than {self._max_bytes} bytes") from error
        except Exception as error:
            # Whatever a room raises is that room's fault; the client gets the rest of the answer.
            raise SubgraphUnavailable(f"subgraph {self._service!r} failed: {type(error).__name__}: {error}") from error
        if exchange.status is None:
            raise SubgraphUnavailable(f"subgraph {self._service!r} ended without an answer")
        return SubgraphAnswer(exchange.status, bytes(exchange.body))

    async def close(self) -> None:
        """End the app, if it is ours to end."""
        if self._closing is not None:
            await self._closing()

    def _scope(self, request: SubgraphRequest) -> Message:
        headers = [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"accept", b"application/graphql-response+json, application/json;q=0.9"),
            (b"content-length", str(len(request.body)).encode()),
            (_DEADLINE, told(request.deadline).encode()),
            *((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()),
        ]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": self._path,
            "raw_path": self._path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 0),
            "server": ("localhost", 80),
            "state": {},
        }


class _TooMuch(Exception):
    """Raised into the app when it sends more than the limit."""


class _Exchange:
    """The two halves of one ASGI conversation."""

    def __init__(self, body: bytes, max_bytes: int) -> None:
        self._request: bytes | None = body
        self._max_bytes = max_bytes
        self.status: int | None = None
        self.body = bytearray()

    async def receive(self) -> Message:
        if self._request is None:
            await asyncio.Event().wait()  # the caller stays: there is no disconnect to tell
        body, self._request = self._request, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if len(self.body) > self._max_bytes:
                raise _TooMuch
