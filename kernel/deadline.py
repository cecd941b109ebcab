"""How long the caller of a request waits, told along with it: the header `Saite-Deadline-Ms`.

What comes in: an instant of the running loop's clock (`loop.time()`), in seconds. What goes out: the whole milliseconds
that are left, as the header says them; and back. A span, not a time of day: the two machines' clocks need not agree.
"""

from __future__ import annotations

import asyncio
from typing import Final

HEADER: Final = "Saite-Deadline-Ms"
_DIGITS: Final = 9


def told(deadline: float) -> str:
    """The header's value at this moment."""
    return str(max(0, int((deadline - asyncio.get_running_loop().time()) * 1000)))


def understood(header: bytes | None) -> float | None:
    """The instant on this loop's clock that a header's value means; None without one, or for nonsense."""
    if header is None or len(header) > _DIGITS or not header.isdigit():
        return None
    return asyncio.get_running_loop().time() + int(header) / 1000
