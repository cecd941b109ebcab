"""Keeps the projections of events in step while a process runs: who may see a person moves with the event, at once.

In: the registers. Out: nothing; their projections follow each change within a second. See `subgraphs.room.projecting`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from kernel.errors import SaiteError
from subgraphs.room.projecting import Projections, follow

_log: Final = logging.getLogger(__name__)

EVERY_SECONDS: Final = 0.5


async def follow_always(projections: Projections, every_seconds: float = EVERY_SECONDS) -> None:
    """Follow until cancelled. A register that does not answer is asked again at the next turn: what waits is not lost."""
    while True:
        try:
            await follow(projections)
        except SaiteError as error:
            _log.error("projections are not in step", extra={"reason": error.message})
        await asyncio.sleep(every_seconds)


@asynccontextmanager
async def in_step(projections: Projections, every_seconds: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """The projections follow as long as the body runs, and once more at its end."""
    following = asyncio.create_task(follow_always(projections, every_seconds))
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await follow(projections)
