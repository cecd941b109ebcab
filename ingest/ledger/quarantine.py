"""The quarantine's table.

In: refused rows with their faults, corrections. Out: entries, by state; the corrections to apply when the same rows are read
again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from ingest.errors import BadCorrection
from ingest.faults import Fault
from ingest.ledger.entry import (
    LINE_COLUMN,
    Correction,
    Entry,
    EntryKind,
    EntryState,
    KeptFault,
    KeptRows,
    correct,
    digest_of_rows,
    kept_faults,
)
from kernel.clock import Clock
from kernel.ids import new_id

_COLUMNS: Final = "id, system, mapping, kind, key, digest, state, body, faults, corrections, first_seen, last_seen"
_WAITING: Final = (EntryState.OPEN, EntryState.CORRECTED)


class Quarantine:
    """What could not be imported, until somebody corrects it or its source does."""

    def __init__(self, database: sqlite3.Connection, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put(self, system: str, mapping: str, kind: EntryKind, key: str, rows: KeptRows, faults: Sequence[Fault]) -> str:
        """Note a refusal; the same rows again only renew the entry that they have. Its id."""
        now = self._clock.now()
        fresh = (new_id("qrn", now), system, mapping, kind, key, digest_of_rows(rows), EntryState.OPEN)
        found = self._database.execute(
            f"INSERT INTO quarantine ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?)"  # noqa: S608  constant names
            " ON CONFLICT (system, digest) DO UPDATE SET last_seen = excluded.last_seen, mapping = excluded.mapping,"
            " faults = excluded.faults, state = CASE WHEN corrections = '[]' THEN 'OPEN' ELSE 'CORRECTED' END RETURNING id",
            (*fresh, _json(rows), _json(kept_faults(faults)), now.isoformat(), now.isoformat()),
        ).fetchone()
        return str(found[0])

    def get(self, id_: str) -> Entry:
        """The entry with this id. Raises BadCorrection."""
        found = self._database.execute(f"SELECT {_COLUMNS} FROM quarantine WHERE id = ?", (id_,)).fetchone()  # noqa: S608
        if found is None:
            raise BadCorrection(f"the quarantine has no entry `{id_}`: see the list for its ids")
        return _entry(found)

    def entries(self, states: Iterable[EntryState] = _WAITING, *, limit: int = 100, after: str | None = None) -> list[Entry]:
        """Entries in these states, oldest first; `after` is the id of the last one of the page before."""
        wanted = [str(state) for state in states]
        marks = ",".join("?" * len(wanted))
        later = "AND (first_seen, id) > (SELECT first_seen, id FROM quarantine WHERE id = ?)" if after is not None else ""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM quarantine WHERE state IN ({marks}) {later} ORDER BY first_seen, id LIMIT ?",  # noqa: S608  marks only
            (*wanted, *((after,) if after is not None else ()), limit),
        )
        return [_entry(row) for row in rows]

    def counts(self) -> dict[EntryState, int]:
        """How many entries are in each state."""
        return {
            EntryState(state): count
            for state, count in self._database.execute("SELECT state, count(*) FROM quarantine GROUP BY state")
        }

    def correct(self, id_: str, corrections: Sequence[Correction]) -> Entry:
        """Note a person's corrections (a later one of a place replaces an earlier one). Raises BadCorrection when one has no
        place.
        """
        entry = self.get(id_)
        if entry.state not in _WAITING:
            raise BadCorrection(f"`{id_}` is {entry.state}: it does not wait for a correction any more")
        for correction in corrections:
            if (correction.column == LINE_COLUMN) is not (entry.kind is EntryKind.LINE):
                raise BadCorrection(
                    f"`{LINE_COLUMN}` is the whole of an unreadable line: it goes with entries of the kind LINE, "
                    "and they with it"
                )
        correct(entry.rows, corrections)
        places = {(each.file, each.line, each.column): each for each in (*entry.corrections, *corrections)}
        self._database.execute(
            "UPDATE quarantine SET corrections = ?, state = 'CORRECTED' WHERE id = ?", (_json(list(places.values())), id_)
        )
        return self.get(id_)

    def corrected(self, system: str, rows: KeptRows) -> Entry | None:
        """The entry that these rows have, when somebody corrected it."""
        if not self.has_corrections(system):
            return None
        found = self._database.execute(
            f"SELECT {_COLUMNS} FROM quarantine WHERE system = ? AND digest = ? AND corrections <> '[]'",  # noqa: S608  constant names
            (system, digest_of_rows(rows)),
        ).fetchone()
        return None if found is None else _entry(found)

    def has_corrections(self, system: str, kind: EntryKind | None = None) -> bool:
        """Whether anything of this source was ever corrected."""
        statement = "SELECT 1 FROM quarantine WHERE system = ? AND corrections <> '[]' AND kind = coalesce(?, kind) LIMIT 1"
        return self._database.execute(statement, (system, kind)).fetchone() is not None

    def waiting_rows(self, system: str, key: str) -> list[Entry]:
        """The waiting rows of other journals that name this event of the source, and those whose correction may name it."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM quarantine WHERE system = ? AND kind = 'ROW'"  # noqa: S608  constant names
            " AND ((state = 'OPEN' AND key = ?) OR state = 'CORRECTED') ORDER BY first_seen, id",
            (system, key),
        )
        return [_entry(row) for row in rows]

    def renew_faults(self, id_: str, faults: Sequence[Fault]) -> None:
        """Note what is still wrong with an entry after a correction."""
        self._database.execute("UPDATE quarantine SET faults = ? WHERE id = ?", (_json(kept_faults(faults)), id_))

    def settle(self, ids: Iterable[str], state: EntryState) -> None:
        """Move entries to `state`."""
        self._database.executemany("UPDATE quarantine SET state = ? WHERE id = ?", [(state, id_) for id_ in ids])

    def supersede(self, system: str, keys: Sequence[str]) -> None:
        """Events that came in well now no longer wait."""
        if self._database.execute(
            "SELECT 1 FROM quarantine WHERE system = ? AND state IN ('OPEN', 'CORRECTED') LIMIT 1", (system,)
        ).fetchone():
            self._database.executemany(
                "UPDATE quarantine SET state = 'SUPERSEDED'"
                " WHERE system = ? AND key = ? AND kind = 'EVENT' AND state IN ('OPEN', 'CORRECTED')",
                [(system, key) for key in keys],
            )


def _entry(row: Sequence[str]) -> Entry:
    id_, system, mapping, kind, key, digest, state, body, faults, corrections, first_seen, last_seen = row
    return Entry(
        id_,
        system,
        mapping,
        EntryKind(kind),
        key,
        digest,
        EntryState(state),
        msgspec.json.decode(body, type=KeptRows),
        msgspec.json.decode(faults, type=list[KeptFault]),
        msgspec.json.decode(corrections, type=list[Correction]),
        first_seen,
        last_seen,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
