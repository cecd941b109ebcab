"""The schema of the room of documents: its root fields and how other rooms' references are found.

What comes in: queries. What goes out: `build_schema()`. Not found and not visible are the same: null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from kernel.natural_keys import normal_number
from subgraphs.documents.enumerations import DocumentKind
from subgraphs.documents.inputs import DEFAULT_ORDER, DocumentOrder, DocumentWhere
from subgraphs.documents.loaders import Loaders
from subgraphs.documents.model import DocumentRecord
from subgraphs.documents.objects import Document, Info, Person
from subgraphs.documents.parts import Event
from subgraphs.documents.search import search_documents
from subgraphs.documents.store import DocumentStore
from subgraphs.room.call import Call
from subgraphs.room.connection import Connection, Listed
from subgraphs.room.fields import Level, discloses, open_argument, shown
from subgraphs.room.narrowing import listing_of, order_of, where_of
from subgraphs.room.paging_arguments import After, Before, First, Last
from subgraphs.room.records import Kept
from subgraphs.room.references import References, stubs_of
from subgraphs.room.schema import RoomSchema
from subgraphs.room.search import SearchConnection

Id = Annotated[strawberry.ID, open_argument("The opaque id.", "Identifikators.", name="id")]
KindArgument = Annotated[DocumentKind, discloses("Document.kind", "The kind.", "Dokumenta veids.")]
CountryArgument = Annotated[
    str, discloses("Document.issuingCountry", "The issuing country (ISO 3166 alpha-2).", "Izdevējvalsts.")
]
NumberArgument = Annotated[
    str,
    discloses("Document.number", "The number with its series; spaces, hyphens and case do not matter.", "Numurs ar sēriju."),
]
WhereArgument = Annotated[DocumentWhere | None, open_argument("Which documents.", "Kuri dokumenti.")]
OrderArgument = Annotated[list[DocumentOrder] | None, open_argument("In which order.", "Kādā secībā.")]


async def _document(info: Info, wanted: Id) -> Kept[DocumentRecord] | None:
    return await info.context.loaders.by_id.load(wanted)


async def _document_by_number(
    info: Info, kind: KindArgument, number: NumberArgument, country: CountryArgument = "LV"
) -> Kept[DocumentRecord] | None:
    return await info.context.loaders.by_number.load((kind.value, country.upper(), normal_number(number)))


async def _documents(
    info: Info,
    where: WhereArgument = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    call = info.context
    condition, order = where_of(where), order_of(order_by, DEFAULT_ORDER)
    listing, scope = listing_of(call, "documents", condition, order, first=first, after=after, last=last, before=before)
    return Listed(await call.store.find(listing), lambda: call.store.count(condition, call.rows), call, scope)


@strawberry.type
class Query:
    """Where queries begin."""

    document: Document | None = shown(
        Level.L1, "The document with this id.", "Dokuments pēc identifikatora.", resolver=_document
    )
    document_by_number: Document | None = shown(
        Level.L1,
        "The document with this kind, issuing country and number.",
        "Dokuments pēc veida, izdevējvalsts un numura.",
        resolver=_document_by_number,
    )
    documents: Connection[Document] = shown(Level.L1, "Documents, page by page.", "Dokumentu saraksts.", resolver=_documents)
    search_documents: SearchConnection[Document] = shown(
        Level.L1, "Documents that a text finds, the best first.", "Dokumentu meklēšana pēc teksta.", resolver=search_documents
    )


async def _find(call: Call[DocumentStore, Loaders], representations: Sequence[Mapping[str, Any]]) -> Sequence[object | None]:
    ids = [str(representation.get("ref") or representation.get("id")) for representation in representations]
    return await call.loaders.by_id.load_many(ids)


REFERENCES: Mapping[str, References] = {
    "Document": _find,
    "Person": stubs_of("Person", "per"),
    "Event": stubs_of("Event", "evt"),
}


def build_schema() -> RoomSchema:
    """The room's schema."""
    return RoomSchema(Query, [Document, Person, Event], REFERENCES)
