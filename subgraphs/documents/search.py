"""Searching documents: which fields, what the index holds of a record, and the root field `searchDocuments`.

What comes in: a text. What goes out: hits. The rest is `subgraphs.room.search`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Final

import strawberry
from strawberry import UNSET

from kernel.natural_keys import normal_number
from search.document import SearchDocument, values
from search.finding import Hit
from search.kinds import FacetField, FieldKind, SearchedField, SearchedType
from search.query import Conditions
from subgraphs.documents.enumerations import DocumentKind, DocumentStatus
from subgraphs.documents.model import DocumentRecord
from subgraphs.documents.objects import Info
from subgraphs.room.fields import filters, open_argument, searches, words
from subgraphs.room.filters import DateFilter, ExactFilter, Filter
from subgraphs.room.paging_arguments import After, First
from subgraphs.room.records import Involved, Kept
from subgraphs.room.search import Found, Text, at_home, facet, searched, seconds, span_of

TYPE: Final = SearchedType(
    "Document",
    fields=(
        SearchedField("Document.number", "dn", FieldKind.IDENTIFIER, normal_number),
        SearchedField("Document.issuer", "di", FieldKind.TEXT),
    ),
    facets=tuple(FacetField(f"Document.{name}") for name in ("kind", "status", "issuingCountry")),
    rows={
        "classification": "one",
        "kind": "one",
        "status": "one",
        "involvedTerritories": "many",
        "involvedAgencies": "many",
    },
)


def document_of(kept: Kept[DocumentRecord], involved: Involved | None, position: int) -> SearchDocument:
    """What the index holds of a document."""
    record = kept.record
    return SearchDocument(
        type="Document",
        id=record.id,
        version=position,
        values={"Document.number": values(record.number), "Document.issuer": values(record.issuer)},
        facets={
            "Document.kind": (record.kind.value,),
            "Document.status": (record.status.value,),
            "Document.issuingCountry": values(record.issuing_country),
        },
        at=None if record.issued_on is None else seconds(record.issued_on),
        rows={
            "classification": record.classification.level,
            "kind": record.kind.value,
            "status": record.status.value,
            "involvedTerritories": involved.territories if involved else (),
            "involvedAgencies": involved.agencies if involved else (),
        },
    )


@strawberry.input(description=words("In which fields of documents the text is looked for.", "Kuros dokumenta laukos meklēt."))
class DocumentSearchFields:
    """Fields of documents."""

    FIELDS: ClassVar[Mapping[str, str]] = {"number": "Document.number", "issuer": "Document.issuer"}

    number: bool | None = searches("Document.number", "In the number.", "Numurā.")
    issuer: bool | None = searches("Document.issuer", "In the issuer.", "Izdevējā.")


@strawberry.input(description=words("What has to hold besides the text; all together.", "Papildu nosacījumi; visi kopā."))
class DocumentSearchWhere:
    """Conditions on documents that are searched."""

    issued_on: DateFilter | None = filters("Document.issuedOn", "Issued.", "Izdots.")
    kind: Filter[DocumentKind] | None = filters("Document.kind", "The kind.", "Veids.")
    status: Filter[DocumentStatus] | None = filters("Document.status", "The status.", "Statuss.")
    issuing_country: ExactFilter | None = filters("Document.issuingCountry", "The country (code).", "Izdevējvalsts (kods).")


FieldsArgument = Annotated[DocumentSearchFields | None, open_argument("In which fields; in all without it.", "Kuros laukos.")]
WhereArgument = Annotated[DocumentSearchWhere | None, open_argument("What has to hold besides.", "Papildu nosacījumi.")]


def _conditions(where: DocumentSearchWhere | None) -> Conditions:
    if where is None or where is UNSET:
        return Conditions()
    since, until = span_of(where.issued_on)
    facets = (
        *facet("Document.kind", where.kind),
        *facet("Document.status", where.status),
        *facet("Document.issuingCountry", where.issuing_country),
    )
    return Conditions(facets, since, until)


async def search_documents(
    info: Info,
    text: Text,
    fields: FieldsArgument = UNSET,
    where: WhereArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
) -> Found:
    """The resolver of `searchDocuments`."""
    call = info.context

    async def resolve(hits: Sequence[Hit]) -> Sequence[object | None]:
        return await at_home(call, hits)

    return await searched(
        call, ("Document",), text, resolve, fields=fields, conditions=_conditions(where), first=first, after=after
    )
