"""The process that prepares: `python -m ingest.ahead.worker`, started by `ingest.ahead.process` and by nobody else.

In: an `Order` on standard input, then answers. Out: messages on standard output. It ends with the process that started it,
whichever way that one ends: the system closes the pipe then.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO

import msgspec

from ingest.ahead.messages import Ask, Done, Failed, Message, Read, receive, send
from ingest.errors import PreparationFailed
from ingest.preparing import Order, prepare
from kernel.errors import ClientError


def main() -> None:
    """Prepare one order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that writes; this one ends with it
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not get between the messages
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(inbox,), daemon=True).start()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)  # what is made here seldom forms cycles
    with suppress(StopIteration):  # nothing in it waits for an event loop, so it needs none and ends with its first step
        _prepare(msgspec.msgpack.decode(inbox.get(), type=Order), inbox, out).send(None)


def _listen(inbox: queue.SimpleQueue[bytes]) -> None:
    with os.fdopen(0, "rb") as pipe:
        while body := receive(pipe):
            inbox.put(body)
    os._exit(1)  # nobody is there any more who would want the rest


async def _prepare(order: Order, inbox: queue.SimpleQueue[bytes], out: BinaryIO) -> None:
    async def look_up(system: str, keys: Sequence[str]) -> Mapping[str, str]:
        send(out, Ask(system, list(keys)))
        return msgspec.msgpack.decode(inbox.get(), type=dict[str, str])

    try:
        async for step in prepare(order, look_up, lambda rows: send(out, Read(rows))):
            send(out, step)
        last: Message = Done()
    except ClientError as error:
        last = Failed(error.code, error.message)
    except Exception:  # noqa: BLE001  told to the process that waits, which raises it
        last = Failed(PreparationFailed.code, traceback.format_exc())
    send(out, last)


if __name__ == "__main__":
    main()
