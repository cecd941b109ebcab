"""The log: an entry goes in, its record id comes out when the record is durable, and not before.

One thread writes. While it flushes one batch to disk, further entries wait and become the next batch, so many requests share
one flush and a lone request waits for one flush only. Any failure reaches every caller of that batch as
AuditUnavailable; the next batch tries again, after the end of the chain was read from disk.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

from authz.audit.entity_marks import EntitySeal
from authz.audit.entry import AuditEntry
from authz.audit.errors import AuditUnavailable
from authz.audit.lending import Lender
from authz.audit.reader import tail
from authz.audit.record import AuditRecord, Draft, Head, draft, seal
from authz.audit.signing import HeadKeeper
from authz.audit.store import Location, RecordStore, StoreFailed
from authz.audit.store_sqlite import SqliteStore
from authz.audit.tree_heads import HeadSigner
from authz.audit.waiting import AsyncWaiter, Waiting, Waitlist
from kernel.clock import Clock, SystemClock
from kernel.ids import new_id

MAX_WAITING: Final = 20_000
PATIENCE: Final = timedelta(seconds=5)
_FAILED: Final = "The audit log cannot be written, so nothing is answered: free its disk or mend its file; see the log for why."

log = logging.getLogger("saite.audit")


class AuditLog:
    """Appends records to one chain of a log. Open it after forking, close it before the process ends; one per process."""

    def __init__(
        self,
        location: Location,
        store: RecordStore,
        writer: str,
        clock: Clock,
        patience: timedelta,
        signer: HeadSigner | None,
        entities: EntitySeal | None = None,
    ) -> None:
        self._location = location
        self._store = store
        self._writer = writer
        self._clock = clock
        self._entities = entities
        self._keeper = None if signer is None else HeadKeeper(signer, store, writer, clock)
        self._patience = patience.total_seconds()
        self._waiting = Waitlist()
        self._durable = store.head(writer)
        self._head: Head | None = self._durable
        self._lenders: WeakKeyDictionary[asyncio.AbstractEventLoop, Lender] = WeakKeyDictionary()
        self._closing = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._write_until_closed, name=f"audit {writer}", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls,
        location: Location,
        clock: Clock | None = None,
        *,
        role: str = "gateway",
        patience: timedelta = PATIENCE,
        signer: HeadSigner | None = None,
        entities: EntitySeal | None = None,
    ) -> AuditLog:
        """Open the log in `location`, made when absent, and go on with a free chain of `role`. Raises AuditUnavailable.

        With a `signer` the heads of the chain are signed at intervals and on `close`; with `entities` ids are kept as marks.
        """
        try:
            with ExitStack() as undo:
                store = _store(location)
                undo.callback(store.close)
                opened = cls(location, store, store.claim(role), clock or SystemClock(), patience, signer, entities)
                undo.pop_all()
        except (StoreFailed, OSError) as error:
            raise AuditUnavailable(f"The audit log cannot be opened: {error}") from error
        return opened

    @property
    def writer(self) -> str:
        """The name of the chain that this log writes, such as `gateway-1`."""
        return self._writer

    @property
    def is_sound(self) -> bool:
        """Whether the chain can be continued: what was written last is known, and nothing failed since."""
        return self._head is not None and not self._is_closed

    @property
    def durable(self) -> int:
        """The number of the newest record that is durable."""
        return self._durable.seq

    async def append(self, entry: AuditEntry) -> str:
        """Record `entry`; its record id, once it is durable. Raises AuditUnavailable, after at most the log's patience."""
        prepared = self._draft(entry)
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        lender = self._lender(loop)
        self._waiting.put(Waiting(prepared, AsyncWaiter(loop, future)))
        lender.begin(future)
        try:
            await future
        except TimeoutError:
            raise AuditUnavailable(_FAILED) from None
        finally:
            lender.end()
        return prepared.id

    def append_blocking(self, entry: AuditEntry) -> str:
        """The same for code that runs no event loop: blocks the calling thread until the record is durable."""
        prepared = self._draft(entry)
        future: Future[None] = Future()
        self._waiting.put(Waiting(prepared, future))
        try:
            future.result(self._patience)
        except TimeoutError:
            raise AuditUnavailable(_FAILED) from None
        return prepared.id

    def note(self, entry: AuditEntry) -> None:
        """Record `entry` within a moment (`waiting.GATHER`), and do not wait for it.

        Raises AuditUnavailable when what came before could not be written.
        """
        is_failing = self._head is None
        self._waiting.put(Waiting(self._draft(entry), None))
        if is_failing:
            raise AuditUnavailable(_FAILED)  # this entry finds out whether the place can be written again

    def tail(self, count: int) -> tuple[AuditRecord, ...]:
        """The newest `count` records of all writers, oldest first. Raises UnreadableLog."""
        return tail(self._location, count)

    def close(self) -> None:
        """Write what waits, then let go of file and chain. Later appends raise AuditUnavailable."""
        with self._closing:
            if self._is_closed:
                return
            self._is_closed = True
        self._waiting.close()
        self._thread.join()
        self._store.close()

    def _lender(self, loop: asyncio.AbstractEventLoop) -> Lender:
        lender = self._lenders.get(loop)
        if lender is None:
            lender = self._lenders[loop] = Lender(loop, self._patience)
        return lender

    def _draft(self, entry: AuditEntry) -> Draft:
        if self._is_closed:
            raise AuditUnavailable("The audit log is closed, so nothing is answered: the process is about to end.")
        if len(self._waiting) >= MAX_WAITING:
            raise AuditUnavailable(
                f"{MAX_WAITING} audit records wait for the disk, so nothing more is answered until it keeps up."
            )
        now = self._clock.now()
        if self._entities is not None:
            entry = self._entities.sealed(entry)
        return draft(entry, new_id("aud", now), now)

    def _write_until_closed(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._waiting.batch(self._until_a_head_is_due())
            if batch:
                _tell(batch, self._write(batch))
            if self._keeper is not None and self._head is not None:
                if is_open:
                    self._keeper.sign_if_due(self._head.seq)
                else:
                    self._keeper.sign(self._head.seq)

    def _until_a_head_is_due(self) -> float | None:
        return None if self._keeper is None or self._head is None else self._keeper.wait(self._head.seq)

    def _write(self, batch: Sequence[Waiting]) -> AuditUnavailable | None:
        try:
            head = self._head or self._head_on_disk()
            records, new_head = seal([waiting.draft for waiting in batch], self._writer, head)
            self._store.write(self._writer, records)
        except Exception as error:  # whatever it was, nobody may be answered
            # The write may have reached the disk all the same: only the disk knows where the chain ends now.
            self._head = None
            if self._keeper is not None:
                self._keeper.forget()
            log.exception("audit records could not be written", extra={"records": len(batch), "writer": self._writer})
            failure = AuditUnavailable(_FAILED)
            failure.__cause__ = error
            return failure
        self._head = self._durable = new_head
        if self._keeper is not None:
            self._keeper.grow(records)
        return None

    def _head_on_disk(self) -> Head:
        """The end of the chain after a failure. It may lie beyond the last acknowledged record, never before it."""
        head = self._store.head(self._writer)
        if head.seq < self._durable.seq or (head.seq == self._durable.seq and head != self._durable):
            raise StoreFailed(
                f"the chain {self._writer} ends at record {head.seq}, but record {self._durable.seq} was acknowledged: "
                "the log was rolled back"
            )
        return head


def _store(location: Location) -> RecordStore:
    if isinstance(location, Path):
        return SqliteStore.open(location)
    from authz.audit.store_postgresql import PostgresqlStore

    return PostgresqlStore.open(location)


def _tell(batch: Sequence[Waiting], error: AuditUnavailable | None) -> None:
    """Wake everybody who waits for the batch: each event loop once, each thread."""
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for waiting in batch:
        match waiting.waiter:
            case AsyncWaiter(loop, future):
                by_loop.setdefault(loop, []).append(future)
            case Future() as blocked:
                _settle([blocked], error)
    for loop, futures in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, futures, error)
        except RuntimeError:  # the loop was closed: nobody waits any more
            continue


def _settle(futures: Sequence[asyncio.Future[None]] | Sequence[Future[None]], error: AuditUnavailable | None) -> None:
    for future in futures:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
