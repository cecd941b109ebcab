"""Searching vehicles: which fields, what the index holds of a record, and the root field `searchVehicles`.

What comes in: a text. What goes out: hits. The rest is `subgraphs.room.search`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Final

import strawberry
from strawberry import UNSET

from kernel.natural_keys import normal_plate, normal_vin
from search.document import SearchDocument, values
from search.finding import Hit
from search.kinds import FacetField, FieldKind, SearchedField, SearchedType
from search.query import Conditions
from subgraphs.room.fields import filters, open_argument, searches, words
from subgraphs.room.filters import DateFilter, ExactFilter, Filter
from subgraphs.room.paging_arguments import After, First
from subgraphs.room.records import Involved, Kept
from subgraphs.room.search import Found, Text, at_home, facet, searched, seconds, span_of
from subgraphs.vehicles.enumerations import VehicleStatus
from subgraphs.vehicles.model import VehicleRecord
from subgraphs.vehicles.objects import Info

TYPE: Final = SearchedType(
    "Vehicle",
    fields=(
        SearchedField("Vehicle.plate", "vp", FieldKind.IDENTIFIER, normal_plate),
        SearchedField("Vehicle.vin", "vv", FieldKind.IDENTIFIER, normal_vin),
        SearchedField("Vehicle.make", "va", FieldKind.TEXT),
        SearchedField("Vehicle.model", "vo", FieldKind.TEXT),
    ),
    facets=tuple(FacetField(f"Vehicle.{name}") for name in ("status", "country", "make", "category", "colour")),
    rows={
        "classification": "one",
        "status": "one",
        "country": "one",
        "involvedTerritories": "many",
        "involvedAgencies": "many",
    },
)


def document_of(kept: Kept[VehicleRecord], involved: Involved | None, position: int) -> SearchDocument:
    """What the index holds of a vehicle."""
    record = kept.record
    return SearchDocument(
        type="Vehicle",
        id=record.id,
        version=position,
        values={
            "Vehicle.plate": values(record.plate),
            "Vehicle.vin": values(record.vin),
            "Vehicle.make": values(record.make),
            "Vehicle.model": values(record.model),
        },
        facets={
            "Vehicle.status": (record.status.value,),
            "Vehicle.country": values(record.country),
            "Vehicle.make": values(record.make),
            "Vehicle.category": values(record.category),
            "Vehicle.colour": values(record.colour),
        },
        at=None if record.first_registered_on is None else seconds(record.first_registered_on),
        rows={
            "classification": record.classification.level,
            "status": record.status.value,
            "country": record.country,
            "involvedTerritories": involved.territories if involved else (),
            "involvedAgencies": involved.agencies if involved else (),
        },
    )


@strawberry.input(description=words("In which fields of vehicles the text is looked for.", "Kuros laukos meklēt."))
class VehicleSearchFields:
    """Fields of vehicles."""

    FIELDS: ClassVar[Mapping[str, str]] = {
        "plate": "Vehicle.plate",
        "vin": "Vehicle.vin",
        "make": "Vehicle.make",
        "model": "Vehicle.model",
    }

    plate: bool | None = searches("Vehicle.plate", "In the plate.", "Reģistrācijas numurā.")
    vin: bool | None = searches("Vehicle.vin", "In the vehicle identification number.", "VIN numurā.")
    make: bool | None = searches("Vehicle.make", "In the make.", "Markā.")
    model: bool | None = searches("Vehicle.model", "In the model.", "Modelī.")


@strawberry.input(description=words("What has to hold besides the text; all together.", "Papildu nosacījumi; visi kopā."))
class VehicleSearchWhere:
    """Conditions on vehicles that are searched."""

    first_registered_on: DateFilter | None = filters("Vehicle.firstRegisteredOn", "First registered.", "Pirmā reģistrācija.")
    status: Filter[VehicleStatus] | None = filters("Vehicle.status", "The status.", "Statuss.")
    country: ExactFilter | None = filters("Vehicle.country", "The country of registration (code).", "Valsts (kods).")
    make: ExactFilter | None = filters("Vehicle.make", "The make, as a facet has it.", "Marka.")
    category: ExactFilter | None = filters("Vehicle.category", "The category (code).", "Kategorija (kods).")
    colour: ExactFilter | None = filters("Vehicle.colour", "The colour (code).", "Krāsa (kods).")


FieldsArgument = Annotated[VehicleSearchFields | None, open_argument("In which fields; in all without it.", "Kuros laukos.")]
WhereArgument = Annotated[VehicleSearchWhere | None, open_argument("What has to hold besides.", "Papildu nosacījumi.")]


def _conditions(where: VehicleSearchWhere | None) -> Conditions:
    if where is None or where is UNSET:
        return Conditions()
    since, until = span_of(where.first_registered_on)
    facets = (
        *facet("Vehicle.status", where.status),
        *facet("Vehicle.country", where.country),
        *facet("Vehicle.make", where.make),
        *facet("Vehicle.category", where.category),
        *facet("Vehicle.colour", where.colour),
    )
    return Conditions(facets, since, until)


async def search_vehicles(
    info: Info,
    text: Text,
    fields: FieldsArgument = UNSET,
    where: WhereArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
) -> Found:
    """The resolver of `searchVehicles`."""
    call = info.context

    async def resolve(hits: Sequence[Hit]) -> Sequence[object | None]:
        return await at_home(call, hits)

    return await searched(
        call, ("Vehicle",), text, resolve, fields=fields, conditions=_conditions(where), first=first, after=after
    )
