"""The record of a case: what stores, seeds and imports exchange.

What comes in: values already checked and in UTC. What goes out: frozen structs, compared and stored by content. A case refers
to its events; an event knows of no case, so an agency may join another agency's event without changing it.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from subgraphs.room.enumerations import Classification, Described, ProcedureKind
from subgraphs.room.records import Source


class CaseStatus(Described):
    """Where a case stands.

    Lietas statuss.
    """

    OPENED = "OPENED", "Opened.", "Uzsākta."
    TRANSFERRED = "TRANSFERRED", "Handed over to the agency that has it now.", "Nodota citai iestādei."
    CLOSED = "CLOSED", "Closed.", "Izbeigta."
    REOPENED = "REOPENED", "Opened again.", "Atjaunota."


class CaseMember(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """An event of the case: whose it was when it was joined (agency id), and when and by which agency that was done."""

    event_id: str
    agency: str
    joined_at: datetime
    joined_by: str


class CaseRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One case with its events. `id` starts with `case_`; `opened_by`, `agency` and `held_by` are ids of agencies: who opened
    it, who has it now, and all who ever had it.
    """

    id: str
    number: str
    procedure: ProcedureKind
    opened_by: str
    agency: str
    opened_at: datetime
    held_by: tuple[str, ...]
    status: CaseStatus = CaseStatus.OPENED
    subject: str | None = None
    closed_at: datetime | None = None
    events: tuple[CaseMember, ...] = ()
    classification: Classification = Classification.RESTRICTED
    sealed: bool = False
    source: Source | None = None

    @property
    def agencies(self) -> frozenset[str]:
        """Whose case it is or was, and whose events it joins: what row rules read."""
        return frozenset((*self.held_by, *(member.agency for member in self.events)))

    def has(self, event_id: str) -> bool:
        """Whether the event is in the case."""
        return any(member.event_id == event_id for member in self.events)
