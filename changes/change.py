"""One change of a register, and its form as a CloudEvent 1.0 in JSON.

What comes in: what a room noted in the transaction that wrote a record. What goes out: `Change`, and the same as JSON and back.
A change says which version of what there is now, and nothing of what is in it: consumers read the record under rights of
their own. `cloud_event.schema.json` is the form for others.

    {"specversion": "1.0", "id": "evt_…/3/1071", "source": "/saite/events", "type": "lv.saite.event.dispatched",
     "subject": "evt_…", "time": "2026-05-01T10:00:00Z", "datacontenttype": "application/json",
     "sequence": "00000000000000001071", "data": {"id": "evt_…", "version": 3}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

from changes.errors import NotAChange

MEDIA_TYPE: Final = "application/cloudevents+json"

ENTITIES: Final[Mapping[str, str]] = MappingProxyType(
    {"evt": "event", "case": "case", "per": "person", "veh": "vehicle", "doc": "document"}
)
"""What a record is, by its id's prefix, as the type of an event names it."""

CREATED: Final = "created"
CHANGED: Final = "changed"
PROJECTED: Final = "projected"
"""Who may see a record changed, and not the record: it is at the version that it was at."""

_PREFIX: Final = "lv.saite."
_SOURCE: Final = "/saite/"
_DIGITS: Final = 20  # the sequence extension wants text that sorts as the numbers do


@dataclass(frozen=True, slots=True)
class Change:
    """Version `version` of the record `id` of `room` was written at `at`. `kind` says how: `created`, `changed`, `projected` or
    by which mutation (`registered`, `dispatched`, …). `sequence` grows with each change of the room, not without gaps; what
    comes after one in the feed has a greater one, and two versions of one record are in their order.
    """

    room: str
    id: str
    version: int
    kind: str
    at: datetime
    sequence: int

    @property
    def key(self) -> str:
        """Unique over all rooms, and the same each time that the change is told."""
        return f"{self.id}/{self.version}/{self.sequence}"

    @property
    def routing_key(self) -> str:
        """`ROOM.KIND`, by which a broker's queues choose."""
        return f"{self.room}.{self.kind}"


class _Data(msgspec.Struct, frozen=True):
    id: str
    version: int


class _CloudEvent(msgspec.Struct, frozen=True):
    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: Literal["application/json"]
    sequence: str
    data: _Data


_DECODER: Final = msgspec.json.Decoder(_CloudEvent)


def to_json(change: Change) -> bytes:
    """The change as a CloudEvent in JSON."""
    return msgspec.json.encode(_event_of(change))


def from_json(body: bytes) -> Change:
    """The change that a CloudEvent tells of. Raises NotAChange."""
    try:
        event = _DECODER.decode(body)
        room, kind = event.source.removeprefix(_SOURCE), event.type.rpartition(".")[2]
        change = Change(room, event.data.id, event.data.version, kind, event.time, int(event.sequence))
        told_again = _event_of(change)
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise NotAChange(f"A message is no change: {type(error).__name__}. See changes/cloud_event.schema.json.") from None
    if told_again != event or not (room and kind) or event.time.tzinfo is None:
        raise NotAChange("A message is no change: its id, source, subject, type, sequence and data do not fit together.")
    return change


def _event_of(change: Change) -> _CloudEvent:
    return _CloudEvent(
        specversion="1.0",
        id=change.key,
        source=f"{_SOURCE}{change.room}",
        type=f"{_PREFIX}{ENTITIES[change.id.partition('_')[0]]}.{change.kind}",
        subject=change.id,
        time=change.at,
        datacontenttype="application/json",
        sequence=f"{change.sequence:0{_DIGITS}}",
        data=_Data(change.id, change.version),
    )


def json_schema() -> Mapping[str, Any]:
    """The form of a change for others, as a JSON Schema."""
    schema: Mapping[str, Any] = msgspec.json.decode(files("changes").joinpath("cloud_event.schema.json").read_bytes())
    return schema
