"""The parts of a vehicle that lead nowhere else: alerts.

What comes in: parts of the record. What goes out: Strawberry types, each field with its class.
"""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.room.fields import Level, coded, graphql_enum, shown, words
from subgraphs.room.values import Code
from subgraphs.vehicles.enumerations import VehicleAlertKind

graphql_enum(VehicleAlertKind)

L4 = Level.L4


@strawberry.type(description=words("A search for the vehicle.", "Transportlīdzekļa meklēšana."))
class VehicleAlert:
    """An alert."""

    kind: VehicleAlertKind = shown(L4, "Why the vehicle is sought.", "Meklēšanas pamats.")
    authority: Code | None = coded("agency", "authority", L4, "Who seeks the vehicle.", "Meklēšanas iniciators.")
    issued_at: datetime = shown(L4, "Since when.", "Izsludināta.")
    valid_to: datetime | None = shown(L4, "Until when.", "Spēkā līdz.")
    reference: str | None = shown(L4, "The reference of the search.", "Meklēšanas lietas numurs.")
