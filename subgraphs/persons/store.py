"""What the store of the register of natural persons promises beyond `subgraphs.room.store`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from subgraphs.persons.identity.store import IdentityStore
from subgraphs.persons.model import PersonRecord
from subgraphs.room.records import Kept
from subgraphs.room.store import ChangingStore, ProjectingStore
from subgraphs.room.where import Rows


class PersonStore(ProjectingStore[PersonRecord], ChangingStore, IdentityStore, Protocol):
    """The register of natural persons."""

    async def by_codes(self, codes: Sequence[str], rows: Rows) -> dict[str, Kept[PersonRecord]]:
        """The visible persons who have or had these personal codes, by the code's normal form; the current holder comes
        first. A record that was merged is stood for by the survivor.
        """
        ...
