"""The parts of a document: the facts that changed its status, the events that they came out of, and scans.

What comes in: parts of the record. What goes out: Strawberry types, each field with its class.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import strawberry

from subgraphs.documents.enumerations import DocumentFact, ScanKind
from subgraphs.documents.loaders import Loaders
from subgraphs.documents.model import Scan, StatusFact
from subgraphs.documents.scans.ticket import issued
from subgraphs.documents.store import DocumentStore
from subgraphs.room.call import Call
from subgraphs.room.fields import Level, coded, entity, graphql_enum, plain, shown, words
from subgraphs.room.records import Wrapper
from subgraphs.room.references import WORDS, Ref, is_ref_to, key_field, ref_to
from subgraphs.room.values import Code

for _enumeration in (DocumentFact, ScanKind):
    graphql_enum(_enumeration)

L1, L3 = Level.L1, Level.L3

Info = strawberry.Info[Call[DocumentStore, Loaders], None]

ParentFact = strawberry.Parent[StatusFact]


@entity(*WORDS["Event"])
class Event:
    """An event, as this room knows one."""

    is_type_of = is_ref_to("Event")

    ref: strawberry.ID = key_field()


def _fact_event(root: ParentFact) -> Ref | None:
    return ref_to("Event", root.event_id)


@strawberry.type(description=words("A fact that changed the document's status.", "Dokumenta statusu mainošs fakts."))
class DocumentStatusFact:
    """A fact."""

    at: datetime = shown(L1, "When it was stated.", "Kad konstatēts.")
    fact: DocumentFact = shown(L1, "What happened.", "Fakts.")
    authority: Code | None = coded("agency", "authority", L1, "Who stated it.", "Kas konstatēja.")
    event: Event | None = shown(L1, "The event that it came out of.", "Saistītais notikums.", resolver=_fact_event)


@dataclass(frozen=True, slots=True)
class Held(Wrapper):
    """A scan and the document that has it."""

    record: Scan
    document_id: str


@strawberry.type(description=words("Where the bytes of a scan are, for a minute.", "Skenējuma lejupielādes adrese."))
class ScanDownload:
    """An address."""

    path: str = plain("The path on this server; good for one download.", "Ceļš šajā serverī; vienai lejupielādei.")
    expires_at: datetime = plain("Until when.", "Derīga līdz.")


def _download(root: strawberry.Parent[Held], info: Info) -> ScanDownload:
    call = info.context
    ticket, expires_at = issued(call.sealer, call.context, root.document_id, root.record.id, call.clock.now())
    return ScanDownload(path=f"/scans/{ticket}", expires_at=expires_at)


@strawberry.type(name="Scan", description=words("A scan of a document.", "Dokumenta skenējums."))
class ScanType:
    """A scan."""

    id: strawberry.ID = shown(L3, "The opaque id.", "Identifikators.")
    kind: ScanKind | None = shown(L3, "What it shows.", "Skenējuma veids.")
    media_type: str = shown(L3, "Its media type.", "Datnes tips.")
    bytes: int = shown(L3, "How many bytes it has.", "Izmērs baitos.")
    sha256: str = shown(L3, "The SHA-256 of its bytes, in hexadecimal digits.", "Satura SHA-256.")
    pages: int | None = shown(L3, "How many pages it has.", "Lappušu skaits.")
    added_at: datetime | None = shown(L3, "When the document was given it.", "Kad pievienots.")
    download: ScanDownload = shown(
        L3,
        "An address to download it from; each is recorded.",
        "Lejupielādes adrese; katra tiek reģistrēta.",
        resolver=_download,
    )
