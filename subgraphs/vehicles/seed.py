"""Sows the invented vehicles of a world into the register of vehicles.

What comes in: a store and a world. What goes out: an `Outcome`; what an earlier run wrote is not written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved, Outcome
from subgraphs.room.world import UNKNOWN, World
from subgraphs.room.world.calendar import moment
from subgraphs.room.world.fleet import Vehicle, fleet
from subgraphs.room.world.seeding import Progress, Register, Soil, sow, words
from subgraphs.vehicles.enumerations import HolderKind, VehicleAlertKind, VehicleStatus
from subgraphs.vehicles.model import VehicleAlert, VehicleHoldingRecord, VehicleRecord

_ALERT_KINDS: Final = words(VehicleAlertKind)
_HOLDER_KINDS: Final = words(HolderKind)
_STATUSES: Final = words(VehicleStatus)


async def seed(store: Soil[VehicleRecord], world: World, progress: Progress) -> Outcome:
    """Write the world's vehicles that the store lacks."""
    return await sow(store, world, REGISTER, progress)


def records(world: World, number: int) -> Sequence[VehicleRecord]:
    """The vehicles of the community `number`."""
    community = world.community(number)
    persons, documents = community.person_ids, community.document_ids
    return [_record(vehicle, persons, documents) for vehicle in fleet(community, world.links(number).cars)]


def _ids(world: World, number: int) -> Sequence[str]:
    return world.community(number).vehicle_ids


REGISTER: Final = Register(_ids, records)


def _record(vehicle: Vehicle, persons: Sequence[str], documents: Sequence[str]) -> VehicleRecord:
    return VehicleRecord(
        id=vehicle.id,
        plate=vehicle.plate,
        country=vehicle.country,
        vin=vehicle.vin,
        make=vehicle.make,
        model=vehicle.model,
        category=vehicle.category,
        colour=vehicle.colour,
        first_registered_on=vehicle.first_registered,
        status=_STATUSES[vehicle.status],
        certificate_id=documents[vehicle.certificate] if vehicle.certificate != UNKNOWN else None,
        holders=tuple(
            [
                VehicleHoldingRecord(
                    id=holding.id,
                    kind=_HOLDER_KINDS[holding.kind],
                    person_id=persons[holding.person] if holding.person != UNKNOWN else None,
                    organization=holding.organisation,
                    valid_from=_midnight(holding.since),
                    valid_to=_midnight(holding.until) if holding.until is not None else None,
                )
                for holding in vehicle.holdings
            ]
        ),
        alerts=tuple(
            [
                VehicleAlert(
                    kind=_ALERT_KINDS[alert.kind],
                    authority=alert.authority,
                    issued_at=moment(alert.issued),
                    reference=alert.reference,
                    valid_to=moment(alert.ended) if alert.ended is not None else None,
                )
                for alert in vehicle.alerts
            ]
        ),
        roadworthy_until=vehicle.roadworthy_until,
        insured_until=vehicle.insured_until,
        classification=Classification.RESTRICTED,
        involved=Involved(vehicle.id, vehicle.reach.territories, vehicle.reach.agencies),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
