"""Errors of the room of vehicles, beside those of every room (`subgraphs.room.errors`).

InternalError
  └─ StoreFailed
       └─ VehiclesUnavailable   the register of vehicles could not answer
"""

from __future__ import annotations

from typing import ClassVar

from subgraphs.room.errors import StoreFailed


class VehiclesUnavailable(StoreFailed):
    """Raised when the register of vehicles could not answer; clients see an error id, the log the reason."""

    code: ClassVar[str] = "VEHICLES_UNAVAILABLE"
