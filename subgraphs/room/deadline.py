"""Until when the caller of a request waits: nothing is asked of a database for longer.

What comes in: the header `Saite-Deadline-Ms`, the milliseconds that the gateway has left. What goes out: the instant on the
running loop's clock, for whoever asks on behalf of this request. It only ever shortens what a room allows by itself, so it need
not be signed.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Final

HEADER: Final = "Saite-Deadline-Ms"
_DIGITS: Final = 9

_until: ContextVar[float | None] = ContextVar("deadline", default=None)


def set_from(header: bytes | None) -> None:
    """Note the deadline of the request that this task serves; none when there is no header, or nonsense in it."""
    said = header is not None and len(header) <= _DIGITS and header.isdigit()
    _until.set(asyncio.get_running_loop().time() + int(header) / 1000 if said and header is not None else None)


def remaining(at_most: float) -> float:
    """The seconds that are left, `at_most` where nobody said; not less than nothing."""
    until = _until.get()
    return at_most if until is None else max(0.0, min(at_most, until - asyncio.get_running_loop().time()))
