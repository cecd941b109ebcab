"""Do both sides tell the same? Holds the rooms' own records against the gateway's.

In: the gateway's log, each room's log, a time up to which everything must have arrived. Out: a `Reconciliation` that names what
only one side tells. A consultation is one exchange: a `txn`, a room, the hash of what was sent.

    served by a room, unknown to the gateway     data left a room and no record says for whom: the gravest
    received by the gateway, unknown to the room the room's log was cut, or somebody else answered in its name
    another answer                               what left the room is not what came
    refused by the room                          the room answered, and gave nothing: it admits no call that it does not record
    unanswered                                   served, and the gateway never saw the answer (a time-out, a request given up)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from authz.audit.entry import Fetch
from authz.audit.reader import reading, record_in
from authz.audit.record import AuditRecord
from authz.audit.store import Location

Kind = Literal["missing at the gateway", "missing at the room", "another answer", "refused by the room", "unanswered"]
_Told = dict[tuple[str, str], list[tuple[Fetch, AuditRecord]]]
"""Exchanges by txn and hash of what was sent: the same may be sent twice."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One exchange that the two sides tell differently. `record_id` is the record that tells of it."""

    kind: Kind
    room: str
    txn: str
    at: datetime
    agency: str
    user: str
    record_id: str

    @property
    def is_grave(self) -> bool:
        """Whether it has no innocent explanation."""
        return self.kind not in ("unanswered", "refused by the room")


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """`exchanges` counts what both sides tell alike."""

    exchanges: int
    discrepancies: tuple[Discrepancy, ...]

    @property
    def ok(self) -> bool:
        return not any(found.is_grave for found in self.discrepancies)


@dataclass(slots=True)
class _Gateway:
    """What the gateway tells: its exchanges with each room, and the records of each txn."""

    exchanges: dict[str, _Told]
    given_up: dict[str, AuditRecord]


def reconcile(
    gateway: Location, rooms: Mapping[str, Location], since: datetime | None = None, until: datetime | None = None
) -> Reconciliation:
    """Compare the records made from `since` up to `until`. Raises UnreadableLog.

    Neither side is blamed for what the other one recorded near the ends of the time: everything is looked up in whole logs.
    """
    told = _of_gateway(gateway)
    alike = 0
    found: list[Discrepancy] = []
    for room, location in sorted(rooms.items()):
        expected = told.exchanges.get(room, {})
        with reading(location) as reader:
            for row in reader.containing(['"kind":"served"']):
                record = record_in(row)
                kind = _judged(record, expected, told)
                if kind is None:
                    alike += 1
                elif _is_within(record.at, since, until):
                    found.append(_discrepancy(kind, room, record))
        for fetch, record in (one for left in expected.values() for one in left):
            if fetch.received is not None and _is_within(record.at, since, until):
                kind = "missing at the room" if fetch.status < 400 else "refused by the room"
                found.append(_discrepancy(kind, room, record))
    return Reconciliation(alike, tuple(sorted(found, key=lambda one: (one.at, one.room))))


def _of_gateway(location: Location) -> _Gateway:
    told = _Gateway({}, {})
    with reading(location) as reader:
        for row in reader.containing(['"fetches":', '"status":"failed"']):
            record = record_in(row)
            if record.entry.kind == "served":
                continue
            if record.entry.status == "failed":
                told.given_up[record.entry.request_id] = record
            for fetch in record.entry.fetches:
                exchanges = told.exchanges.setdefault(fetch.service, {})
                exchanges.setdefault((record.entry.request_id, fetch.sent), []).append((fetch, record))
    return told


def _judged(record: AuditRecord, expected: _Told, told: _Gateway) -> Kind | None:
    """What is wrong with a room's record; None when the gateway tells the same. Takes the exchange out of `expected`."""
    served = record.entry.fetches[0] if record.entry.fetches else None
    known = [] if served is None else expected.get((record.entry.request_id, served.sent), [])
    if served is None or not known:
        return "unanswered" if record.entry.request_id in told.given_up else "missing at the gateway"
    # Of two alike, the one with this very answer.
    fetch, _ = known.pop(next((n for n, (one, _) in enumerate(known) if one.received == served.received), 0))
    if fetch.received is None:
        return "unanswered"
    return None if fetch.received == served.received else "another answer"


def _is_within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at < until)


def _discrepancy(kind: Kind, room: str, record: AuditRecord) -> Discrepancy:
    entry = record.entry
    return Discrepancy(kind, room, entry.request_id, record.at, entry.agency, entry.user, record.id)
