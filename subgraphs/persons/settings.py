"""Settings of the room of persons.

What comes in: the secret that seals cursors. What goes out: `RoomSettings` with this room's name, which is also the audience
of the signed context and the subgraph's name in the supergraph.
"""

from __future__ import annotations

from typing import Final

from subgraphs.room.settings import RoomSettings

NAME: Final = "persons"


def settings(cursor_secret: bytes) -> RoomSettings:
    """The room's settings; limits are changed with `dataclasses.replace`."""
    return RoomSettings(NAME, cursor_secret)
