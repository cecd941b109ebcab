"""What the register of persons promises of identity.

What comes in: ids, what a person was named by, the caller's row rules. What goes out: survivors of merges, candidates, changes.
A merge rewrites nothing: the record that was merged says into which (`merged_into`), and whoever asks for it gets the survivor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from subgraphs.persons.enumerations import MatchBasis
from subgraphs.persons.identity.matching import Candidate, Named
from subgraphs.persons.model import PersonRecord
from subgraphs.room.asked import Asked
from subgraphs.room.records import Kept
from subgraphs.room.where import Rows


@dataclass(frozen=True, slots=True)
class Merging:
    """Which record is merged into which, and the versions that this was decided on."""

    into: str
    source: str
    into_version: int
    source_version: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class Splitting:
    """Which merged record stands for itself again, and the version that this was decided on."""

    person: str
    version: int
    rows: Rows


@dataclass(frozen=True, slots=True)
class IdentityDone:
    """The person that it is about now and the version that the change made. `basis`: by what an identification found
    the person; None when a new record was made.
    """

    person_id: str
    version: int
    basis: MatchBasis | None = None


@dataclass(frozen=True, slots=True)
class IdentityEntry:
    """One change of identity, seen from a person: `other` is the record at its other end."""

    at: datetime
    operation: str
    other: Kept[PersonRecord] | None
    agency: str
    official: str
    purpose: str | None
    case_reference: str | None
    reason: str | None


class IdentityStore(Protocol):
    """Identity in the register of persons."""

    async def surviving(self, ids: Sequence[str], rows: Rows) -> dict[str, Kept[PersonRecord]]:
        """For each id the visible record that stands for it: its own, or the survivor of its merges. One statement."""
        ...

    async def merged_with(self, ids: Sequence[str], rows: Rows) -> dict[str, tuple[Kept[PersonRecord], ...]]:
        """The other visible records of the same person, of each id."""
        ...

    async def candidates(self, named: Named, rows: Rows, limit: int) -> list[Candidate]:
        """The visible persons who may be the one that was named, the best first."""
        ...

    async def by_names(self, named: Sequence[Named], rows: Rows) -> dict[Named, Kept[PersonRecord]]:
        """The only visible person with just this name and birth date, of each; one statement for all of them."""
        ...

    async def identify(self, asked: Asked, named: Named, new: PersonRecord, rows: Rows) -> IdentityDone:
        """The only visible person who surely is the one that was named; when there is none, `new` is written."""
        ...

    async def merge(self, asked: Asked, merging: Merging) -> IdentityDone:
        """Let one record stand for another. Raises Refused."""
        ...

    async def split(self, asked: Asked, splitting: Splitting) -> IdentityDone:
        """Let a merged record stand for itself again, which is exactly as it was. Raises Refused."""
        ...

    async def identity_changes(self, person_id: str, rows: Rows) -> tuple[IdentityEntry, ...]:
        """The changes of identity of a visible person, oldest first; those with a hidden person at the other end left out."""
        ...
