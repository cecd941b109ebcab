"""What the event register's store promises of cases.

What comes in: ids, listings and the caller's row rules; for changes, what was asked and the step. What goes out: what the row
rules show: an event that they hide is in no list, in no count and in no entry of a time line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kernel.paging import Page
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.model import EventRecord
from subgraphs.events.registration.change import Asked, Done, Target
from subgraphs.room.records import Kept, Slice
from subgraphs.room.store import RecordStore
from subgraphs.room.where import Listing, Rows, Where

CaseBeginning = Callable[[str], CaseRecord]
"""From the number to the new case."""

CaseStep = Callable[[CaseRecord, EventRecord | None], CaseRecord]
"""From the case as it stands, and the event that is joined or taken out, to the case as it shall be. Raises Refused."""

DecisionStep = Callable[[EventRecord, CaseRecord], EventRecord]
"""From the event and the case that the decision names to the event with the decision. Raises Refused."""


@dataclass(frozen=True, slots=True)
class CaseTarget:
    """The case that is changed, the version that this was decided on, and the row rules that the caller sees by.

    `event_id` is the event that is joined or taken out.
    """

    case_id: str
    expected_version: int
    rows: Rows
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class CaseDone:
    """The case and the version that the change made, or that was there when it changed nothing."""

    case_id: str
    version: int


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a case's time line: a change of the case (`case_version`) or of one of its events (`event_version`).

    `event_id` is the event that changed, was joined or was taken out. An import has no operation and nobody who did it.
    """

    at: datetime
    event_id: str | None
    case_version: int | None
    event_version: int | None
    fields: tuple[str, ...]
    operation: str | None
    agency: str | None
    official: str | None
    purpose: str | None
    case_reference: str | None
    reason: str | None


class CaseStore(RecordStore[CaseRecord], Protocol):
    """Reading cases."""

    async def by_numbers(self, numbers: Sequence[str], rows: Rows) -> dict[str, Kept[CaseRecord]]:
        """The visible cases with these numbers, by the number's normal form; the one opened last, where agencies share one."""
        ...

    async def of_events(self, event_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Kept[CaseRecord], ...]]:
        """The visible cases that each event is in, the one that it was joined to last first."""
        ...

    async def events(self, case_ids: Sequence[str], listing: Listing) -> dict[str, Slice[Kept[EventRecord]]]:
        """For each case: one page of its visible events. One statement for all of them."""
        ...

    async def count_events(self, case_ids: Sequence[str], where: Where, rows: Rows) -> dict[str, int]:
        """For each case: how many of its visible events match."""
        ...

    async def timeline(self, case_id: str, page: Page, rows: Rows) -> Slice[TimelineEntry]:
        """One page of a visible case's time line, oldest first."""
        ...

    async def count_timeline(self, case_id: str, rows: Rows) -> int:
        """How many entries the time line of a visible case has."""
        ...


class CaseChanges(Protocol):
    """Changing cases, in one transaction each: all of it is written, or nothing. A key that was used for the same request gives
    what it gave then, and writes nothing.
    """

    @property
    def cases(self) -> CaseStore:
        """The cases."""
        ...

    async def open_case(self, asked: Asked, begin: CaseBeginning) -> CaseDone:
        """Write a new case with the next number of the actor's agency and year. Raises Refused."""
        ...

    async def change_case(self, asked: Asked, target: CaseTarget, step: CaseStep) -> CaseDone:
        """Take the step from the visible case of the actor's own agency to its next version. Raises Refused."""
        ...

    async def decide_in_case(self, asked: Asked, target: Target, case_id: str, step: DecisionStep) -> Done:
        """Take the step from the visible event of the actor's own agency; when it is not in the visible case yet, join it,
        which the case's agency alone may do. Raises Refused.
        """
        ...
