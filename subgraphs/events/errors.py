"""Errors of the room of events, beside those of every room (`subgraphs.room.errors`).

InternalError
  └─ StoreFailed
       └─ EventsUnavailable   the event register could not answer
"""

from __future__ import annotations

from typing import ClassVar

from subgraphs.room.errors import StoreFailed


class EventsUnavailable(StoreFailed):
    """Raised when the event register could not answer; clients see an error id, the log the reason."""

    code: ClassVar[str] = "EVENTS_UNAVAILABLE"
