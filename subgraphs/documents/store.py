"""What the store of the register of documents promises beyond `subgraphs.room.store`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from subgraphs.documents.model import DocumentRecord
from subgraphs.room.records import Kept
from subgraphs.room.store import ChangingStore, ProjectingStore
from subgraphs.room.where import Rows

NumberKey = tuple[str, str, str]
"""(kind, issuing country, number in normal form): what names a document to people."""


class DocumentStore(ProjectingStore[DocumentRecord], ChangingStore, Protocol):
    """The register of documents."""

    async def by_numbers(self, keys: Sequence[NumberKey], rows: Rows) -> dict[NumberKey, Kept[DocumentRecord]]:
        """The visible documents with these kinds, countries and numbers."""
        ...

    async def of_holders(self, person_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Kept[DocumentRecord], ...]]:
        """The visible documents of each person, latest issued first."""
        ...
