"""What has to hold when everything is quiet again: nothing lost, nothing doubled, every receipt there and true.

What comes in: the journals, the register, the broker. What goes out: violations, in words; none when all is well.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import asyncpg

from bench.chaos.parts import Place
from kernel.rabbitmq import Broker, linked

_EVENTS = """
SELECT seen.source_id, seen.event_no, event.id, event.version, event.number,
       (SELECT count(*) FROM event_change WHERE event_change.event_id = event.id) AS changes
FROM source_event AS seen JOIN event_key AS key ON key.id = seen.event_id
JOIN event ON event.id = key.id AND event.occurred_at = key.occurred_at
"""


def unsettled(place: Place, sources: tuple[str, ...]) -> int:
    """How many messages have no receipt yet that says what became of them."""
    return sum(
        state not in ("APPLIED", "SUPERSEDED", "QUARANTINED") for source in sources for *_, state, _ in _items(place, source)
    )


async def violations(place: Place, sources: tuple[str, ...]) -> list[str]:
    """Everything that does not hold."""
    connection = await asyncpg.connect(place.database)
    try:
        rows = await connection.fetch(_EVENTS)
        total = await connection.fetchval("SELECT count(*) FROM event_key")
        counts = {
            table: await connection.fetchval(f"SELECT count(*) FROM {table}")
            for table in ("inbox", "event_change", "receipt_outbox")
        }
        held = await connection.fetchval("SELECT count(*) FROM held_message WHERE state <> 'IMPORTED'")
        last = await connection.fetchval("SELECT coalesce(sum(last), 0) FROM registration_counter")
    finally:
        await connection.close()
    events = {(row["source_id"], row["event_no"]): row for row in rows}
    found: list[str] = []
    messages = 0
    for source in sources:
        items = _items(place, source)
        messages += len(items)
        found += _of_journal(source, items, events)
    expected = {"inbox": messages, "event_change": messages, "receipt_outbox": 0}
    found += [
        f"{table} has {number} rows and not {expected[table]}" for table, number in counts.items() if number != expected[table]
    ]
    if not total == len(events) == len({row["number"] for row in rows}) == last:
        found.append(
            f"{total} events, {len(events)} of sources, {len({row['number'] for row in rows})} numbers, {last} counted"
        )
    if held:
        found.append(f"{held} messages are held")
    return [
        *found,
        *[f"{number} messages are left in {queue}" for queue, number in (await _left(place, sources)).items() if number],
    ]


def _of_journal(source: str, items: list[tuple[Any, ...]], events: dict[tuple[str, str], Any]) -> Iterator[str]:
    of_event: dict[str, int] = {}
    for event_no, seq, state, receipt in items:
        of_event[event_no] = max(of_event.get(event_no, 0), seq)
        said = json.loads(receipt) if receipt else {}
        event = events.get((source, event_no))
        if state != "APPLIED":
            yield f"{source} {event_no}/{seq} is {state}"
        elif event is None or said["eventId"] != event["id"] or said["version"] != seq:
            yield f"{source} {event_no}/{seq}: the receipt tells of what is not in the register"
    for event_no, versions in of_event.items():
        event = events.get((source, event_no))
        if event is None:
            yield f"{source} {event_no} is lost"
        elif not event["version"] == event["changes"] == versions:
            yield f"{source} {event_no} has version {event['version']} and {event['changes']} changes of {versions} messages"


def _items(place: Place, source: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(place.journal(source), timeout=30)) as database:
        return database.execute("SELECT event_no, seq, state, receipt FROM item ORDER BY number").fetchall()


async def _left(place: Place, sources: tuple[str, ...]) -> dict[str, int]:
    names = ("ingest", "ingest.dead", *(f"receipts.{source}" for source in sources))
    async with linked(Broker(place.broker, "chaos")) as link:
        return {name: await link.length(f"{place.prefix}{name}") for name in names}
