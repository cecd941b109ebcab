"""Runs: which journals were imported by which mapping, how far, with which counts.

In: the digests of mapping and files. Out: `Run`, with the position to go on from when an earlier run of the same was cut off.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from kernel.clock import Clock
from kernel.ids import new_id


class Counts(msgspec.Struct, frozen=True):
    """What became of the events read: each is new, changed, same or quarantined. The rest is counted beside.

    `repeated` (part of `same`) are further rows of one event, `orphans` rows of other journals without an event, `skipped`
    rows that the mapping passes over; `persons`, `vehicles` and `documents` are the records that came with the events.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    quarantined: int = 0
    repeated: int = 0
    orphans: int = 0
    skipped: int = 0
    persons: int = 0
    vehicles: int = 0
    documents: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))


@dataclass(frozen=True, slots=True)
class Run:
    """One import. `position` is the number of rows of the event's journals that are done; `last_event` the id written last."""

    id: str
    started_at: datetime
    position: int = 0
    last_event: str | None = None
    counts: Counts = field(default_factory=Counts)
    resumed: bool = False


class Runs:
    """The table of runs."""

    def __init__(self, database: sqlite3.Connection, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self, mapping_digest: str, files: Sequence[tuple[str, str]]) -> Run:
        """The run for these (name, digest) files: the one that was cut off, or a new one that starts at the beginning."""
        journals = hashlib.sha256("\n".join([mapping_digest, *(digest for _, digest in files)]).encode()).hexdigest()
        found = self._database.execute(
            "SELECT id, started_at, position, last_event, counts FROM run WHERE journals = ? AND ended_at IS NULL", (journals,)
        ).fetchone()
        if found is not None:
            id_, started_at, position, last_event, counts = found
            kept = msgspec.json.decode(counts, type=Counts)
            return Run(id_, datetime.fromisoformat(started_at), position, last_event, kept, resumed=True)
        now = self._clock.now()
        run = Run(new_id("imp", now), now)
        self._database.execute(
            "INSERT OR REPLACE INTO run (id, journals, mapping, files, started_at, counts) VALUES (?, ?, ?, ?, ?, ?)",
            (run.id, journals, mapping_digest, _json(files), now.isoformat(), _json(run.counts)),
        )
        return run

    def advance(self, run: Run, position: int, last_event: str | None, counts: Counts) -> Run:
        """Note how far the run is; call it in the transaction that notes what the batch left in the quarantine."""
        moved = replace(run, position=position, last_event=last_event or run.last_event, counts=run.counts + counts)
        self._database.execute(
            "UPDATE run SET position = ?, last_event = ?, counts = ? WHERE id = ?",
            (moved.position, moved.last_event, _json(moved.counts), run.id),
        )
        return moved

    def restart(self, run: Run) -> Run:
        """Forget how far the run is."""
        fresh = Run(run.id, run.started_at)
        self._database.execute(
            "UPDATE run SET position = 0, last_event = NULL, counts = ? WHERE id = ?", (_json(fresh.counts), run.id)
        )
        return fresh

    def finish(self, run: Run) -> None:
        """The run came to its end."""
        self._database.execute("UPDATE run SET ended_at = ? WHERE id = ?", (self._clock.now().isoformat(), run.id))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
