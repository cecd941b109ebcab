"""The one place that all ways in lead to: raw messages in, what became of each out, committed.

In: the bytes of messages with who may have sent them. Out: `Taken`, in their order, when everything is on disk. A batch is one
transaction; when the register takes the others but not one of them, that one goes to the quarantine and the others come in.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from authz.audit import AuditEntry, AuditLog, AuditUnavailable, Operation
from ingest.receiving.counts import Counts
from ingest.receiving.reading import Reader
from ingest.receiving.sources import Sources
from kernel.clock import Clock
from kernel.errors import SaiteError
from subgraphs.events.registration.arrival import Batch, Message, Receipt, Taken, Unusable
from subgraphs.events.registration.reasons import reason
from subgraphs.events.registration.taking import Overtaken, SqlReceiving
from subgraphs.room.errors import StoreFailed

_log: Final = logging.getLogger(__name__)

AWAY: Final = (StoreFailed, AuditUnavailable, Overtaken)
"""What is raised while the register or the audit cannot take anything: the same messages are to be tried again."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it came. `may_send_for`: the sources that whoever sent it speaks for."""

    raw: bytes
    may_send_for: Collection[str]


class Receiver:
    """Takes messages into one register."""

    def __init__(self, store: SqlReceiving, sources: Sources, audit: AuditLog, clock: Clock) -> None:
        self.store = store
        self.sources = sources
        self.counts = Counts(sources)
        self._audit = audit
        self._clock = clock
        self._answered = frozenset(source.id for source in sources if source.broker_user is not None)

    async def take(self, incoming: Sequence[Incoming]) -> tuple[Taken, ...]:
        """Take them, together when that works and each by itself when it does not. Raises what is in `AWAY`."""
        reader = self._reader()
        messages = [reader.read(one.raw, one.may_send_for) for one in incoming]
        try:
            return await self._take(messages, reader)
        except Exception as error:
            if not _is_of_a_message(error):
                raise
            _log.warning("a batch is taken one by one", extra={"messages": len(messages), "reason": type(error).__name__})
        return tuple([await self._alone(message, reader) for message in messages])

    async def retry(self, ids: Sequence[str], *, forced: bool) -> dict[str, Receipt]:
        """Try held messages again (`SqlReceiving.retry`). Raises what is in `AWAY`."""
        reader = self._reader()
        batch = self._batch((), reader)
        return await self.store.retry(ids, batch, lambda events: self._record(events, reader.txn, b""), forced=forced)

    async def _alone(self, message: Message, reader: Reader) -> Taken:
        try:
            return (await self._take([message], reader))[0]
        except Exception as error:
            if not _is_of_a_message(error):
                raise
            problem = reason((), "REFUSED_BY_STORE", detail=type(error.__cause__ or error).__name__)
        refused = Unusable(message.source, message.message_id, message.digest, message.body, (problem,))
        return (await self._take([refused], reader))[0]

    async def _take(self, messages: Sequence[Message], reader: Reader) -> tuple[Taken, ...]:
        said = hashlib.sha256(b"".join(message.digest for message in messages)).digest()
        batch = self._batch(messages, reader)
        taken = await self.store.take(batch, lambda events: self._record(events, reader.txn, said))
        self.counts.count(messages, taken, self._clock.now())
        return taken

    def _reader(self) -> Reader:
        return Reader(self.sources, self._clock.now(), secrets.token_hex(16))

    def _batch(self, messages: Sequence[Message], reader: Reader) -> Batch:
        return Batch(reader.now, messages, self._answered, lambda body: reader.read(body, None))

    async def _record(self, events: Mapping[str, tuple[str, ...]], txn: str, said: bytes) -> None:
        for agency, ids in events.items():
            entry = AuditEntry(
                kind="import",
                request_id=txn,
                agency=agency,
                user="ingest",
                status="intended",
                operation=Operation(name="ingest", document_sha256=said.hex()),
                entities={"Event": ids},
                counts={"Event": len(ids)},
                subgraphs=("events",),
            )
            await self._audit.append(entry)


def _is_of_a_message(error: Exception) -> bool:
    """Whether it lies in what a message says, and not in the database or the way to it."""
    if isinstance(error, SaiteError) and not isinstance(error, StoreFailed):
        return False
    return any(
        str(getattr(cause, "sqlstate", "") or "").startswith(("22", "23"))
        or (isinstance(cause, ValueError | TypeError | OverflowError) and not isinstance(cause, OSError))
        for cause in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        if (driver := getattr(seen, "orig", None)) is not None:
            yield driver
        seen = seen.__cause__
