"""The records of the register of vehicles: what its stores, seeds and imports exchange.

What comes in: values already checked. What goes out: frozen structs, compared and stored by content. Plates move between
vehicles, so a plate is data with a look-up of its own, never the key.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved, Source
from subgraphs.vehicles.enumerations import HolderKind, VehicleAlertKind, VehicleStatus


class VehicleHoldingRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Who has the vehicle in which right and when: a person (`person_id`) or a body (`organization`). `id` starts with
    `inv_`.
    """

    id: str
    kind: HolderKind
    person_id: str | None = None
    organization: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


class VehicleAlert(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A search for the vehicle: why, by whom (agency id), under which reference, since and until when."""

    kind: VehicleAlertKind
    authority: str
    issued_at: datetime
    reference: str | None = None
    valid_to: datetime | None = None


class VehicleRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One vehicle. `id` starts with `veh_`; `country` is an ISO 3166 alpha-2 code, `category` and `colour` codes of the
    lists in `subgraphs/room/code_lists/`, `certificate_id` the document that certifies the registration.

    `involved` is the projection of events that row rules use; it is kept beside the content and makes no new version.
    """

    id: str
    plate: str | None = None
    country: str = "LV"
    vin: str | None = None
    make: str | None = None
    model: str | None = None
    category: str | None = None
    colour: str | None = None
    first_registered_on: date | None = None
    status: VehicleStatus = VehicleStatus.REGISTERED
    certificate_id: str | None = None
    holders: tuple[VehicleHoldingRecord, ...] = ()
    alerts: tuple[VehicleAlert, ...] = ()
    roadworthy_until: date | None = None
    insured_until: date | None = None
    source: Source | None = None
    classification: Classification = Classification.RESTRICTED
    involved: Involved | None = None
