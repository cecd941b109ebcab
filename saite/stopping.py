"""Work without an end, until somebody ends it: Ctrl-C and SIGTERM both let it put things in order.

In: what to run. Out: nothing; a fault of the work goes through, so that whoever keeps the process running starts another one.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


async def until_stopped(work: Coroutine[Any, Any, object]) -> None:
    """Run `work` until a signal comes or it fails."""
    task = asyncio.ensure_future(work)
    loop, stopped = asyncio.get_running_loop(), False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        with suppress(asyncio.CancelledError):
            await task
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        if not task.done():
            task.cancel()
    current = asyncio.current_task()
    if not stopped and current is not None and current.cancelling():
        raise asyncio.CancelledError
