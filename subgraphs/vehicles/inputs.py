"""What lists of vehicles may be narrowed and ordered by. Each input field and each order says which field it discloses."""

from __future__ import annotations

from enum import Enum
from typing import Optional

import strawberry

from subgraphs.room.fields import filters, graphql_enum, operator, order_enum, words
from subgraphs.room.filters import DateFilter, ExactFilter, Filter, TextFilter
from subgraphs.room.where import Sort
from subgraphs.vehicles.enumerations import VehicleStatus

graphql_enum(VehicleStatus)


@strawberry.input(
    description=words("Which vehicles; all conditions hold together.", "Kuri transportlīdzekļi; visi nosacījumi kopā.")
)
class VehicleWhere:
    """Conditions on vehicles."""

    and_: list[VehicleWhere] | None = operator("All of these hold.", "Visi šie nosacījumi.", name="and")
    or_: list[VehicleWhere] | None = operator("At least one of these holds.", "Vismaz viens no šiem.", name="or")
    not_: Optional[VehicleWhere] = operator("This does not hold.", "Šis nav spēkā.", name="not")  # noqa: UP045  # a lazy name
    plate: TextFilter | None = filters(
        "Vehicle.plate", "The plate; spaces, hyphens and case do not matter.", "Valsts reģistrācijas numurs."
    )
    country: ExactFilter | None = filters(
        "Vehicle.country", "The country of registration (code).", "Reģistrācijas valsts (kods)."
    )
    vin: TextFilter | None = filters("Vehicle.vin", "The vehicle identification number.", "VIN.")
    make: ExactFilter | None = filters("Vehicle.make", "The make; case does not matter.", "Marka.")
    model: ExactFilter | None = filters("Vehicle.model", "The model; case does not matter.", "Modelis.")
    category: ExactFilter | None = filters("Vehicle.category", "The category (code).", "Kategorija (kods).")
    colour: ExactFilter | None = filters("Vehicle.colour", "The colour (code).", "Krāsa (kods).")
    status: Filter[VehicleStatus] | None = filters("Vehicle.status", "The status of the registration.", "Statuss.")
    first_registered_on: DateFilter | None = filters(
        "Vehicle.firstRegisteredOn", "The day of the first registration.", "Pirmās reģistrācijas datums."
    )


class VehicleOrder(Enum):
    """Orders of vehicles."""

    PLATE_ASC = "PLATE_ASC"
    PLATE_DESC = "PLATE_DESC"
    FIRST_REGISTERED_ON_ASC = "FIRST_REGISTERED_ON_ASC"
    FIRST_REGISTERED_ON_DESC = "FIRST_REGISTERED_ON_DESC"


order_enum(
    VehicleOrder,
    "How vehicles are ordered; the id breaks ties.",
    "Transportlīdzekļu kārtošana.",
    {"PLATE": "Vehicle.plate", "FIRST_REGISTERED_ON": "Vehicle.firstRegisteredOn"},
)

DEFAULT_ORDER = (Sort("id"),)
