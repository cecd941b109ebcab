"""Until when the caller of a request waits: nothing is asked of a database for longer.

What comes in: the header of a request (`kernel.deadline`). What goes out: the seconds that are left, for whoever asks on behalf
of this request. It only ever shortens what a room allows by itself, so it need not be signed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from kernel.deadline import understood

_until: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def kept(header: bytes | None) -> Iterator[None]:
    """What is done inside is done for this request."""
    before = _until.set(understood(header))
    try:
        yield
    finally:
        _until.reset(before)


def remaining(at_most: float) -> float:
    """The seconds that are left, `at_most` where nobody said; not less than nothing."""
    until = _until.get()
    return at_most if until is None else max(0.0, min(at_most, until - asyncio.get_running_loop().time()))
