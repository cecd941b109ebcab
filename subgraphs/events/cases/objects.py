"""Cases as the graph shows them: the case, its events, the decisions in it, and its time line.

What comes in: `Kept` records of cases and `TimelineEntry`s. What goes out: `Case`, `CaseDecision`, `CaseEntry`. Events are
whole events: rights, masks and row rules of `Event` hold for them here as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from authz.aggregates import Suppressed
from subgraphs.events.cases.model import CaseRecord, CaseStatus
from subgraphs.events.cases.store import TimelineEntry
from subgraphs.events.inputs import DEFAULT_ORDER, EventOrder, EventWhere
from subgraphs.events.loaders import Info
from subgraphs.events.model import Decision as DecisionRecord
from subgraphs.events.model import EventRecord
from subgraphs.events.objects import Event
from subgraphs.events.parts import Decision
from subgraphs.room.connection import Connection, Listed
from subgraphs.room.enumerations import Classification, ProcedureKind
from subgraphs.room.fields import Level, coded, entity, graphql_enum, open_argument, plain, shown, words
from subgraphs.room.narrowing import EVERYTHING, listing_of, order_of, where_of
from subgraphs.room.paging_arguments import After, Before, First, Last
from subgraphs.room.records import Kept, Slice
from subgraphs.room.references import is_record_of
from subgraphs.room.traceable import changed_at_of, id_of, version_of
from subgraphs.room.values import Code, Node, SourceType

graphql_enum(CaseStatus)
graphql_enum(Classification)
graphql_enum(ProcedureKind)

L1, L2 = Level.L1, Level.L2

Parent = strawberry.Parent[Kept[CaseRecord]]
ParentEntry = strawberry.Parent[TimelineEntry]

WORDS = (
    "A case: criminal or administrative proceedings, or others, that join events and decisions over agencies.",
    "Lieta: kriminālprocess, administratīvā pārkāpuma process vai cits, kas apvieno vairāku iestāžu notikumus un lēmumus.",
)


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands behind `CaseDecision`."""

    event: Kept[EventRecord]
    decision: DecisionRecord


@strawberry.type(description=words("A decision on an event of a case that names the case.", "Lietā pieņemts lēmums."))
class CaseDecision:
    """Event and decision."""

    event: Event = shown(L1, "The event.", "Notikums.")
    decision: Decision = shown(L1, "The decision.", "Lēmums.")


async def _event_of(root: ParentEntry, info: Info) -> Kept[EventRecord] | None:
    return None if root.event_id is None else await info.context.loaders.by_id.load(root.event_id)


@strawberry.type(description=words("One line of a case's time line.", "Ieraksts lietas gaitā."))
class CaseEntry:
    """Who did what, when and why, to the case or to one of its events."""

    at: datetime = plain("When it was done.", "Kad veikts.")
    case_version: int | None = plain("The version of the case that it made; null: it changed an event.", "Lietas versija.")
    event_version: int | None = plain("The version of the event that it made; null: it changed the case.", "Notikuma versija.")
    fields: list[str] = plain("The parts that it changed; empty for the first.", "Mainītās daļas.")
    event: Event | None = shown(
        L1,
        "The event that changed, joined the case or was taken out; null for the case alone.",
        "Notikums.",
        resolver=_event_of,
    )
    operation: str | None = shown(L1, "What was done (the mutation); null for an import.", "Veiktā darbība.")
    agency: Code | None = coded("agency", "agency", L1, "Whose official did it.", "Iestāde.")
    official: str | None = shown(L2, "Who did it.", "Amatpersona.")
    purpose: str | None = shown(L1, "The purpose that was stated.", "Norādītais mērķis.")
    case_reference: str | None = shown(L1, "The case that was stated.", "Norādītā lieta.")
    reason: str | None = shown(L2, "Why it was done.", "Pamatojums.")


async def _events(
    root: Parent,
    info: Info,
    where: Annotated[EventWhere | None, open_argument("Which events.", "Kuri notikumi.")] = UNSET,
    order_by: Annotated[list[EventOrder] | None, open_argument("In which order.", "Kādā secībā.")] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    call, case_id = info.context, root.record.id
    asked, order = where_of(where), order_of(order_by, DEFAULT_ORDER)
    listing, scope = listing_of(call, f"case/{case_id}", asked, order, first=first, after=after, last=last, before=before)
    page = await call.loaders.cases.events(listing).load(case_id)

    async def count() -> int:
        whole(info)
        return await call.loaders.cases.counts(asked).load(case_id) or 0

    return Listed(page or Slice((), has_previous=False, has_next=False), count, call, scope)


async def _timeline(
    root: Parent, info: Info, first: First = UNSET, after: After = UNSET, last: Last = UNSET, before: Before = UNSET
) -> Listed:
    call, case_id = info.context, root.record.id
    listing, scope = listing_of(call, f"timeline/{case_id}", EVERYTHING, (), first=first, after=after, last=last, before=before)

    async def count() -> int:
        whole(info)
        return await call.store.cases.count_timeline(case_id, call.rows)

    return Listed(await call.store.cases.timeline(case_id, listing.page, call.rows), count, call, scope)


async def _decisions(root: Parent, info: Info) -> list[Decided]:
    number = root.record.number
    found = await info.context.loaders.by_id.load_many([member.event_id for member in root.record.events])
    return [
        Decided(event, decision)
        for event in found
        if event is not None
        for decision in event.record.decisions
        if decision.case_number == number
    ]


def whole(info: Info) -> None:
    """Raises Suppressed under a contract whose counts must not be subtracted from each other: no ledger holds those of cases
    against the others.
    """
    if info.context.mask.aggregates.forbid_overlap:
        raise Suppressed("Counts of cases are kept back under your contract: they could be subtracted from each other.")


@entity(
    *WORDS,
    keys=("id",),
    rows={
        "procedure": "String",
        "status": "String",
        "agency": "String",
        "openedBy": "String",
        "agencies": "[String]",
        "classification": "Int",
        "sealed": "Boolean",
    },
)
class Case(Node):
    """A case. Its history is the time line: a list of bare versions would tell of events that are hidden."""

    is_type_of = is_record_of(CaseRecord)

    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.", resolver=id_of)
    number: str = shown(L1, "The number.", "Lietas numurs.")
    procedure: ProcedureKind = shown(L1, "The procedure.", "Procesa veids.")
    status: CaseStatus = shown(L1, "Where it stands.", "Lietas statuss.")
    subject: str | None = shown(L2, "What it is about, in short.", "Lietas būtība.")
    agency: Code | None = coded("agency", "agency", L1, "The agency that has it now.", "Iestāde, kuras lietvedībā tā ir.")
    opened_by: Code | None = coded("agency", "opened_by", L1, "The agency that opened it.", "Iestāde, kas to uzsāka.")
    opened_at: datetime = shown(L1, "When it was opened.", "Uzsākšanas laiks.")
    closed_at: datetime | None = shown(L1, "When it was closed; null while it is open.", "Izbeigšanas laiks.")
    events: Connection[Event] = shown(L1, "The events in it.", "Lietas notikumi.", resolver=_events)
    decisions: list[CaseDecision] | None = shown(
        L1, "The decisions on its events that name it.", "Lietā pieņemtie lēmumi.", resolver=_decisions
    )
    timeline: Connection[CaseEntry] = shown(
        L1,
        "Who did what, when and why, to the case and to its events, across transfers; oldest first.",
        "Lietas gaita: kas, kad, ko un kāpēc darījis ar lietu un tās notikumiem.",
        resolver=_timeline,
    )
    source: SourceType | None = shown(L1, "Where the record came from.", "Datu avots.")
    classification: Classification = shown(L1, "How far the record may be shown.", "Pieejamības līmenis.")
    version: int = shown(L1, "The version's number, from 1.", "Versijas numurs.", resolver=version_of)
    changed_at: datetime = shown(L1, "When this version was written.", "Kad ierakstīts.", resolver=changed_at_of)
