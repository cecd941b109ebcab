"""The steps from one version of a case to the next: pure, one function per mutation.

What comes in: the case as it stands, the event where one is joined or taken out, the moment, who acts. What goes out: the case
as it shall be. Raises Refused when the status or what is in the case forbids it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from subgraphs.events.cases.model import CaseMember, CaseRecord, CaseStatus
from subgraphs.events.cases.transitions import CaseAction, next_status, possible
from subgraphs.events.model import EventRecord
from subgraphs.events.registration.refusal import Refused, problem
from subgraphs.room.enumerations import Classification, ProcedureKind

MAX_EVENTS: Final = 500
"""How many events a case may have: its time line is merged from the changes of all of them."""


def moved(case: CaseRecord, action: CaseAction) -> CaseStatus:
    """The status that the action leads to. Raises Refused with what is possible instead."""
    status = next_status(action, case.status)
    if status is None:
        can = possible(case.status)
        raise Refused(problem("caseId", "WRONG_CASE_STATUS", possible=can, action=action.value, status=case.status.value))
    return status


def opened(
    case_id: str,
    number: str,
    procedure: ProcedureKind,
    subject: str | None,
    classification: Classification,
    agency: str,
    at: datetime,
) -> CaseRecord:
    """The new case."""
    return CaseRecord(
        id=case_id,
        number=number,
        procedure=procedure,
        opened_by=agency,
        agency=agency,
        opened_at=at,
        held_by=(agency,),
        subject=subject,
        classification=classification,
    )


def joined(case: CaseRecord, event: EventRecord, agency: str, at: datetime, action: CaseAction = CaseAction.ADD) -> CaseRecord:
    """The case with one more event."""
    status = moved(case, action)
    if case.has(event.id):
        raise Refused(problem("eventId", "EVENT_IN_CASE"))
    if len(case.events) >= MAX_EVENTS:
        raise Refused(problem("caseId", "CASE_FULL", most=MAX_EVENTS))
    member = CaseMember(event_id=event.id, agency=event.territory_owner, joined_at=at, joined_by=agency)
    return replace(case, status=status, events=(*case.events, member))


def taken_out(case: CaseRecord, event: EventRecord) -> CaseRecord:
    """The case without the event, which its earlier versions keep."""
    status = moved(case, CaseAction.REMOVE)
    if not case.has(event.id):
        raise Refused(problem("eventId", "EVENT_NOT_IN_CASE"))
    return replace(case, status=status, events=tuple(member for member in case.events if member.event_id != event.id))


def transferred(case: CaseRecord, agency: str) -> CaseRecord:
    """The case in the hands of another agency; whoever had it before still sees it."""
    status = moved(case, CaseAction.TRANSFER)
    if agency == case.agency:
        raise Refused(problem("agency", "SAME_AGENCY"))
    return replace(case, status=status, agency=agency, held_by=tuple(sorted({*case.held_by, agency})))


def closed(case: CaseRecord, at: datetime) -> CaseRecord:
    """The case at its end."""
    return replace(case, status=moved(case, CaseAction.CLOSE), closed_at=at)


def reopened(case: CaseRecord) -> CaseRecord:
    """The case that is worked on again."""
    return replace(case, status=moved(case, CaseAction.REOPEN), closed_at=None)
