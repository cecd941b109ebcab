"""Errors of the room of persons, beside those of every room (`subgraphs.room.errors`).

InternalError
  └─ StoreFailed
       └─ PersonsUnavailable   the register of natural persons could not answer
"""

from __future__ import annotations

from typing import ClassVar

from subgraphs.room.errors import StoreFailed


class PersonsUnavailable(StoreFailed):
    """Raised when the register of natural persons could not answer; clients see an error id, the log the reason."""

    code: ClassVar[str] = "PERSONS_UNAVAILABLE"
