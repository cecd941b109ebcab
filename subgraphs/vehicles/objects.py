"""The types of the room of vehicles. A type declares; the object behind it is the `Kept` record.

What comes in: records. What goes out: `Vehicle` and its parts, each field with its class; `Person` with the vehicles that it
holds.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from subgraphs.room.call import Call
from subgraphs.room.enumerations import Classification
from subgraphs.room.fields import Level, coded, discloses, entity, graphql_enum, shown, words
from subgraphs.room.records import Kept
from subgraphs.room.references import WORDS, Ref, is_record_of, is_ref_to, key_field, ref_to
from subgraphs.room.store import Change
from subgraphs.room.traceable import Traceable, changed_at_of, id_of, version_of
from subgraphs.room.values import ChangeType, Code, Node, SourceType
from subgraphs.vehicles.enumerations import HolderKind, VehicleStatus
from subgraphs.vehicles.loaders import Loaders
from subgraphs.vehicles.model import VehicleRecord
from subgraphs.vehicles.parts import VehicleAlert
from subgraphs.vehicles.store import Holding, VehicleStore

for _enumeration in (Classification, HolderKind, VehicleStatus):
    graphql_enum(_enumeration)

L1, L2, L4 = Level.L1, Level.L2, Level.L4

Info = strawberry.Info[Call[VehicleStore, Loaders], None]
Parent = strawberry.Parent[Kept[VehicleRecord]]
ParentHolding = strawberry.Parent[Holding]
ParentRef = strawberry.Parent[Ref]

At = Annotated[
    datetime | None,
    discloses("VehicleHolding.from", "Only holdings at this moment.", "Tikai šajā brīdī spēkā esošie."),
]


def in_force(holdings: tuple[Holding, ...], moment: datetime | None) -> list[Holding]:
    """The holdings that are in force at `moment`; all of them when none is given."""
    if not moment:
        return list(holdings)
    return [
        item
        for item in holdings
        if (item.record.valid_from is None or item.record.valid_from <= moment)
        and (item.record.valid_to is None or moment < item.record.valid_to)
    ]


def _holding_person(root: ParentHolding) -> Ref | None:
    return ref_to("Person", root.record.person_id)


async def _holding_vehicle(root: ParentHolding, info: Info) -> Kept[VehicleRecord] | None:
    return await info.context.loaders.by_id.load(root.vehicle_id)


def _holding_from(root: ParentHolding) -> datetime | None:
    return root.record.valid_from


def _holding_to(root: ParentHolding) -> datetime | None:
    return root.record.valid_to


@strawberry.type(
    description=words("Who has a vehicle, in which right and when.", "Transportlīdzekļa īpašnieks, valdītājs vai turētājs.")
)
class VehicleHolding:
    """An edge between a vehicle and whoever has it."""

    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.")
    kind: HolderKind = shown(L1, "In which right.", "Turēšanas pamats.")
    person: Person | None = shown(L2, "The person, when it is one.", "Fiziska persona.", resolver=_holding_person)
    organization: str | None = shown(L1, "The body, when it is one.", "Juridiska persona.")
    vehicle: Vehicle | None = shown(L1, "The vehicle.", "Transportlīdzeklis.", resolver=_holding_vehicle)
    start: datetime | None = shown(L1, "Since when.", "No.", name="from", resolver=_holding_from)
    end: datetime | None = shown(L1, "Until when; null when it goes on.", "Līdz.", name="to", resolver=_holding_to)


def _holders(root: Parent, at: At = UNSET) -> list[Holding]:
    return in_force(tuple(Holding(root.record.id, holding) for holding in root.record.holders), at)


def _certificate(root: Parent) -> Ref | None:
    return ref_to("Document", root.record.certificate_id)


async def _history(root: Parent, info: Info) -> tuple[Change, ...] | None:
    return await info.context.loaders.history.load(root.record.id)


@entity(
    *WORDS["Vehicle"],
    keys=("id", "ref"),
    rows={
        "classification": "Int",
        "involvedTerritories": "[String]",
        "involvedAgencies": "[String]",
        "status": "String",
        "country": "String",
    },
)
class Vehicle(Node, Traceable):
    """A vehicle, at home."""

    is_type_of = is_record_of(VehicleRecord)

    ref: strawberry.ID = key_field(id_of)
    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.")
    plate: str | None = shown(L1, "The plate as registered.", "Valsts reģistrācijas numurs.")
    country: Code | None = coded("country", "country", L1, "The country of registration.", "Reģistrācijas valsts.")
    vin: str | None = shown(L2, "The vehicle identification number (ISO 3779).", "Identifikācijas numurs (VIN).")
    make: str | None = shown(L1, "Make.", "Marka.")
    model: str | None = shown(L1, "Model.", "Modelis.")
    category: Code | None = coded("vehicle-category", "category", L1, "Category.", "Kategorija.")
    colour: Code | None = coded("colour", "colour", L1, "Colour.", "Krāsa.")
    first_registered_on: date | None = shown(L1, "Day of the first registration.", "Pirmās reģistrācijas datums.")
    status: VehicleStatus = shown(L1, "Status of the registration.", "Reģistrācijas statuss.")
    holders: list[VehicleHolding] | None = shown(
        L2, "Who has or had the vehicle.", "Īpašnieki, valdītāji un turētāji.", resolver=_holders
    )
    alerts: list[VehicleAlert] | None = shown(L4, "Searches for the vehicle.", "Transportlīdzekļa meklēšana.")
    roadworthy_until: date | None = shown(L1, "Roadworthiness test valid until.", "Tehniskā apskate derīga līdz.")
    insured_until: date | None = shown(L1, "Third-party insurance valid until.", "OCTA derīga līdz.")
    registration_certificate: Document | None = shown(
        L2, "The certificate of the registration.", "Reģistrācijas apliecība.", resolver=_certificate
    )
    source: SourceType | None = shown(L1, "Where the record came from.", "Datu avots.")
    classification: Classification = shown(L1, "How far the record may be shown.", "Pieejamības līmenis.")
    version: int = shown(L1, "The version's number, from 1.", "Versijas numurs.", resolver=version_of)
    changed_at: datetime = shown(L1, "When this version was written.", "Kad ierakstīts.", resolver=changed_at_of)
    history: list[ChangeType] | None = shown(L1, "Every version, oldest first.", "Visas versijas.", resolver=_history)


async def _vehicles_of(root: ParentRef, info: Info, at: At = UNSET) -> list[Holding]:
    return in_force(await info.context.loaders.holdings.load(root.ref) or (), at)


@entity(*WORDS["Person"])
class Person:
    """A person, as this room knows one."""

    is_type_of = is_ref_to("Person")

    ref: strawberry.ID = key_field()
    vehicles: list[VehicleHolding] | None = shown(
        L2, "The vehicles that the person has or had.", "Personas transportlīdzekļi.", resolver=_vehicles_of
    )


@entity(*WORDS["Document"])
class Document:
    """A document, as this room knows one."""

    is_type_of = is_ref_to("Document")

    ref: strawberry.ID = key_field()
