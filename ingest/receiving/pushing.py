"""The way in over HTTPS: `POST /ingest`, one message (JSON) or many (NDJSON); the answer holds the receipts, in their order.

In: requests with a token of the same identity as the gateway's. Out: receipts, once everything is committed. Messages of many
requests share a transaction. What is more than can be taken is refused with 429, what cannot be taken now with 503; both say
when to come again, and then the same messages are sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from authz.identity import Actor, Unauthenticated
from ingest.receiving.message import MAX_BYTES
from ingest.receiving.receiver import AWAY, Incoming, Receiver
from kernel.errors import SaiteError
from subgraphs.events.registration.arrival import Fate, Receipt, Taken

Identify = Callable[[Request], Awaitable[Actor]]
"""Who asks. Raises Unauthenticated."""

MAX_MESSAGES: Final = 1000
MAX_BODY: Final = 8 << 20
WAITING: Final = 5000
"""So many messages may wait for their turn; more are refused."""
BATCH: Final = 100
BODY_SECONDS: Final = 30.0
LATER: Final = {"Retry-After": "2"}
NDJSON: Final = "application/x-ndjson"


class Queue:
    """Puts messages of requests that come at the same time into one transaction."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._waiting: asyncio.Queue[tuple[Incoming, asyncio.Future[Taken]]] = asyncio.Queue(WAITING)

    @property
    def free(self) -> int:
        """How many more may come."""
        return WAITING - self._waiting.qsize()

    async def take(self, incoming: Sequence[Incoming]) -> list[Taken]:
        """What became of these, in their order. Raises what is in `AWAY`."""
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in incoming]
        for one, future in zip(incoming, futures, strict=True):
            await self._waiting.put((one, future))
        return list(await asyncio.gather(*futures))

    async def run(self) -> None:
        """Take what waits, for ever."""
        while True:
            found = [await self._waiting.get()]
            while len(found) < BATCH and not self._waiting.empty():
                found.append(self._waiting.get_nowait())
            try:
                taken = await self._receiver.take([incoming for incoming, _ in found])
            except AWAY as error:
                for _, future in found:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), one in zip(found, taken, strict=True):
                if not future.done():
                    future.set_result(one)


class Pushing:
    """The endpoint."""

    def __init__(self, receiver: Receiver, queue: Queue, identify: Identify) -> None:
        self._receiver = receiver
        self._queue = queue
        self._identify = identify

    async def answer(self, request: Request) -> Response:
        """One request's answer."""
        try:
            actor = await self._identify(request)
        except Unauthenticated as error:
            return _refused(401, error.code, error.message, {"WWW-Authenticate": "Bearer"})
        speaks_for = self._speaks_for(actor)
        if not speaks_for:
            return _refused(403, "NO_SOURCE", "No registered source sends under this identity.")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in ("application/json", NDJSON):
            return _refused(415, "UNSUPPORTED_MEDIA_TYPE", f"Send one message as application/json, or many as {NDJSON}.")
        if self._queue.free <= 0:
            return _refused(429, "TOO_MANY_MESSAGES", "More messages wait than can be taken: send these again later.", LATER)
        body = await _body(request)
        if isinstance(body, Response):
            return body
        raws = [body] if kind == "application/json" else [line for line in body.split(b"\n") if line.strip()]
        if not 0 < len(raws) <= MAX_MESSAGES:
            return _refused(413, "TOO_MANY_MESSAGES", f"Send 1 to {MAX_MESSAGES} messages at once.")
        return await self._taken([Incoming(raw, speaks_for) for raw in raws], kind)

    async def _taken(self, incoming: Sequence[Incoming], kind: str) -> Response:
        if len(incoming) > self._queue.free:
            return _refused(429, "TOO_MANY_MESSAGES", "More messages wait than can be taken: send these again later.", LATER)
        try:
            taken = await self._queue.take(incoming)
        except AWAY as error:
            code = error.code if isinstance(error, SaiteError) else "BUSY"
            return _refused(503, code, "The register takes nothing now: send the same messages again.", LATER)
        if kind == NDJSON:
            lines = b"".join(msgspec.json.encode(one.receipt) + b"\n" for one in taken)
            return Response(lines, 200, media_type=NDJSON)
        return Response(msgspec.json.encode(taken[0].receipt), _status(taken[0].receipt), media_type="application/json")

    def _speaks_for(self, actor: Actor) -> frozenset[str]:
        return frozenset(
            source.id
            for source in self._receiver.sources
            if source.agency == actor.agency and (source.clients is None or actor.client_id in source.clients)
        )


def _status(receipt: Receipt) -> int:
    match receipt.status:
        case Fate.APPLIED:
            return 200
        case Fate.QUARANTINED:
            return 422
        case _:
            return 202


async def _body(request: Request) -> bytes | Response:
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MAX_BODY:
                    return _refused(413, "TOO_LARGE", f"A request has at most {MAX_BODY} bytes, a message {MAX_BYTES}.")
                parts.append(part)
    except TimeoutError:
        return _refused(408, "TOO_SLOW", f"The body did not arrive in {BODY_SECONDS:g} seconds.")
    except ClientDisconnect:
        return Response(status_code=400)
    return b"".join(parts)


def _refused(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    body = msgspec.json.encode({"code": code, "message": message})
    return Response(body, status, headers, media_type="application/json")
