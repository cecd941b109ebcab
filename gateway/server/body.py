"""Reads a request body that may be too long, too slow or never end.

In: ASGI `receive`, the headers. Out: the bytes, or BodyTooLarge / BodyTooSlow / ClientGone. The limit is checked against the
declared length before reading and against what arrives while reading.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.types import Receive

from gateway.server.errors import BadBody, BodyTooLarge, BodyTooSlow


class ClientGone(Exception):
    """Raised when the client closed the connection before its request was complete: there is nobody to answer."""


async def read_body(receive: Receive, headers: Mapping[str, str], *, max_bytes: int, seconds: float) -> bytes:
    """The whole body."""
    declared = headers.get("content-length")
    if declared is not None:
        if not (declared.isascii() and declared.isdigit()):
            raise BadBody("The header Content-Length is not a number.")
        if len(declared) > 18 or int(declared) > max_bytes:
            raise too_large(max_bytes)
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, max_bytes)
    except TimeoutError as error:
        raise BodyTooSlow(f"The request body did not arrive within {seconds:g} seconds.") from error


async def _read(receive: Receive, max_bytes: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > max_bytes:
            raise too_large(max_bytes)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def too_large(max_bytes: int) -> BodyTooLarge:
    """The refusal of a body over `max_bytes`."""
    return BodyTooLarge(f"The request body is larger than {max_bytes} bytes. Send a smaller operation or fewer variables.")
