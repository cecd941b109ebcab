"""The first half of an import in a process of its own (the worker), as the process that writes sees it: started, listened to,
ended.

In: what `ingest.preparing.prepare` takes. Out: the same steps in the same order. Without a second core, without a second
process or for small journals, they are made here. The worker is never more than a few batches ahead: then the pipe is full and
it waits.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager, suppress
from pathlib import Path
from typing import Final

from ingest.ahead.messages import Ask, Done, Failed, Message, Read, read, receive, send
from ingest.errors import BadMapping, JournalUnreadable, PreparationFailed
from ingest.preparing import LookUp, Order, Step, prepare

READY: Final = 1
"""Batches that may wait here for their writing; one more is on its way, and the worker makes the next."""

LARGE: Final = 200_000
"""Bytes of journals for which a process of its own pays: smaller ones are done before it would have started."""

_KNOWN: Final = {error.code: error for error in (BadMapping, JournalUnreadable)}
Worker = subprocess.Popen[bytes]


@contextmanager
def started(files: Sequence[Path]) -> Iterator[Worker | None]:
    """A process that waits for its order, None where none pays or can be had. It is ended with the block."""
    worker = _start() if _cores() > 1 and sum(file.stat().st_size for file in files if file.exists()) >= LARGE else None
    try:
        yield worker
    finally:
        if worker is not None:
            worker.kill()
            with suppress(OSError), worker:  # waits for its end and lets go of its pipes
                pass


async def prepare_ahead(
    worker: Worker | None, order: Order, look_up: LookUp, hear: Callable[[int], None], *, in_turn: bool = False
) -> AsyncGenerator[Step, None]:
    """The steps of `prepare`, made by the worker or, without one, here. With `in_turn` a batch's ids are looked up after the
    batch before it was settled: corrections may bring an event that a later row names too.

    Raises what `prepare` raises, and PreparationFailed when the worker dies.
    """
    if worker is None:
        async with aclosing(prepare(order, look_up, hear)) as here:
            async for step in here:
                yield step
        return
    ready: asyncio.Queue[Step | Exception | None] = asyncio.Queue(READY)
    listening = asyncio.create_task(_listen(worker, order, look_up, hear, ready, in_turn))
    try:
        while (found := await ready.get()) is not None:
            if isinstance(found, Exception):
                raise found
            yield found
            ready.task_done()
    finally:
        worker.kill()  # so that nobody waits for its next word
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


def _start() -> Worker | None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "ingest.ahead.worker"]
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603  ourselves
    except OSError:
        return None


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


async def _listen(
    worker: Worker,
    order: Order,
    look_up: LookUp,
    hear: Callable[[int], None],
    ready: asyncio.Queue[Step | Exception | None],
    in_turn: bool,
) -> None:
    """Bring what the worker says into `ready`, and answer it; the last item is None or an error."""
    try:
        await asyncio.to_thread(_send, worker, order)
        while not isinstance(message := await asyncio.to_thread(_receive, worker), Done):
            match message:
                case Read(rows):
                    hear(rows)
                case Ask(system, keys):
                    if in_turn:
                        await ready.join()
                    await asyncio.to_thread(_send, worker, await look_up(system, keys))
                case Failed(code, words):
                    raise _KNOWN.get(code, PreparationFailed)(words)
                case step:
                    await ready.put(step)
    except Exception as error:  # noqa: BLE001  raised where the steps are asked for
        await ready.put(error)
    else:
        await ready.put(None)


def _send(worker: Worker, message: object) -> None:
    assert worker.stdin is not None
    try:
        send(worker.stdin, message)
    except OSError:
        raise _died(worker) from None


def _receive(worker: Worker) -> Message:
    assert worker.stdout is not None
    body = receive(worker.stdout)
    if not body:
        raise _died(worker)
    return read(body)


def _died(worker: Worker) -> PreparationFailed:
    status = worker.wait()
    how = f"was killed by signal {-status} ({signal.strsignal(-status)})" if status < 0 else f"ended with exit status {status}"
    return PreparationFailed(
        f"The process that reads and translates the journals {how} before its work was done. What was written stays: start the "
        "same import again, it goes on from there."
    )
