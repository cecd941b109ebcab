"""A load of keep-alive connections that costs little itself: one request at a time on each, HTTP/1.1 by hand.

In: host, port, the request's bytes, how many connections and for how long. Out: a `Load` with latencies in milliseconds.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter


@dataclass
class Load:
    """What a run brought: `answers` are the different bodies that came, `failed` the requests with another status than 200."""

    latencies: list[float] = field(default_factory=list)
    answers: set[bytes] = field(default_factory=set)
    failed: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def request_bytes(body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """A POST of `body` to /graphql."""
    lines = [
        "POST /graphql HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        "Accept: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def run(port: int, request: bytes, *, connections: int, seconds: float) -> Load:
    """Send `request` again and again on each connection until the time is over."""
    load = Load()
    started = perf_counter()
    until = started + seconds
    await asyncio.gather(*(_one(port, request, until, load) for _ in range(connections)))
    load.seconds = perf_counter() - started
    return load


async def _one(port: int, request: bytes, until: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    try:
        while (sent := perf_counter()) < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            body = await reader.readexactly(length)
            load.latencies.append((perf_counter() - sent) * 1000)
            if not head.startswith(b"HTTP/1.1 200"):
                load.failed += 1
            load.answers.add(body)
    finally:
        writer.close()
