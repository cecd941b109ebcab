"""A change as the store is asked to make it, and what came of it.

What comes in: who asks for what, and the step from one record to the next. What goes out: `Done`; raises Refused, and then
nothing was written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from subgraphs.events.model import EventRecord
from subgraphs.room.asked import Actor, Asked
from subgraphs.room.records import Kept
from subgraphs.room.where import Rows

__all__ = ["Actor", "Asked", "Beginning", "Done", "Entry", "RegistrationStore", "Step", "Target"]

Beginning = Callable[[str], EventRecord]
"""From the registration number to the new event."""

Step = Callable[[EventRecord], EventRecord]
"""From the event as it stands to the event as it shall be. Raises Refused. May be taken again: it has no other effect."""


@dataclass(frozen=True, slots=True)
class Target:
    """The event that is changed, the version that the change was decided on, and the row rules that the caller sees by."""

    event_id: str
    expected_version: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class Done:
    """The event and the version that the change made, or that was there when it changed nothing."""

    event_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an event's history: what was done by whom, with the event before and after."""

    version: int
    at: datetime
    fields: tuple[str, ...]
    operation: str | None
    agency: str | None
    official: str | None
    purpose: str | None
    case_reference: str | None
    reason: str | None
    before: Kept[EventRecord] | None
    after: Kept[EventRecord]


class RegistrationStore(Protocol):
    """What registration asks of the event register's store, in one transaction each: all of it is written, or nothing."""

    async def register(self, asked: Asked, begin: Beginning) -> Done:
        """Write a new event with the next registration number of the actor's agency and year. Raises Refused."""
        ...

    async def change(self, asked: Asked, target: Target, step: Step) -> Done:
        """Take the step from the visible event of the actor's own agency to its next version. Raises Refused.

        Both: a key that was used for the same request gives what it gave then, and writes nothing.
        """
        ...

    async def entries(self, event_id: str, rows: Rows) -> tuple[Entry, ...]:
        """The history of a visible event, oldest first; nothing for one that is not."""
        ...
