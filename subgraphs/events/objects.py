"""The types of the room of events. A type declares; the object behind it is the `Kept` record, or the `Edge` of an involvement.

What comes in: records. What goes out: `Event`, the involvements, and the `Person`, `Vehicle` and `Document` of other rooms with
the events that they are involved in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import strawberry
from strawberry import UNSET, federation

from subgraphs.events import enumerations as enums
from subgraphs.events.clock import Clock, clock_of
from subgraphs.events.enumerations import AssertionBasis
from subgraphs.events.inputs import (
    DEFAULT_ORDER,
    DocumentInvolvementWhere,
    InvolvementOrder,
    PersonInvolvementWhere,
    VehicleInvolvementWhere,
)
from subgraphs.events.loaders import Loaders
from subgraphs.events.model import (
    DocumentInvolvementRecord,
    EventRecord,
    ItemInvolvementRecord,
    PersonInvolvementRecord,
    VehicleInvolvementRecord,
)
from subgraphs.events.model import Submission as SubmissionRecord
from subgraphs.events.parts import Assignment, Decision, Dispatch, Place, Qualification, Registrar, Response
from subgraphs.events.registration.change import Entry
from subgraphs.events.registration.past import Past, edges_of
from subgraphs.events.store import Edge, EventStore
from subgraphs.room.call import Call
from subgraphs.room.connection import Connection, Listed
from subgraphs.room.enumerations import Classification, EntityKind
from subgraphs.room.fields import (
    Level,
    coded,
    discloses,
    entity,
    graphql_enum,
    open_argument,
    plain,
    row_attributes,
    shown,
    words,
)
from subgraphs.room.narrowing import listing_of, order_of, where_of
from subgraphs.room.paging_arguments import After, Before, First, Last, Paging
from subgraphs.room.records import Kept, Slice
from subgraphs.room.references import WORDS, Ref, foreign_id, is_record_of, is_ref_to, key_field, ref_to
from subgraphs.room.store import Change
from subgraphs.room.traceable import Traceable, changed_at_of, id_of, version_of
from subgraphs.room.values import Amount, ChangeType, Code, Money, Node, SourceType, Span, TimeSpan, span
from subgraphs.room.where import Where

if TYPE_CHECKING:
    from subgraphs.events.registration.history import EventChange

for _enumeration in (
    AssertionBasis,
    Classification,
    enums.Channel,
    enums.DataSubjectCategory,
    enums.DocumentRole,
    enums.EventKind,
    enums.EventStatus,
    enums.ItemKind,
    enums.ItemRole,
    enums.PersonRole,
    enums.ReceiptForm,
    enums.ResponseCategory,
    enums.Sex,
    enums.VehicleRole,
):
    graphql_enum(_enumeration)

L0, L1, L2, L3, L4 = Level.L0, Level.L1, Level.L2, Level.L3, Level.L4
R = TypeVar("R")

Info = strawberry.Info[Call[EventStore, Loaders], None]
Parent = strawberry.Parent[Kept[EventRecord]]
ParentEdge = strawberry.Parent[Edge]
ParentRef = strawberry.Parent[Ref]


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


@strawberry.interface(description=words("A part that somebody or something has in an event.", "Iesaiste notikumā."))
class Involvement:
    """What all involvements have."""

    id: strawberry.ID = plain("The opaque id.", "Identifikators.")
    event: Event = plain("The event.", "Notikums.")
    assertion_basis: AssertionBasis = plain("Fact or assessment.", "Fakts vai vērtējums.")
    source: SourceType | None = plain("Where the assertion came from.", "Datu avots.")


def is_edge_of(record_type: type) -> object:
    """The `is_type_of` of an involvement type."""
    return lambda obj, _info: isinstance(obj, Edge) and type(obj.record) is record_type


async def _edge_event(root: ParentEdge, info: Info) -> Kept[EventRecord] | None:
    return await info.context.loaders.by_id.load(root.event_id)


def _basis(root: ParentEdge) -> AssertionBasis:
    return root.record.basis


def _person_of(root: ParentEdge) -> Ref | None:
    return ref_to("Person", _as(root, PersonInvolvementRecord).person_id)


def _category(root: ParentEdge) -> enums.DataSubjectCategory:
    return _as(root, PersonInvolvementRecord).category


def _observed_sex(root: ParentEdge) -> enums.Sex:
    return _as(root, PersonInvolvementRecord).sex


def _observed_age(root: ParentEdge) -> int | None:
    return _as(root, PersonInvolvementRecord).age


def _detained(root: ParentEdge) -> Span | None:
    record = _as(root, PersonInvolvementRecord)
    return span(record.detained_from, record.detained_to)


async def _in_vehicle(root: ParentEdge, info: Info) -> Edge | None:
    wanted = _as(root, PersonInvolvementRecord).vehicle_involvement_id
    if wanted is None:
        return None
    vehicles = await info.context.loaders.edges("vehicles").load(root.event_id) or ()
    return next((edge for edge in vehicles if edge.record.id == wanted), None)


def _vehicle_of(root: ParentEdge) -> Ref | None:
    return ref_to("Vehicle", _as(root, VehicleInvolvementRecord).vehicle_id)


def _document_of(root: ParentEdge) -> Ref | None:
    return ref_to("Document", _as(root, DocumentInvolvementRecord).document_id)


def _value(root: ParentEdge) -> Amount | None:
    amount = _as(root, ItemInvolvementRecord).value_eur
    return None if amount is None else Amount(amount, "EUR")


def _as(edge: Edge, record_type: type[R]) -> R:
    assert isinstance(edge.record, record_type), "the store gives each edge its own kind of involvement"
    return edge.record


@federation.type(
    description=words("A person's part in an event.", "Personas iesaiste notikumā."),
    directives=row_attributes(role="String", dataSubjectCategory="String"),
)
class PersonInvolvement(Involvement):
    """An edge between an event and a person."""

    is_type_of = is_edge_of(PersonInvolvementRecord)

    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.")
    event: Event = shown(L1, "The event.", "Notikums.", resolver=_edge_event)
    person: Person | None = shown(L2, "The person; null when not known.", "Persona.", resolver=_person_of)
    role: enums.PersonRole = shown(L1, "In which role.", "Loma.")
    data_subject_category: enums.DataSubjectCategory = shown(
        L1, "The category of data subject (Directive (EU) 2016/680, Art. 6).", "Datu subjekta kategorija.", resolver=_category
    )
    sequence: int = shown(L1, "The number of the person within the event.", "Kārtas numurs notikumā.")
    observed_age: int | None = shown(
        L1, "The age as observed or stated.", "Novērotais vai norādītais vecums.", resolver=_observed_age
    )
    observed_sex: enums.Sex = shown(
        L1, "The sex as observed or stated.", "Novērotais vai norādītais dzimums.", resolver=_observed_sex
    )
    injury: Code | None = coded("injury", "injury", L3, "Injury.", "Miesas bojājumi.")
    state: Code | None = coded("person-state", "state", L3, "State, e.g. intoxicated.", "Stāvoklis, piemēram, reibumā.")
    statement_given: bool | None = shown(L2, "Whether the person gave a statement.", "Vai sniegta liecība.")
    detained: TimeSpan | None = shown(L4, "When the person was detained.", "Aizturēšanas laiks.", resolver=_detained)
    relation_to_victim: Code | None = coded(
        "relation-to-victim", "relation_to_victim", L3, "Relation to the victim.", "Saistība ar cietušo."
    )
    vehicle: VehicleInvolvement | None = shown(
        L1, "The vehicle that the person drove or was in.", "Transportlīdzeklis, kurā persona atradās.", resolver=_in_vehicle
    )
    assertion_basis: AssertionBasis = shown(L1, "Fact or assessment.", "Fakts vai vērtējums.", resolver=_basis)
    source: SourceType | None = shown(L1, "Where the assertion came from.", "Datu avots.")
    valid_from: datetime | None = shown(L1, "Since when the role holds.", "Loma spēkā no.")
    valid_to: datetime | None = shown(L1, "Until when the role held.", "Loma spēkā līdz.")


@strawberry.type(description=words("A vehicle's part in an event.", "Transportlīdzekļa iesaiste notikumā."))
class VehicleInvolvement(Involvement):
    """An edge between an event and a vehicle."""

    is_type_of = is_edge_of(VehicleInvolvementRecord)

    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.")
    event: Event = shown(L1, "The event.", "Notikums.", resolver=_edge_event)
    vehicle: Vehicle | None = shown(L1, "The vehicle; null when not known.", "Transportlīdzeklis.", resolver=_vehicle_of)
    role: enums.VehicleRole = shown(L1, "In which role.", "Loma.")
    observed_plate: str | None = shown(L1, "The plate as seen.", "Novērotais numurs.")
    description: str | None = shown(L1, "What the vehicle was seen to be.", "Apraksts.")
    damage: str | None = shown(L1, "Damage.", "Bojājumi.")
    assertion_basis: AssertionBasis = shown(L1, "Fact or assessment.", "Fakts vai vērtējums.", resolver=_basis)
    source: SourceType | None = shown(L1, "Where the assertion came from.", "Datu avots.")


@strawberry.type(description=words("A document's part in an event.", "Dokumenta iesaiste notikumā."))
class DocumentInvolvement(Involvement):
    """An edge between an event and a document."""

    is_type_of = is_edge_of(DocumentInvolvementRecord)

    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.")
    event: Event = shown(L1, "The event.", "Notikums.", resolver=_edge_event)
    document: Document | None = shown(L2, "The document; null when not known.", "Dokuments.", resolver=_document_of)
    role: enums.DocumentRole = shown(L1, "In which role.", "Loma.")
    observed_number: str | None = shown(L2, "The number as seen.", "Novērotais numurs.")
    assertion_basis: AssertionBasis = shown(L1, "Fact or assessment.", "Fakts vai vērtējums.", resolver=_basis)
    source: SourceType | None = shown(L1, "Where the assertion came from.", "Datu avots.")


@strawberry.type(description=words("An item's part in an event.", "Mantas iesaiste notikumā."))
class ItemInvolvement(Involvement):
    """An edge between an event and an item; the item is described here and nowhere else."""

    is_type_of = is_edge_of(ItemInvolvementRecord)

    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.")
    event: Event = shown(L1, "The event.", "Notikums.", resolver=_edge_event)
    kind: enums.ItemKind = shown(L1, "What sort of item.", "Mantas veids.")
    role: enums.ItemRole = shown(L1, "In which role.", "Loma.")
    description: str | None = shown(L1, "Description.", "Apraksts.")
    serial_number: str | None = shown(L1, "Serial number.", "Sērijas numurs.")
    quantity: int = shown(L1, "How many.", "Daudzums.")
    value: Money | None = shown(L1, "What it is worth.", "Vērtība.", resolver=_value)
    assertion_basis: AssertionBasis = shown(L1, "Fact or assessment.", "Fakts vai vērtējums.", resolver=_basis)
    source: SourceType | None = shown(L1, "Where the assertion came from.", "Datu avots.")


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
    return [edge for edge in edges if not role or _as(edge, PersonInvolvementRecord).role in role]


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
    id: strawberry.ID = shown(L0, "The opaque id.", "Identifikators.", resolver=id_of)
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


OrderArgument = Annotated[list[InvolvementOrder] | None, open_argument("In which order.", "Kādā secībā.")]


async def _page(
    call: Call[EventStore, Loaders],
    root: Ref,
    kind: EntityKind,
    where: Where,
    order_by: Sequence[InvolvementOrder] | None,
    paging: Paging,
) -> Listed:
    order = order_of(order_by, DEFAULT_ORDER)
    listing, scope = listing_of(call, f"{root.type_name}.involvements", where, order, **paging)
    page = await call.loaders.pages(kind, listing).load(root.ref)

    async def count() -> int:
        return await call.loaders.counts(kind, where).load(root.ref) or 0

    return Listed(page or Slice((), has_previous=False, has_next=False), count, call, scope)


async def _person_involvements(
    root: ParentRef,
    info: Info,
    where: Annotated[PersonInvolvementWhere | None, open_argument("Which involvements.", "Kuras iesaistes.")] = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    paging = Paging(first=first, after=after, last=last, before=before)
    return await _page(info.context, root, EntityKind.PERSON, where_of(where), order_by, paging)


async def _vehicle_involvements(
    root: ParentRef,
    info: Info,
    where: Annotated[VehicleInvolvementWhere | None, open_argument("Which involvements.", "Kuras iesaistes.")] = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    paging = Paging(first=first, after=after, last=last, before=before)
    return await _page(info.context, root, EntityKind.VEHICLE, where_of(where), order_by, paging)


async def _document_involvements(
    root: ParentRef,
    info: Info,
    where: Annotated[DocumentInvolvementWhere | None, open_argument("Which involvements.", "Kuras iesaistes.")] = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    paging = Paging(first=first, after=after, last=last, before=before)
    return await _page(info.context, root, EntityKind.DOCUMENT, where_of(where), order_by, paging)


@entity(*WORDS["Person"])
class Person(Node):
    """A person, as this room knows one: the home says the `id` (see `subgraphs.room.references`)."""

    is_type_of = is_ref_to("Person")

    ref: strawberry.ID = key_field()
    id: strawberry.ID = foreign_id()
    involvements: Connection[PersonInvolvement] = shown(
        L1, "The person's part in events.", "Personas iesaiste notikumos.", resolver=_person_involvements
    )


@entity(*WORDS["Vehicle"])
class Vehicle(Node):
    """A vehicle, as this room knows one: the home says the `id`."""

    is_type_of = is_ref_to("Vehicle")

    ref: strawberry.ID = key_field()
    id: strawberry.ID = foreign_id()
    involvements: Connection[VehicleInvolvement] = shown(
        L1, "The vehicle's part in events.", "Transportlīdzekļa iesaiste notikumos.", resolver=_vehicle_involvements
    )


@entity(*WORDS["Document"])
class Document(Node):
    """A document, as this room knows one: the home says the `id`."""

    is_type_of = is_ref_to("Document")

    ref: strawberry.ID = key_field()
    id: strawberry.ID = foreign_id()
    involvements: Connection[DocumentInvolvement] = shown(
        L1, "The document's part in events.", "Dokumenta iesaiste notikumos.", resolver=_document_involvements
    )
