"""Involvements as the graph shows them: edges between an event and a person, vehicle, document or item, with data of their own.

What comes in: `Edge`s of the store. What goes out: the interface `Involvement` and its four types.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import strawberry
from strawberry import federation

from subgraphs.events import enumerations as enums
from subgraphs.events.enumerations import AssertionBasis
from subgraphs.events.loaders import Info
from subgraphs.events.model import (
    DocumentInvolvementRecord,
    EventRecord,
    ItemInvolvementRecord,
    PersonInvolvementRecord,
    VehicleInvolvementRecord,
)
from subgraphs.events.store import Edge
from subgraphs.room.fields import Level, coded, graphql_enum, plain, row_attributes, shown, words
from subgraphs.room.records import Kept
from subgraphs.room.references import Ref, ref_to
from subgraphs.room.values import Amount, Code, Money, SourceType, Span, TimeSpan, span

for _enumeration in (
    AssertionBasis,
    enums.DataSubjectCategory,
    enums.DocumentRole,
    enums.ItemKind,
    enums.ItemRole,
    enums.PersonRole,
    enums.Sex,
    enums.VehicleRole,
):
    graphql_enum(_enumeration)

L1, L2, L3, L4 = Level.L1, Level.L2, Level.L3, Level.L4
R = TypeVar("R")

ParentEdge = strawberry.Parent[Edge]

_HOME = strawberry.lazy("subgraphs.events.objects")

if TYPE_CHECKING:
    from subgraphs.events.objects import Document, Event, Person, Vehicle


@strawberry.interface(description=words("A part that somebody or something has in an event.", "Iesaiste notikumā."))
class Involvement:
    """What all involvements have."""

    id: strawberry.ID = plain("The opaque id.", "Identifikators.")
    event: Annotated[Event, _HOME] = plain("The event.", "Notikums.")
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
    return ref_to("Person", as_record(root, PersonInvolvementRecord).person_id)


def _category(root: ParentEdge) -> enums.DataSubjectCategory:
    return as_record(root, PersonInvolvementRecord).category


def _observed_sex(root: ParentEdge) -> enums.Sex:
    return as_record(root, PersonInvolvementRecord).sex


def _observed_age(root: ParentEdge) -> int | None:
    return as_record(root, PersonInvolvementRecord).age


def _detained(root: ParentEdge) -> Span | None:
    record = as_record(root, PersonInvolvementRecord)
    return span(record.detained_from, record.detained_to)


async def _in_vehicle(root: ParentEdge, info: Info) -> Edge | None:
    wanted = as_record(root, PersonInvolvementRecord).vehicle_involvement_id
    if wanted is None:
        return None
    vehicles = await info.context.loaders.edges("vehicles").load(root.event_id) or ()
    return next((edge for edge in vehicles if edge.record.id == wanted), None)


def _vehicle_of(root: ParentEdge) -> Ref | None:
    return ref_to("Vehicle", as_record(root, VehicleInvolvementRecord).vehicle_id)


def _document_of(root: ParentEdge) -> Ref | None:
    return ref_to("Document", as_record(root, DocumentInvolvementRecord).document_id)


def _value(root: ParentEdge) -> Amount | None:
    amount = as_record(root, ItemInvolvementRecord).value_eur
    return None if amount is None else Amount(amount, "EUR")


def as_record(edge: Edge, record_type: type[R]) -> R:
    """The involvement of an edge, of which the kind is known."""
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
    event: Annotated[Event, _HOME] = shown(L1, "The event.", "Notikums.", resolver=_edge_event)
    person: Annotated[Person, _HOME] | None = shown(L2, "The person; null when not known.", "Persona.", resolver=_person_of)
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
    event: Annotated[Event, _HOME] = shown(L1, "The event.", "Notikums.", resolver=_edge_event)
    vehicle: Annotated[Vehicle, _HOME] | None = shown(
        L1, "The vehicle; null when not known.", "Transportlīdzeklis.", resolver=_vehicle_of
    )
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
    event: Annotated[Event, _HOME] = shown(L1, "The event.", "Notikums.", resolver=_edge_event)
    document: Annotated[Document, _HOME] | None = shown(
        L2, "The document; null when not known.", "Dokuments.", resolver=_document_of
    )
    role: enums.DocumentRole = shown(L1, "In which role.", "Loma.")
    observed_number: str | None = shown(L2, "The number as seen.", "Novērotais numurs.")
    assertion_basis: AssertionBasis = shown(L1, "Fact or assessment.", "Fakts vai vērtējums.", resolver=_basis)
    source: SourceType | None = shown(L1, "Where the assertion came from.", "Datu avots.")


@strawberry.type(description=words("An item's part in an event.", "Mantas iesaiste notikumā."))
class ItemInvolvement(Involvement):
    """An edge between an event and an item; the item is described here and nowhere else."""

    is_type_of = is_edge_of(ItemInvolvementRecord)

    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.")
    event: Annotated[Event, _HOME] = shown(L1, "The event.", "Notikums.", resolver=_edge_event)
    kind: enums.ItemKind = shown(L1, "What sort of item.", "Mantas veids.")
    role: enums.ItemRole = shown(L1, "In which role.", "Loma.")
    description: str | None = shown(L1, "Description.", "Apraksts.")
    serial_number: str | None = shown(L1, "Serial number.", "Sērijas numurs.")
    quantity: int = shown(L1, "How many.", "Daudzums.")
    value: Money | None = shown(L1, "What it is worth.", "Vērtība.", resolver=_value)
    assertion_basis: AssertionBasis = shown(L1, "Fact or assessment.", "Fakts vai vērtējums.", resolver=_basis)
    source: SourceType | None = shown(L1, "Where the assertion came from.", "Datu avots.")
