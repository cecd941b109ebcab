"""The types of the room of events. A type declares; the object behind it is the `Kept` record.

What comes in: records. What goes out: `Event`, and the `Person`, `Vehicle` and `Document` of other rooms with the events that
they are involved in; what links the two is in `subgraphs.events.involvements`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from subgraphs.events import enumerations as enums
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.clock import Clock, clock_of
from subgraphs.events.enumerations import AssertionBasis
from subgraphs.events.involvements.objects import (
    DocumentInvolvement,
    ItemInvolvement,
    PersonInvolvement,
    VehicleInvolvement,
    as_record,
)
from subgraphs.events.involvements.pages import document_involvements, person_involvements, vehicle_involvements
from subgraphs.events.loaders import Info
from subgraphs.events.model import EventRecord, PersonInvolvementRecord
from subgraphs.events.model import Submission as SubmissionRecord
from subgraphs.events.parts import Assignment, Decision, Dispatch, Place, Qualification, Registrar, Response
from subgraphs.events.registration.change import Entry
from subgraphs.events.registration.past import Past, edges_of
from subgraphs.events.store import Edge
from subgraphs.room.connection import Connection
from subgraphs.room.enumerations import Classification
from subgraphs.room.fields import Level, coded, discloses, entity, graphql_enum, shown, words
from subgraphs.room.records import Kept
from subgraphs.room.references import WORDS, Ref, foreign_id, is_record_of, is_ref_to, key_field, ref_to
from subgraphs.room.store import Change
from subgraphs.room.traceable import Traceable, changed_at_of, id_of, version_of
from subgraphs.room.values import ChangeType, Code, Node, SourceType, Span, TimeSpan, span

if TYPE_CHECKING:
    from subgraphs.events.cases.objects import Case
    from subgraphs.events.registration.history import EventChange

for _enumeration in (
    Classification,
    enums.Channel,
    enums.EventKind,
    enums.EventStatus,
    enums.ReceiptForm,
    enums.ResponseCategory,
):
    graphql_enum(_enumeration)

L0, L1, L2 = Level.L0, Level.L1, Level.L2

Parent = strawberry.Parent[Kept[EventRecord]]


def _submitter(root: strawberry.Parent[SubmissionRecord]) -> Ref | None:
    return ref_to("Person", root.submitter_id)


@strawberry.type(description=words("The submission that the event came in by.", "Iesniegums."))
class Submission:
    """A submission."""

    receipt_form: enums.ReceiptForm = shown(L1, "In which form it was received.", "Saņemšanas veids.")
    channel: enums.Channel = shown(L1, "Through which channel.", "Saņemšanas kanāls.")
    received_at: datetime = shown(L1, "When it was received.", "Saņemšanas laiks.")
    anonymous: bool = shown(L1, "Whether the submitter gave no name.", "Vai iesniegums ir anonīms.")
    submitter: Person | None = shown(L2, "The submitter, when a known person.", "Iesniedzējs.", resolver=_submitter)
    organization: str | None = shown(L2, "The submitter, when a body.", "Iesniedzējs, ja juridiska persona.")
    call_reference: str | None = shown(L1, "The reference of the call.", "Zvana numurs.")
    text: str | None = shown(L2, "What was submitted.", "Iesnieguma teksts.")


def _event_basis(root: Parent) -> AssertionBasis:
    return root.record.basis


def _response(root: Parent) -> Clock | None:
    return clock_of(root.record)


def _occurred(root: Parent) -> Span | None:
    return span(root.record.occurred_from, root.record.occurred_to)


async def _edges(root: Kept[EventRecord], info: Info, edge: str) -> tuple[Edge, ...]:
    if isinstance(root, Past):
        return edges_of(root, edge, info.context.rows)
    return await info.context.loaders.edges(edge).load(root.record.id) or ()


async def _persons(
    root: Parent,
    info: Info,
    role: Annotated[
        list[enums.PersonRole] | None, discloses("PersonInvolvement.role", "Only in these roles.", "Tikai šajās lomās.", "in")
    ] = UNSET,
) -> list[Edge]:
    edges = await _edges(root, info, "persons")
    return [edge for edge in edges if not role or as_record(edge, PersonInvolvementRecord).role in role]


async def _vehicles(root: Parent, info: Info) -> tuple[Edge, ...]:
    return await _edges(root, info, "vehicles")


async def _documents(root: Parent, info: Info) -> tuple[Edge, ...]:
    return await _edges(root, info, "documents")


async def _items(root: Parent, info: Info) -> tuple[Edge, ...]:
    return await _edges(root, info, "items")


async def _history(root: Parent, info: Info) -> tuple[Change, ...] | None:
    if isinstance(root, Past):
        return None
    return await info.context.loaders.history.load(root.record.id)


async def _cases(root: Parent, info: Info) -> tuple[Kept[CaseRecord], ...]:
    if isinstance(root, Past):  # which case it was in then, the time line of the case tells
        return ()
    return await info.context.loaders.cases.of_event.load(root.record.id) or ()


async def _case(root: Parent, info: Info) -> Kept[CaseRecord] | None:
    return next(iter(await _cases(root, info)), None)


async def _changes(root: Parent, info: Info) -> tuple[Entry, ...] | None:
    if isinstance(root, Past):  # or a question could unfold histories of histories
        return None
    return await info.context.store.entries(root.record.id, info.context.rows)


@entity(
    *WORDS["Event"],
    keys=("id", "ref"),
    rows={
        "territory": "String",
        "territoryOwner": "String",
        "registeredBy": "String",
        "zone": "String",
        "point": "Point",
        "kind": "String",
        "subkind": "String",
        "status": "String",
        "classification": "Int",
        "sealed": "Boolean",
        "caseNumbers": "[String]",
    },
)
class Event(Node, Traceable):
    """An event, at home."""

    is_type_of = is_record_of(EventRecord)

    ref: strawberry.ID = key_field(id_of)
    id: strawberry.ID = shown(L0, "The opaque id.", "Identifikators.")
    registration_number: str | None = shown(L1, "The registration number.", "Notikuma numurs.")
    registered_at: datetime = shown(L1, "When the event was registered.", "Reģistrēšanas datums un laiks.")
    registered_by: Registrar | None = shown(L1, "Who registered it.", "Kas reģistrēja.")
    submission: Submission | None = shown(L1, "The submission that it came in by.", "Iesniegums.")
    occurred: TimeSpan | None = shown(L0, "When it happened.", "Notikuma laiks.", resolver=_occurred)
    place: Place | None = shown(L0, "Where it happened.", "Notikuma vieta.")
    kind: enums.EventKind = shown(L0, "What sort of event.", "Notikuma veids.")
    subkind: Code | None = coded("event-subkind", "subkind", L0, "What sort, more closely.", "Notikuma apakšveids.")
    legal_nature: Code | None = coded("legal-nature", "legal_nature", L0, "Its legal nature.", "Juridiskais raksturs.")
    qualification: list[Qualification] | None = shown(L1, "The provisions that it falls under.", "Kvalifikācija.")
    category: enums.ResponseCategory = shown(L0, "The response category.", "Reaģēšanas kategorija.")
    status: enums.EventStatus = shown(L0, "Where it stands.", "Notikuma statuss.")
    summary: str | None = shown(L2, "What happened, in short.", "Fabula.")
    assertion_basis: AssertionBasis = shown(L1, "Fact or assessment.", "Fakts vai vērtējums.", resolver=_event_basis)
    response: Response | None = shown(L1, "The response clock.", "Reaģēšanas laika uzskaite.", resolver=_response)
    assignment: Assignment | None = shown(L1, "Who handles it.", "Izpildītājs.")
    dispatches: list[Dispatch] | None = shown(L1, "The crews that were sent.", "Norīkojumi.")
    decisions: list[Decision] | None = shown(L1, "What was decided.", "Pieņemtie lēmumi.")
    case: Annotated[Case, strawberry.lazy("subgraphs.events.cases.objects")] | None = shown(
        L1, "The case that it joined last.", "Lieta, kurai tas pievienots pēdējā.", resolver=_case
    )
    cases: list[Annotated[Case, strawberry.lazy("subgraphs.events.cases.objects")]] | None = shown(
        L1, "The cases that it is in, the last joined first.", "Lietas, kurām tas pievienots.", resolver=_cases
    )
    persons: list[PersonInvolvement] | None = shown(L1, "The persons involved.", "Iesaistītās personas.", resolver=_persons)
    vehicles: list[VehicleInvolvement] | None = shown(
        L1, "The vehicles involved.", "Iesaistītie transportlīdzekļi.", resolver=_vehicles
    )
    documents: list[DocumentInvolvement] | None = shown(
        L1, "The documents involved.", "Iesaistītie dokumenti.", resolver=_documents
    )
    items: list[ItemInvolvement] | None = shown(L1, "The items involved.", "Iesaistītā manta.", resolver=_items)
    territory_owner: Code | None = coded(
        "agency", "territory_owner", L1, "The agency whose event it is.", "Iestāde, kurai notikums piekrīt."
    )
    source: SourceType | None = shown(L1, "Where the record came from.", "Datu avots.")
    classification: Classification = shown(L1, "How far the record may be shown.", "Pieejamības līmenis.")
    retain_until: date | None = shown(L1, "Until when it is kept.", "Glabāšanas termiņš.")
    review_due_on: date | None = shown(L1, "When keeping it has to be reviewed.", "Pārskatīšanas termiņš.")
    version: int = shown(L1, "The version's number, from 1.", "Versijas numurs.", resolver=version_of)
    changed_at: datetime = shown(L1, "When this version was written.", "Kad ierakstīts.", resolver=changed_at_of)
    history: list[ChangeType] | None = shown(L1, "Every version, oldest first.", "Visas versijas.", resolver=_history)
    changes: list[Annotated[EventChange, strawberry.lazy("subgraphs.events.registration.history")]] | None = shown(
        L1, "What was done: who, when, why, before and after; oldest first.", "Izmaiņu vēsture.", resolver=_changes
    )


@entity(*WORDS["Person"])
class Person(Node):
    """A person, as this room knows one: the home says the `id` (see `subgraphs.room.references`)."""

    is_type_of = is_ref_to("Person")

    ref: strawberry.ID = key_field()
    id: strawberry.ID = foreign_id()
    involvements: Connection[PersonInvolvement] = shown(
        L1, "The person's part in events.", "Personas iesaiste notikumos.", resolver=person_involvements
    )


@entity(*WORDS["Vehicle"])
class Vehicle(Node):
    """A vehicle, as this room knows one: the home says the `id`."""

    is_type_of = is_ref_to("Vehicle")

    ref: strawberry.ID = key_field()
    id: strawberry.ID = foreign_id()
    involvements: Connection[VehicleInvolvement] = shown(
        L1, "The vehicle's part in events.", "Transportlīdzekļa iesaiste notikumos.", resolver=vehicle_involvements
    )


@entity(*WORDS["Document"])
class Document(Node):
    """A document, as this room knows one: the home says the `id`."""

    is_type_of = is_ref_to("Document")

    ref: strawberry.ID = key_field()
    id: strawberry.ID = foreign_id()
    involvements: Connection[DocumentInvolvement] = shown(
        L1, "The document's part in events.", "Dokumenta iesaiste notikumos.", resolver=document_involvements
    )
