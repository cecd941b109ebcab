"""A few cases of the invented world: what the decisions of its first communities name, and other events of the same persons.

What comes in: the store of cases, the world. What goes out: nothing; a case that is there stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Final

from authz.rows import EVERY_ROW
from kernel.ids import derived_id
from subgraphs.events.cases.model import CaseMember, CaseRecord, CaseStatus
from subgraphs.events.enumerations import EventStatus
from subgraphs.events.model import Decision, EventRecord
from subgraphs.events.seed import records as event_records
from subgraphs.room.enumerations import ProcedureKind
from subgraphs.room.world import World
from subgraphs.room.world.seeding import Soil

COMMUNITIES: Final = 4
"""How many communities have their cases sown: enough to look at, and cheap."""
_BESIDE: Final = 2


async def seed(store: Soil[CaseRecord], world: World) -> None:
    """Write the cases that the store lacks."""
    cases = records([event for number in range(min(COMMUNITIES, world.communities)) for event in event_records(world, number)])
    known = await store.by_ids([case.id for case in cases], {"Case": EVERY_ROW})
    missing = [case for case in cases if case.id not in known]
    if missing:
        await store.put_many(missing)


def records(events: Sequence[EventRecord]) -> list[CaseRecord]:
    """The cases that these events' decisions name."""
    named: dict[str, list[tuple[EventRecord, Decision]]] = {}
    for event in events:
        for decision in event.decisions:
            if decision.case_number is not None:
                named.setdefault(decision.case_number, []).append((event, decision))
    return [_case(number, decided, events) for number, decided in sorted(named.items())]


def _case(number: str, decided: Sequence[tuple[EventRecord, Decision]], events: Sequence[EventRecord]) -> CaseRecord:
    own = [event for event, _ in decided]
    begun = min(decision.decided_on for _, decision in decided)
    at, agency = datetime.combine(begun, time(12), UTC), own[0].territory_owner
    persons = {part.person_id for event in own for part in event.persons} - {None}
    beside = [
        event
        for event in events
        if event not in own and event.registered_at < at and persons & {part.person_id for part in event.persons}
    ]
    is_closed = all(event.status is EventStatus.CLOSED for event in own)
    return CaseRecord(
        id=derived_id("case", at, agency, number),
        number=number,
        procedure=ProcedureKind.CRIMINAL,
        opened_by=agency,
        agency=agency,
        opened_at=at,
        held_by=(agency,),
        status=CaseStatus.CLOSED if is_closed else CaseStatus.OPENED,
        closed_at=at if is_closed else None,
        events=tuple(
            CaseMember(event_id=event.id, agency=event.territory_owner, joined_at=at, joined_by=agency)
            for event in (*own, *beside[:_BESIDE])
        ),
        classification=max((event.classification for event in own), key=lambda each: each.level),
    )
