"""The types of the room of documents. A type declares; the object behind it is the `Kept` record.

What comes in: records. What goes out: `Document` and its parts, each field with its class; `Person` with the documents held.
"""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from subgraphs.documents.enumerations import DocumentKind, DocumentStatus
from subgraphs.documents.loaders import Loaders
from subgraphs.documents.model import DocumentRecord
from subgraphs.documents.parts import DocumentStatusFact, Held, ScanType
from subgraphs.documents.store import DocumentStore
from subgraphs.room.call import Call
from subgraphs.room.enumerations import Classification
from subgraphs.room.fields import Level, coded, entity, graphql_enum, shown
from subgraphs.room.records import Kept
from subgraphs.room.references import WORDS, Ref, is_record_of, is_ref_to, key_field, ref_to
from subgraphs.room.store import Change
from subgraphs.room.traceable import Traceable, changed_at_of, id_of, version_of
from subgraphs.room.values import ChangeType, Code, Node, SourceType

for _enumeration in (Classification, DocumentKind, DocumentStatus):
    graphql_enum(_enumeration)

L1, L2, L3 = Level.L1, Level.L2, Level.L3

Info = strawberry.Info[Call[DocumentStore, Loaders], None]
Parent = strawberry.Parent[Kept[DocumentRecord]]
ParentRef = strawberry.Parent[Ref]


def _holder(root: Parent) -> Ref | None:
    return ref_to("Person", root.record.holder_id)


async def _history(root: Parent, info: Info) -> tuple[Change, ...] | None:
    return await info.context.loaders.history.load(root.record.id)


def _scans(root: Parent) -> list[Held]:
    return [Held(scan, root.record.id) for scan in root.record.scans]


@entity(
    *WORDS["Document"],
    keys=("id", "ref"),
    rows={
        "classification": "Int",
        "involvedTerritories": "[String]",
        "involvedAgencies": "[String]",
        "kind": "String",
        "status": "String",
    },
)
class Document(Node, Traceable):
    """A document, at home."""

    is_type_of = is_record_of(DocumentRecord)

    ref: strawberry.ID = key_field(id_of)
    id: strawberry.ID = shown(L1, "The opaque id.", "Identifikators.")
    kind: DocumentKind = shown(L1, "What sort of document.", "Dokumenta veids.")
    issuing_country: Code | None = coded("country", "issuing_country", L1, "The issuing country.", "Izdevējvalsts.")
    series: str | None = shown(L2, "The series.", "Sērija.")
    number: str | None = shown(L2, "The number with its series, as registered.", "Numurs ar sēriju.")
    holder: Person | None = shown(L2, "Whose document it is.", "Dokumenta turētājs.", resolver=_holder)
    issued_on: date | None = shown(L1, "Day of issue.", "Izdošanas datums.")
    valid_to: date | None = shown(L1, "Last day of validity.", "Derīgs līdz.")
    issuer: str | None = shown(L1, "Who issued it.", "Izdevējiestāde.")
    status: DocumentStatus = shown(
        L1, "The status, as far as this register knows; never taken to be valid.", "Dokumenta statuss šajā reģistrā."
    )
    status_facts: list[DocumentStatusFact] | None = shown(L1, "Facts that changed the status.", "Statusu mainošie fakti.")
    scans: list[ScanType] | None = shown(L3, "Its scans.", "Dokumenta skenējumi.", resolver=_scans)
    source: SourceType | None = shown(L1, "Where the record came from.", "Datu avots.")
    classification: Classification = shown(L1, "How far the record may be shown.", "Pieejamības līmenis.")
    version: int = shown(L1, "The version's number, from 1.", "Versijas numurs.", resolver=version_of)
    changed_at: datetime = shown(L1, "When this version was written.", "Kad ierakstīts.", resolver=changed_at_of)
    history: list[ChangeType] | None = shown(L1, "Every version, oldest first.", "Visas versijas.", resolver=_history)


async def _documents_of(root: ParentRef, info: Info) -> tuple[Kept[DocumentRecord], ...]:
    return await info.context.loaders.of_holder.load(root.ref) or ()


@entity(*WORDS["Person"])
class Person:
    """A person, as this room knows one."""

    is_type_of = is_ref_to("Person")

    ref: strawberry.ID = key_field()
    documents: list[Document] | None = shown(L2, "The person's documents.", "Personas dokumenti.", resolver=_documents_of)
