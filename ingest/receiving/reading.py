"""From what came in to what the register is asked: read, believed, checked by itself.

In: the bytes of a message, for which sources its sender may speak. Out: an `Arrival`, or an `Unusable` with everything that is
wrong. The agency is the source's as it is registered, never the message's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import msgspec

from ingest.receiving import schema
from ingest.receiving.bodies import as_input
from ingest.receiving.message import MAX_BYTES, Message, decode, digest_of, envelope_of
from ingest.receiving.sources import Source, Sources
from subgraphs.events.model import EventRecord
from subgraphs.events.registration import inputs, steps
from subgraphs.events.registration.arrival import Arrival, Unusable
from subgraphs.events.registration.change import Actor, Asked, Step
from subgraphs.events.registration.checks import problems_of
from subgraphs.events.registration.reasons import in_message, reason
from subgraphs.events.registration.refusal import Problem
from subgraphs.room.records import Source as RecordSource

_NO_EVENT_YET: Final = "evt_" + "0" * 32
"""Stands in inputs for the event, which the register finds by the source's number."""

_STEPS: Final[Mapping[str, Callable[[EventRecord, Any, datetime], EventRecord]]] = {
    "amendEvent": lambda event, given, _now: steps.amended(event, given),
    "assign": steps.assigned,
    "dispatch": steps.dispatched,
    "recordArrival": steps.arrived,
    "recordDecision": steps.decided,
    "linkPerson": steps.linked,
    "linkVehicle": steps.linked,
    "linkDocument": steps.linked,
    "linkItem": steps.linked,
    "transferToAgency": steps.transferred,
    "close": lambda event, given, _now: steps.closed(event, given),
    "reopen": lambda event, _given, _now: steps.reopened(event),
    "annul": lambda event, _given, _now: steps.annulled(event),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads messages of one batch, which is taken at `now` and which the audit knows by `txn`."""

    sources: Sources
    now: datetime
    txn: str

    def read(self, raw: bytes, may_send_for: Collection[str] | None) -> Arrival | Unusable:
        """The message. `may_send_for`: the sources that its sender speaks for; None when that was looked at before."""
        if len(raw) > MAX_BYTES:
            return _unusable(raw, reason((), "TOO_LARGE", most=MAX_BYTES))
        try:
            message = decode(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            return _unusable(raw, *schema.faults_of(raw, error))
        source = self.sources.get(message.source_id)
        if source is None:
            return _unusable(raw, reason(("sourceId",), "UNKNOWN_SOURCE"))
        if may_send_for is not None and source.id not in may_send_for:
            return _unusable(raw, reason(("sourceId",), "NOT_ITS_SENDER"))
        return self._arrival(raw, message, source)

    def _arrival(self, raw: bytes, message: Message, source: Source) -> Arrival:
        given = _input_of(message)
        asked = self._asked(message, source, given)
        problems = problems_of(given, self.now, source.agency)
        begin, step = (None, None) if problems else _work(message, asked, given)
        return Arrival(
            source=source.id,
            message_id=message.message_id,
            digest=asked.request,
            body=raw,
            event_no=message.source_event_no,
            seq=message.source_seq,
            asked=asked,
            begin=begin,
            step=step,
            problems=in_message(problems),
            sent_at=message.sent_at,
        )

    def _asked(self, message: Message, source: Source, given: Any) -> Asked:
        official = source.id if message.official is msgspec.UNSET else message.official
        actor = Actor(source.agency, official, f"source/{source.id}", None, None, self.txn)
        said = getattr(given, "reason", None)
        why = said if isinstance(said, str) else None
        return Asked(message.kind, actor, message.message_id, digest_of(message), self.now, why)


def _input_of(message: Message) -> Any:
    if message.kind == "registerEvent":
        return as_input(message.body, idempotency_key=message.message_id)
    return as_input(message.body, idempotency_key=message.message_id, event_id=_NO_EVENT_YET, expected_version=1)


def _work(message: Message, asked: Asked, given: Any) -> tuple[Callable[[str, str], EventRecord], None] | tuple[None, Step]:
    if isinstance(given, inputs.RegisterEventInput):
        named = RecordSource(message.source_id, message.source_event_no)
        return partial(_begun, given=given, asked=asked, source=named), None
    return None, partial(_stepped, step=_STEPS[message.kind], given=given, now=asked.at)


def _begun(event_id: str, number: str, *, given: inputs.RegisterEventInput, asked: Asked, source: RecordSource) -> EventRecord:
    begun = steps.begun(given, event_id, number, asked.at, asked.actor)
    return msgspec.structs.replace(begun, source=source)


def _stepped(
    event: EventRecord, *, step: Callable[[EventRecord, Any, datetime], EventRecord], given: Any, now: datetime
) -> EventRecord:
    return step(event, given, now)


def _unusable(raw: bytes, *problems: Problem) -> Unusable:
    said = envelope_of(raw)
    return Unusable(said.source_id[:100], said.message_id[:200], hashlib.sha256(raw).digest(), raw[: MAX_BYTES + 1], problems)
