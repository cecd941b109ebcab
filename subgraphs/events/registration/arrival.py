"""What a source sends, as the store is asked to take it, and what came of it.

What comes in: messages that were read and checked by themselves (`Arrival`), or that are wrong (`Unusable`). What goes out: a
`Receipt` for each. A message is known by its source and its own id; an event by its source and its number there.

    APPLIED      it is in the register: event, version, registration number
    WAITING      a message before it has not come yet
    SUPERSEDED   a later message of the same event was applied before it: it is kept and changes nothing
    QUARANTINED  it is wrong, or the event does not allow it: somebody has to look; `problems` say why
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from subgraphs.events.model import EventRecord
from subgraphs.events.registration.change import Asked, Step
from subgraphs.events.registration.refusal import Problem

Begun = Callable[[str, str], EventRecord]
"""From an event id and a registration number to the new event."""


class Fate(StrEnum):
    """What came of a message."""

    APPLIED = "APPLIED"
    WAITING = "WAITING"
    SUPERSEDED = "SUPERSEDED"
    QUARANTINED = "QUARANTINED"


class HeldState(StrEnum):
    """`WAITING` for a message before it, `LATE`: kept as history, `OPEN` waits for a person, `CORRECTED` by one and not yet
    tried again, `IMPORTED`: it came in after all.
    """

    WAITING = "WAITING"
    LATE = "LATE"
    OPEN = "OPEN"
    CORRECTED = "CORRECTED"
    IMPORTED = "IMPORTED"


class ReceiptProblem(msgspec.Struct, frozen=True, rename="camel"):
    """Why a message is in quarantine."""

    path: tuple[str, ...]
    code: str
    message: str
    message_lv: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What the source is told of a message, once what it says is committed."""

    source_id: str
    message_id: str
    status: Fate
    at: datetime
    event_id: str | None = None
    version: int | None = None
    registration_number: str | None = None
    quarantine_id: str | None = None
    problems: tuple[ReceiptProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that was read. `digest` tells whether another one of the same id says the same; `begin` of a registration,
    `step` of a change; `problems` is what is wrong with it by itself. `body` is the message as it came.
    """

    source: str
    message_id: str
    digest: bytes
    body: bytes
    event_no: str
    seq: int
    asked: Asked
    begin: Begun | None = None
    step: Step | None = None
    problems: tuple[Problem, ...] = ()
    sent_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What the inbox knows it by."""
        return self.source, self.message_id

    @property
    def event(self) -> tuple[str, str]:
        """What its source knows the event by."""
        return self.source, self.event_no


@dataclass(frozen=True, slots=True)
class Unusable:
    """One message that is none, or not its sender's. `source` and `message_id` are empty where they could not be read."""

    source: str
    message_id: str
    digest: bytes
    body: bytes
    problems: tuple[Problem, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What the quarantine shows it by."""
        return self.source, self.message_id


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a message. `repeated`: it came before, and the receipt is the earlier one."""

    receipt: Receipt
    repeated: bool = False


Message = Arrival | Unusable

Revive = Callable[[bytes], Message]
"""From the body of a message that is held to the message."""

Recording = Callable[[Mapping[str, tuple[str, ...]]], Awaitable[None]]
"""Records, durably, which events are about to be written, by the agencies that do it. What it raises ends the transaction."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that are taken in one transaction, at one moment. `answered` are the sources whose receipts go to a queue."""

    at: datetime
    messages: Sequence[Message]
    answered: frozenset[str]
    revive: Revive


class Held(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A message that waits, came late or is wrong. `body` is as it came, `corrected` as a person wants it."""

    id: str
    source_id: str
    message_id: str
    state: HeldState
    event_no: str | None
    seq: int | None
    digest: bytes
    body: bytes
    corrected: bytes | None
    problems: tuple[ReceiptProblem, ...]
    first_seen: datetime
    last_seen: datetime
    times: int


class ReceivingStore(Protocol):
    """What receiving asks of the event register's store."""

    async def take(self, batch: Batch, record: Recording) -> tuple[Taken, ...]:
        """Take the messages in one transaction: inbox, events, history, outbox, receipts; what came of each, in their order."""
        ...
