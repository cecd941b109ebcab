"""Keeps the projections of events in step while a process runs: who may see a person moves with the event, at once.

In: the registers, and a broker where there is one. Out: nothing; their projections follow each change. It is the consumer
`projections` of the changes (`changes.consumer`): what moves a projection is noted in the register with the change itself
(`subgraphs.room.projecting`), so a change that is told says when to look, and one that is told twice, or never, harms nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from changes.change import PROJECTED, Change
from changes.consumer import Consumer
from changes.feed import Changes
from changes.measures import consumer_measures
from changes.pace import Pace
from changes.relay import EXCHANGE, broker_for
from kernel.clock import SystemClock
from kernel.errors import SaiteError
from kernel.metrics import measured
from subgraphs.room.projecting import Projections, follow

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from ingest.registers import Registers

_log: Final = logging.getLogger(__name__)

NAME: Final = "projections"
EVERY_SECONDS: Final = 0.5
KEPT: Final = timedelta(days=7)
"""How long changes are kept after every follower has dealt with them."""

_SWEEP_SECONDS: Final = 600.0
_BATCH: Final = 5_000


def rooms_of(registers: Registers) -> dict[str, Changes]:
    """The registers by the names of their rooms."""
    return {
        "events": registers.events,
        "persons": registers.persons,
        "vehicles": registers.vehicles,
        "documents": registers.documents,
    }


def consumer_of(projections: Projections, every_seconds: float = EVERY_SECONDS) -> Consumer:
    """The consumer that keeps these projections in step."""

    async def handle(changes: Sequence[Change]) -> None:
        # who writes something new tells the projection before
        if any(change.version > 1 and change.kind != PROJECTED for change in changes):
            await follow(projections)

    return Consumer(NAME, handle, Pace(batch=_BATCH, idle_seconds=every_seconds))


async def follow_always(
    registers: Registers,
    broker: str | None = None,
    exchange: str = EXCHANGE,
    *,
    every_seconds: float = EVERY_SECONDS,
    registry: CollectorRegistry | None = None,
) -> NoReturn:
    """Follow until cancelled, told by the broker at this address or by the registers themselves; how far it is, is told to
    `registry`. A register that does not answer is asked again: what waits is not lost.
    """
    consumer = consumer_of(registers.projections, every_seconds)
    if registry is not None:
        measured(registry, *consumer_measures(consumer))
    rooms = rooms_of(registers)
    sweeping = asyncio.create_task(_forget_always(rooms))
    try:
        await _caught_up(registers.projections, every_seconds)  # what was noted before there was anybody to be told
        if broker is None:
            await consumer.follow_rooms({name: room for name, room in rooms.items() if name != "persons"})
        await consumer.follow_broker(broker_for(broker, f"saite {NAME}", [NAME], exchange), exchange)
    finally:
        sweeping.cancel()


async def _caught_up(projections: Projections, every_seconds: float) -> None:
    while True:
        try:
            await follow(projections)
        except SaiteError as error:
            _log.error("projections are not in step", extra={"reason": error.message})
            await asyncio.sleep(every_seconds)
        else:
            return


async def _forget_always(rooms: Mapping[str, Changes]) -> NoReturn:
    clock = SystemClock()
    while True:
        for name, room in rooms.items():
            try:
                await room.forget(clock.now() - KEPT)
            except SaiteError as error:
                _log.error("old changes cannot be forgotten", extra={"room": name, "reason": error.message})
        await asyncio.sleep(_SWEEP_SECONDS)


@asynccontextmanager
async def in_step(registers: Registers, every_seconds: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """The projections follow as long as the body runs, and once more at its end."""
    following = asyncio.create_task(follow_always(registers, every_seconds=every_seconds))
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await follow(registers.projections)
