"""The records of the register of documents: what its stores, seeds and imports exchange.

What comes in: values already checked. What goes out: frozen structs, compared and stored by content. A document that this
register does not hold is never called valid by that.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from subgraphs.documents.enumerations import DocumentFact, DocumentKind, DocumentStatus, ScanKind
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved, Source


class StatusFact(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A fact that changed the document's status: when, what, who stated it (agency id), out of which event."""

    at: datetime
    fact: DocumentFact
    authority: str
    event_id: str | None = None


class Scan(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A scan of the document: its bytes lie in a `ScanStore` under `id` (`scn_…`). `bytes` is their number, `sha256` their hash
    in hexadecimal digits; `kind` and `added_at` are known once a document has it.
    """

    id: str
    media_type: str
    bytes: int
    sha256: str
    pages: int | None = None
    kind: ScanKind | None = None
    added_at: datetime | None = None


class DocumentRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One document. `id` starts with `doc_`; `issuing_country` is an ISO 3166 alpha-2 code, `holder_id` a person.

    `number` includes the series (`LV1234567`). `involved` is the projection of events that row rules use; it is kept beside the
    content and makes no new version.
    """

    id: str
    kind: DocumentKind
    issuing_country: str = "LV"
    series: str | None = None
    number: str | None = None
    holder_id: str | None = None
    issued_on: date | None = None
    valid_to: date | None = None
    issuer: str | None = None
    status: DocumentStatus = DocumentStatus.NOT_LISTED
    status_facts: tuple[StatusFact, ...] = ()
    scans: tuple[Scan, ...] = ()
    source: Source | None = None
    classification: Classification = Classification.PERSONAL
    involved: Involved | None = None
