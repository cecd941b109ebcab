"""The response clock of one event, computed whenever it is asked for: what is due when, and whether it was in time.

What comes in: an event and the rule tables. What goes out: a `Clock`. The algorithm (`domain.md` §7.8):

    the clock's category = the one at the first dispatch, before that the event's own
    due  = received + minutes(category, area of the place), by the table in force when it was received
           (a due time that the source registered stands as it is)
    late = arrived after due; a moment that equals due is in time
    running: nobody arrived, the event is not excluded (resolved by telephone) and not ended
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from subgraphs.events.clock.rules import RuleTable, area_of, rules, table_at
from subgraphs.events.enumerations import EventStatus, ResponseCategory
from subgraphs.events.model import EventRecord

ENDED: Final = frozenset((EventStatus.CLOSED, EventStatus.UNFOUNDED, EventStatus.ANNULLED))
"""Statuses in which nobody is waited for any more."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock as the graph shows it. `running_due` is the due time while the clock runs, and None when it does not."""

    received_at: datetime
    dispatched_at: datetime | None
    arrived_at: datetime | None
    category: ResponseCategory
    due_at: datetime | None
    running_due: datetime | None
    excluded: str | None

    @property
    def minutes_to_arrival(self) -> int | None:
        """Minutes from receipt to arrival, begun ones counted."""
        if self.arrived_at is None:
            return None
        return math.ceil((self.arrived_at - self.received_at) / timedelta(minutes=1))

    @property
    def on_time(self) -> bool | None:
        """Whether the arrival was in time; None before it, without a due time, or when the event is excluded."""
        if self.arrived_at is None or self.due_at is None or self.excluded is not None:
            return None
        return self.arrived_at <= self.due_at

    def is_breached(self, now: datetime) -> bool:
        """Whether somebody is still waited for, and the time is over."""
        return self.running_due is not None and self.running_due < now


def category_of(event: EventRecord) -> ResponseCategory:
    """The category that the clock runs by: a change after the first dispatch does not move it."""
    first = event.response.category if event.response is not None else None
    return event.category if first is None else first


def due_at(event: EventRecord, tables: Sequence[RuleTable]) -> datetime | None:
    """When the arrival is due; None without a receipt, a category with a time, or a known area."""
    response = event.response
    if response is None or response.due_at is not None:
        return None if response is None else response.due_at
    area = area_of(event.place.atvk) if event.place is not None else None
    table = table_at(tables, response.received_at)
    minutes = table.minutes_of(category_of(event), area) if table is not None and area is not None else None
    return None if minutes is None else response.received_at + timedelta(minutes=minutes)


def running_due(event: EventRecord, tables: Sequence[RuleTable]) -> datetime | None:
    """The due time of a clock that still runs."""
    response = event.response
    if response is None or response.arrived_at is not None or response.excluded is not None or event.status in ENDED:
        return None
    return due_at(event, tables)


def clock_of(event: EventRecord, tables: Sequence[RuleTable] | None = None) -> Clock | None:
    """The event's clock by these tables, or by those that ship; None when nothing was received in an operative unit."""
    response = event.response
    if response is None:
        return None
    by = rules() if tables is None else tables
    return Clock(
        response.received_at,
        response.dispatched_at,
        response.arrived_at,
        category_of(event),
        due_at(event, by),
        running_due(event, by),
        response.excluded,
    )
