"""`saite serve ingest`: all ways in of one process, whether it is alive and ready, and its numbers.

In: a receiver and the ways that were asked for. Out: an ASGI application with `/ingest`, `/livez`, `/readyz`, `/metrics`, whose
life is that of the ways in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingest.receiving.broker import BrokerWay
from ingest.receiving.folder import WatchedFolder
from ingest.receiving.pushing import Identify, Pushing, Queue
from ingest.receiving.receiver import AWAY, Receiver
from kernel.clock import Clock
from kernel.metrics import CONTENT_TYPE, Measure, by_label, measured, page
from kernel.rabbitmq import Broker
from subgraphs.events.registration.receipts import Receipts

_log: Final = logging.getLogger(__name__)

PATIENCE: Final = timedelta(seconds=60)
"""So long a message waits for those before it; then it is applied without them."""
SWEEP_SECONDS: Final = 5.0
KEPT: Final = timedelta(days=90)
"""So long the inbox knows a message by its id."""
FORGET_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Ways:
    """Which ways in there are, beside HTTPS. `prefix` goes before every name at the broker."""

    broker: Broker | None = None
    folder: Path | None = None
    prefix: str = ""


class Ingest:
    """The ways in of one process."""

    def __init__(self, receiver: Receiver, identify: Identify, ways: Ways, clock: Clock) -> None:
        self._receiver = receiver
        self._clock = clock
        self._ways = ways
        self._works: dict[str, bool] = {"broker": False} if ways.broker is not None else {}
        self._receipts = Receipts(receiver.store.database)
        self._queue = Queue(receiver)
        self._pushing = Pushing(receiver, self._queue, identify)
        self.registry = CollectorRegistry()
        works = Measure("saite_ingest_works", "1: this part works.", by_label(self._working), ("part",))
        measured(self.registry, *receiver.counts.measures(), works)

    def application(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route("/ingest", self._pushing.answer, methods=["POST"]),
            Route("/livez", _alive, methods=["GET"]),
            Route("/readyz", self._ready, methods=["GET"]),
            Route("/metrics", self._metrics, methods=["GET"]),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_kept_up(name, make)) for name, make in self._parts().items()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _parts(self) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
        parts: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {"queue": self._queue.run, "sweep": self._sweep}
        if self._ways.broker is not None:
            way = BrokerWay(self._ways.broker, self._receiver, self._receipts, self._heard, self._ways.prefix)
            parts |= {"take": way.take, "hand over": way.hand_over}
        if self._ways.folder is not None:
            parts["folder"] = WatchedFolder(self._ways.folder, self._receiver, self._heard).watch
        return parts

    async def _sweep(self) -> None:
        """Give up what is missing before messages that have waited too long; forget what is long ago."""
        forgotten = monotonic() - FORGET_SECONDS
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                if monotonic() - forgotten >= FORGET_SECONDS:
                    await self._receiver.store.forget(self._clock.now() - KEPT)
                    forgotten = monotonic()
                overdue = await self._receiver.store.holding.overdue(self._clock.now() - PATIENCE)
                if overdue:
                    await self._receiver.retry(overdue, forced=False)
            except AWAY as error:
                _log.warning("what waits cannot be looked at", extra={"reason": str(error)})

    def _heard(self, part: str, works: bool) -> None:
        self._works[part] = works

    def _working(self) -> dict[str, float]:
        return {part: float(works) for part, works in self._works.items()}

    async def _ready(self, _request: Request) -> Response:
        return JSONResponse(self._works, 200 if all(self._works.values()) else 503)

    async def _metrics(self, _request: Request) -> Response:
        return Response(page(self.registry), media_type=CONTENT_TYPE)


async def _alive(_request: Request) -> Response:
    return JSONResponse({"alive": True})


async def _kept_up(name: str, make: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """A part that ends by a mistake of ours is begun again: the others must not stand still for it."""
    while True:
        try:
            await make()
        except Exception:  # noqa: BLE001 - logged, and the part goes on
            _log.exception("a part ended and is begun again", extra={"part": name})
        await asyncio.sleep(1)
