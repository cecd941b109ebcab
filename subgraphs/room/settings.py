"""What may be set for a room.

What comes in: the room's name and the secret that seals its cursors. What goes out: `RoomSettings`.
"""

from __future__ import annotations

from dataclasses import dataclass

from authz.aggregates import CountLedger
from authz.values import MaskKeys
from search.index import SearchIndex


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """`cursor_secret` has 32 bytes and is the same in every process of the room; `mask_keys` are the same in every room, and
    without them no value is shown as a hash. `counts` remembers what was counted, over all processes of the room; without it
    each process remembers for itself. `search` is the index over all registers; without it nothing is
    searched. Sizes are in bytes and entries.
    """

    name: str
    cursor_secret: bytes
    max_body_bytes: int = 4 * 1024 * 1024
    cached_operations: int = 1024
    mask_keys: MaskKeys | None = None
    counts: CountLedger | None = None
    search: SearchIndex | None = None
