"""What lists of documents may be narrowed and ordered by. Each input field and each order says which field it discloses."""

from __future__ import annotations

from enum import Enum
from typing import Optional

import strawberry

from subgraphs.documents.enumerations import DocumentKind, DocumentStatus
from subgraphs.room.fields import filters, graphql_enum, operator, order_enum, words
from subgraphs.room.filters import DateFilter, ExactFilter, Filter, TextFilter
from subgraphs.room.where import Sort

graphql_enum(DocumentKind)
graphql_enum(DocumentStatus)


@strawberry.input(description=words("Which documents; all conditions hold together.", "Kuri dokumenti; visi nosacījumi kopā."))
class DocumentWhere:
    """Conditions on documents."""

    and_: list[DocumentWhere] | None = operator("All of these hold.", "Visi šie nosacījumi.", name="and")
    or_: list[DocumentWhere] | None = operator("At least one of these holds.", "Vismaz viens no šiem.", name="or")
    not_: Optional[DocumentWhere] = operator("This does not hold.", "Šis nav spēkā.", name="not")  # noqa: UP045  # a lazy name
    kind: Filter[DocumentKind] | None = filters("Document.kind", "The kind.", "Dokumenta veids.")
    issuing_country: ExactFilter | None = filters(
        "Document.issuingCountry", "The issuing country (code).", "Izdevējvalsts (kods)."
    )
    number: TextFilter | None = filters(
        "Document.number", "The number with its series; spaces, hyphens and case do not matter.", "Dokumenta numurs ar sēriju."
    )
    status: Filter[DocumentStatus] | None = filters("Document.status", "The status.", "Statuss.")
    issued_on: DateFilter | None = filters("Document.issuedOn", "The day of issue.", "Izdošanas datums.")
    valid_to: DateFilter | None = filters("Document.validTo", "The last day of validity.", "Derīguma termiņš.")


class DocumentOrder(Enum):
    """Orders of documents."""

    ISSUED_ON_ASC = "ISSUED_ON_ASC"
    ISSUED_ON_DESC = "ISSUED_ON_DESC"
    NUMBER_ASC = "NUMBER_ASC"
    NUMBER_DESC = "NUMBER_DESC"


order_enum(
    DocumentOrder,
    "How documents are ordered; the id breaks ties.",
    "Dokumentu kārtošana.",
    {"ISSUED_ON": "Document.issuedOn", "NUMBER": "Document.number"},
)

DEFAULT_ORDER = (Sort("id"),)
