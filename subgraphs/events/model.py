"""The records of the event register: what its stores, seeds and imports exchange.

What comes in: values already checked and in UTC. What goes out: frozen structs, compared and stored by content.
An involvement is an edge with its own data (role, category of data subject, basis of the assertion), never a property of the
person or thing; it may name nobody yet (`person_id` None, what was observed in `age`, `sex`, `observed_plate`).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from subgraphs.events.enumerations import (
    AssertionBasis,
    Channel,
    DataSubjectCategory,
    DecisionKind,
    DocumentRole,
    EventKind,
    EventStatus,
    ItemKind,
    ItemRole,
    PersonRole,
    ReceiptForm,
    ResponseCategory,
    Sex,
    VehicleRole,
)
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Source


class Registrar(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Who registered the event (regulation Nr. 190, point 6.2): agency id, unit, official."""

    institution: str
    unit: str | None = None
    official: str | None = None


class Place(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Where it happened. `atvk` has 7 digits (unit or municipality), `zone` names a special area (`PORT-RIGA`), WGS 84."""

    atvk: str | None = None
    address_code: str | None = None
    text: str | None = None
    lat: float | None = None
    lon: float | None = None
    indoor_note: str | None = None
    zone: str | None = None


class Qualification(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The provision that the event falls under."""

    law: str
    article: str
    part: str | None = None


class Submission(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The submission (iesniegums) that the event came in by. `submitter_id` is the person, `organization` the body."""

    receipt_form: ReceiptForm
    channel: Channel
    received_at: datetime
    anonymous: bool = False
    submitter_id: str | None = None
    organization: str | None = None
    call_reference: str | None = None
    text: str | None = None


class Response(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The response clock: from receipt in the operative unit to arrival at the scene.

    `due_at` is what the source registered; without it `subgraphs.events.clock` computes it. `category` is the one at the
    first dispatch, when the event's own may have changed since; `excluded` (code list `clock-exclusion`) says why nobody is
    waited for.
    """

    received_at: datetime
    dispatched_at: datetime | None = None
    arrived_at: datetime | None = None
    due_at: datetime | None = None
    category: ResponseCategory | None = None
    excluded: str | None = None


class Dispatch(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A crew that was sent (norīkojums)."""

    unit: str
    dispatched_at: datetime
    arrived_at: datetime | None = None
    cleared_at: datetime | None = None


class Assignment(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The unit that handles the event, and the official of it."""

    unit: str
    assigned_at: datetime
    official: str | None = None


class Decision(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What was decided (pieņemtais lēmums), with the number of the case that it opened or belongs to."""

    kind: DecisionKind
    decided_on: date
    case_number: str | None = None


class PersonInvolvementRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A person's part in an event. `id` starts with `inv_`; `age` and `sex` are as observed when the person is not known."""

    id: str
    role: PersonRole
    category: DataSubjectCategory
    person_id: str | None = None
    sequence: int = 1
    basis: AssertionBasis = AssertionBasis.UNVERIFIED
    age: int | None = None
    sex: Sex = Sex.UNKNOWN
    injury: str | None = None
    state: str | None = None
    statement_given: bool | None = None
    detained_from: datetime | None = None
    detained_to: datetime | None = None
    relation_to_victim: str | None = None
    vehicle_involvement_id: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    source: Source | None = None


class VehicleInvolvementRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A vehicle's part in an event; `observed_plate` and `description` are what was seen when the vehicle is not known."""

    id: str
    role: VehicleRole
    vehicle_id: str | None = None
    observed_plate: str | None = None
    description: str | None = None
    damage: str | None = None
    basis: AssertionBasis = AssertionBasis.UNVERIFIED
    source: Source | None = None


class DocumentInvolvementRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A document's part in an event."""

    id: str
    role: DocumentRole
    document_id: str | None = None
    observed_number: str | None = None
    basis: AssertionBasis = AssertionBasis.UNVERIFIED
    source: Source | None = None


class ItemInvolvementRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """An item's (manta) part in an event; the item lives nowhere else."""

    id: str
    kind: ItemKind
    role: ItemRole
    description: str | None = None
    serial_number: str | None = None
    quantity: int = 1
    value_eur: Decimal | None = None
    basis: AssertionBasis = AssertionBasis.UNVERIFIED
    source: Source | None = None


class EventRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One event with all that belongs to it. `id` starts with `evt_`; `territory_owner` is the id of the agency that owns it.

    `subkind`, `legal_nature`, `injury`, `state` and `relation_to_victim` are codes of the lists in
    `subgraphs/room/code_lists/`.
    """

    id: str
    registered_at: datetime
    registered_by: Registrar
    kind: EventKind
    territory_owner: str
    registration_number: str | None = None
    subkind: str | None = None
    legal_nature: str | None = None
    category: ResponseCategory = ResponseCategory.NONE
    status: EventStatus = EventStatus.REGISTERED
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    place: Place | None = None
    qualification: tuple[Qualification, ...] = ()
    summary: str | None = None
    basis: AssertionBasis = AssertionBasis.UNVERIFIED
    submission: Submission | None = None
    response: Response | None = None
    assignment: Assignment | None = None
    dispatches: tuple[Dispatch, ...] = ()
    decisions: tuple[Decision, ...] = ()
    persons: tuple[PersonInvolvementRecord, ...] = ()
    vehicles: tuple[VehicleInvolvementRecord, ...] = ()
    documents: tuple[DocumentInvolvementRecord, ...] = ()
    items: tuple[ItemInvolvementRecord, ...] = ()
    source: Source | None = None
    classification: Classification = Classification.RESTRICTED
    sealed: bool = False
    retain_until: date | None = None
    review_due_on: date | None = None
