"""What lists of cases may be narrowed and ordered by, and what the mutations of cases take.

What comes in: clients' values. What goes out: Strawberry inputs; each condition and order says which field it discloses. What a
mutation takes discloses nothing: the mutation carries the class, and a contract grants that.
"""

from __future__ import annotations

from enum import Enum
from typing import Optional

import strawberry

from subgraphs.events.cases.model import CaseStatus
from subgraphs.events.registration.inputs import may, must
from subgraphs.room.enumerations import Classification, ProcedureKind
from subgraphs.room.fields import filters, graphql_enum, operator, order_enum, words
from subgraphs.room.filters import ExactFilter, Filter, TextFilter, TimeFilter
from subgraphs.room.where import Sort

graphql_enum(CaseStatus)
graphql_enum(Classification)
graphql_enum(ProcedureKind)

_KEY = ("A key of this one change; the same again gives the same answer.", "Izmaiņas atslēga.")
_REASON = ("Why.", "Pamatojums.")


@strawberry.input(description=words("Which cases; all conditions hold together.", "Kuras lietas; visi nosacījumi kopā."))
class CaseWhere:
    """Conditions on cases."""

    and_: list[CaseWhere] | None = operator("All of these hold.", "Visi šie nosacījumi.", name="and")
    or_: list[CaseWhere] | None = operator("At least one of these holds.", "Vismaz viens no šiem.", name="or")
    not_: Optional[CaseWhere] = operator("This does not hold.", "Šis nav spēkā.", name="not")  # noqa: UP045  # a lazy name
    number: TextFilter | None = filters("Case.number", "The number; spaces, hyphens and case do not matter.", "Lietas numurs.")
    procedure: Filter[ProcedureKind] | None = filters("Case.procedure", "The procedure.", "Procesa veids.")
    status: Filter[CaseStatus] | None = filters("Case.status", "The status.", "Statuss.")
    agency: ExactFilter | None = filters("Case.agency", "The agency that has it now (id).", "Iestāde, kuras lietvedībā tā ir.")
    opened_by: ExactFilter | None = filters("Case.openedBy", "The agency that opened it (id).", "Iestāde, kas to uzsāka.")
    opened_at: TimeFilter | None = filters("Case.openedAt", "When it was opened.", "Uzsākšanas laiks.")


class CaseOrder(Enum):
    """Orders of cases."""

    OPENED_AT_ASC = "OPENED_AT_ASC"
    OPENED_AT_DESC = "OPENED_AT_DESC"


order_enum(CaseOrder, "How cases are ordered; the id breaks ties.", "Lietu kārtošana.", {"OPENED_AT": "Case.openedAt"})

DEFAULT_ORDER = (Sort("id"),)


@strawberry.input(description=words("A new case of the caller's agency.", "Jauna lieta."))
class OpenCaseInput:
    """A case; events are added one by one."""

    idempotency_key: str = must(*_KEY)
    procedure: ProcedureKind = must("The procedure.", "Procesa veids.")
    subject: str | None = may("What it is about, in short.", "Lietas būtība.")
    classification: Classification = may("How far it may be shown.", "Pieejamības līmenis.", Classification.RESTRICTED)
    reason: str | None = may(*_REASON)


@strawberry.input(description=words("A change of a case.", "Lietas izmaiņa."))
class CaseChangeInput:
    """What every change of a case says."""

    idempotency_key: str = must(*_KEY)
    case_id: strawberry.ID = must("The case.", "Lieta.")
    expected_version: int = must("The version that the change was decided on.", "Versija, par kuru lemts.")


@strawberry.input(description=words("The event that joins the case.", "Notikums, ko pievieno lietai."))
class AddEventToCaseInput(CaseChangeInput):
    """An event that the caller may see, its own or another agency's."""

    event_id: strawberry.ID = must("The event.", "Notikums.")
    reason: str | None = may(*_REASON)


@strawberry.input(description=words("The event that is taken out of the case.", "Notikums, ko izņem no lietas."))
class RemoveEventFromCaseInput(CaseChangeInput):
    """An event of the case; the history keeps that it was there."""

    event_id: strawberry.ID = must("The event.", "Notikums.")
    reason: str = must(*_REASON)


@strawberry.input(description=words("To whom the case is handed over.", "Kam lieta tiek nodota."))
class TransferCaseInput(CaseChangeInput):
    """The agency whose case it becomes."""

    agency: str = must("The agency (code).", "Iestāde (kods).")
    reason: str = must(*_REASON)


@strawberry.input(description=words("Why the case is changed.", "Lietas izmaiņas pamatojums."))
class CaseReasonInput(CaseChangeInput):
    """A change that needs a reason."""

    reason: str = must(*_REASON)
