"""The schema of the room of vehicles: its root fields and how other rooms' references are found.

What comes in: queries. What goes out: `build_schema()`. Not found and not visible are the same: null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from kernel.natural_keys import normal_plate, normal_vin
from subgraphs.room.call import Call
from subgraphs.room.connection import Connection, Listed
from subgraphs.room.fields import Level, discloses, open_argument, shown
from subgraphs.room.narrowing import listing_of, order_of, where_of
from subgraphs.room.paging_arguments import After, Before, First, Last
from subgraphs.room.records import Kept
from subgraphs.room.references import References, stubs_of
from subgraphs.room.schema import RoomSchema
from subgraphs.room.search import SearchConnection
from subgraphs.vehicles.inputs import DEFAULT_ORDER, VehicleOrder, VehicleWhere
from subgraphs.vehicles.loaders import Loaders
from subgraphs.vehicles.model import VehicleRecord
from subgraphs.vehicles.objects import Document, Info, Person, Vehicle
from subgraphs.vehicles.search import search_vehicles
from subgraphs.vehicles.store import VehicleStore

Id = Annotated[strawberry.ID, open_argument("The opaque id.", "Identifikators.", name="id")]
PlateArgument = Annotated[
    str, discloses("Vehicle.plate", "The plate; spaces, hyphens and case do not matter.", "Valsts reģistrācijas numurs.")
]
CountryArgument = Annotated[
    str, discloses("Vehicle.country", "The country of registration (ISO 3166 alpha-2).", "Reģistrācijas valsts.")
]
VinArgument = Annotated[str, discloses("Vehicle.vin", "The vehicle identification number.", "Identifikācijas numurs (VIN).")]
WhereArgument = Annotated[VehicleWhere | None, open_argument("Which vehicles.", "Kuri transportlīdzekļi.")]
OrderArgument = Annotated[list[VehicleOrder] | None, open_argument("In which order.", "Kādā secībā.")]


async def _vehicle(info: Info, wanted: Id) -> Kept[VehicleRecord] | None:
    return await info.context.loaders.by_id.load(wanted)


async def _vehicle_by_plate(info: Info, plate: PlateArgument, country: CountryArgument = "LV") -> Kept[VehicleRecord] | None:
    return await info.context.loaders.by_plate.load((normal_plate(plate), country.upper()))


async def _vehicle_by_vin(info: Info, vin: VinArgument) -> Kept[VehicleRecord] | None:
    return await info.context.loaders.by_vin.load(normal_vin(vin))


async def _vehicles(
    info: Info,
    where: WhereArgument = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    call = info.context
    condition, order = where_of(where), order_of(order_by, DEFAULT_ORDER)
    listing, scope = listing_of(call, "vehicles", condition, order, first=first, after=after, last=last, before=before)
    return Listed(await call.store.find(listing), lambda: call.store.count(condition, call.rows), call, scope)


@strawberry.type
class Query:
    """Where queries begin."""

    vehicle: Vehicle | None = shown(
        Level.L1, "The vehicle with this id.", "Transportlīdzeklis pēc identifikatora.", resolver=_vehicle
    )
    vehicle_by_plate: Vehicle | None = shown(
        Level.L1,
        "The vehicle that has this plate now, or had it last.",
        "Transportlīdzeklis pēc valsts reģistrācijas numura.",
        resolver=_vehicle_by_plate,
    )
    vehicle_by_vin: Vehicle | None = shown(
        Level.L1,
        "The vehicle with this vehicle identification number.",
        "Transportlīdzeklis pēc VIN.",
        resolver=_vehicle_by_vin,
    )
    vehicles: Connection[Vehicle] = shown(
        Level.L1, "Vehicles, page by page.", "Transportlīdzekļu saraksts.", resolver=_vehicles
    )
    search_vehicles: SearchConnection[Vehicle] = shown(
        Level.L1,
        "Vehicles that a text finds, the best first.",
        "Transportlīdzekļu meklēšana pēc teksta.",
        resolver=search_vehicles,
    )


async def _find(call: Call[VehicleStore, Loaders], representations: Sequence[Mapping[str, Any]]) -> Sequence[object | None]:
    ids = [str(representation.get("ref") or representation.get("id")) for representation in representations]
    return await call.loaders.by_id.load_many(ids)


REFERENCES: Mapping[str, References] = {
    "Vehicle": _find,
    "Person": stubs_of("Person", "per"),
    "Document": stubs_of("Document", "doc"),
}


def build_schema() -> RoomSchema:
    """The room's schema."""
    return RoomSchema(Query, [Vehicle, Person, Document], REFERENCES)
