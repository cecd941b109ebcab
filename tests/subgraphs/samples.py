"""Smallest records of each register, for tests: invented, with the ids in the order of their numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from subgraphs.documents.enumerations import DocumentKind, DocumentStatus
from subgraphs.documents.model import DocumentRecord
from subgraphs.events.cases.model import CaseMember, CaseRecord
from subgraphs.events.enumerations import (
    CATEGORY_OF_ROLE,
    DecisionKind,
    DocumentRole,
    EventKind,
    EventStatus,
    PersonRole,
    VehicleRole,
)
from subgraphs.events.model import (
    Decision,
    DocumentInvolvementRecord,
    EventRecord,
    PersonInvolvementRecord,
    Place,
    Registrar,
    VehicleInvolvementRecord,
)
from subgraphs.persons.enumerations import Sex
from subgraphs.persons.model import PersonalCode, PersonRecord
from subgraphs.room.enumerations import ProcedureKind
from subgraphs.room.records import Source
from subgraphs.vehicles.enumerations import HolderKind, VehicleStatus
from subgraphs.vehicles.model import VehicleHoldingRecord, VehicleRecord

START = datetime(2026, 1, 1, tzinfo=UTC)


def id_of(prefix: str, number: int) -> str:
    return f"{prefix}_{number:032x}"


def event(number: int, /, **changes: Any) -> EventRecord:
    at = START + timedelta(hours=number)
    values: dict[str, Any] = {
        "id": id_of("evt", number),
        "registered_at": at,
        "registered_by": Registrar("LV-PP-RIGA"),
        "kind": EventKind.ADMINISTRATIVE_VIOLATION,
        "territory_owner": "LV-PP-RIGA",
        "registration_number": f"VNR-2026-{number:07}",
        "subkind": "NOISE",
        "occurred_from": at,
        "status": EventStatus.REGISTERED,
        "place": Place(atvk="0001000", lat=56.95, lon=24.1),
        "source": Source("TEST", str(number)),
        **changes,
    }
    return EventRecord(**values)


def case(number: int, /, **changes: Any) -> CaseRecord:
    values: dict[str, Any] = {
        "id": id_of("case", number),
        "number": f"VP-L-2026-{number:06}",
        "procedure": ProcedureKind.CRIMINAL,
        "opened_by": "LV-VP",
        "agency": "LV-VP",
        "opened_at": START + timedelta(hours=number),
        "held_by": ("LV-VP",),
        **changes,
    }
    return CaseRecord(**values)


def member(record: EventRecord) -> CaseMember:
    return CaseMember(event_id=record.id, agency=record.territory_owner, joined_at=START, joined_by="LV-VP")


def person_part(number: int, person: int | None, role: PersonRole = PersonRole.WITNESS) -> PersonInvolvementRecord:
    return PersonInvolvementRecord(
        id=id_of("inv", number),
        role=role,
        category=CATEGORY_OF_ROLE[role],
        person_id=None if person is None else id_of("per", person),
    )


def vehicle_part(number: int, vehicle: int | None) -> VehicleInvolvementRecord:
    return VehicleInvolvementRecord(
        id=id_of("inv", number), role=VehicleRole.SEEN, vehicle_id=None if vehicle is None else id_of("veh", vehicle)
    )


def document_part(number: int, document: int | None) -> DocumentInvolvementRecord:
    return DocumentInvolvementRecord(
        id=id_of("inv", number),
        role=DocumentRole.PRESENTED,
        document_id=None if document is None else id_of("doc", document),
    )


def decision(case: str) -> Decision:
    return Decision(kind=DecisionKind.CRIMINAL_PROCEEDING_STARTED, decided_on=date(2026, 1, 2), case_number=case)


def person(number: int, /, **changes: Any) -> PersonRecord:
    values: dict[str, Any] = {
        "id": id_of("per", number),
        "given_names": "Jānis",
        "family_name": f"Bērziņš-{number % 7}",
        "codes": (PersonalCode(value=f"309912-{number:05}"),),
        "birth_date": date(1980, 1, 1) + timedelta(days=number),
        "sex": Sex.MALE,
        **changes,
    }
    return PersonRecord(**values)


def vehicle(number: int, /, **changes: Any) -> VehicleRecord:
    values: dict[str, Any] = {
        "id": id_of("veh", number),
        "plate": f"QA-{number}",
        "vin": f"0{number:016}",
        "make": "Škoda",
        "model": "Octavia",
        "first_registered_on": date(2015, 1, 1) + timedelta(days=number % 5),
        "status": VehicleStatus.REGISTERED,
        **changes,
    }
    return VehicleRecord(**values)


def holding(number: int, holder: int, since: datetime = START) -> VehicleHoldingRecord:
    return VehicleHoldingRecord(
        id=id_of("inv", number), kind=HolderKind.OWNER, person_id=id_of("per", holder), valid_from=since
    )


def document(number: int, /, **changes: Any) -> DocumentRecord:
    values: dict[str, Any] = {
        "id": id_of("doc", number),
        "kind": DocumentKind.PASSPORT,
        "number": f"QV{number:07}",
        "issued_on": date(2020, 1, 1) + timedelta(days=number % 3),
        "status": DocumentStatus.VALID,
        **changes,
    }
    return DocumentRecord(**values)
