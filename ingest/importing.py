"""The import: journals in, events in the registers, bad rows in the quarantine.

In: a mapping, files, the registers, the ledger, the audit. Out: `Report`. The way of a row:

    read → stage (who belongs to whom) → translate │ match → audit → write things, then events → note position and refusals
    `ingest/preparing`, in a process of its own    │ `ingest/writing`

Killed anywhere, the same call goes on where it was cut off: ids are derived from the source, writes are idempotent, the
position is noted after the write. What was written and not yet noted is written again and found to be the same.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import aclosing, nullcontext
from dataclasses import replace
from pathlib import Path

import msgspec

from authz.audit import AuditLog
from ingest.ahead.process import Worker, prepare_ahead, started
from ingest.journal import assign, digest_of
from ingest.ledger import Ledger, Run
from ingest.ledger.runs import Counts
from ingest.mapping import Mapping
from ingest.preparing import Left, Order, Prepared, Staged
from ingest.registers import Importer, Registers
from ingest.report import Listener, Progress, Report
from ingest.writing import Work


async def import_journals(
    mapping: Mapping,
    files: Sequence[Path],
    registers: Registers,
    ledger: Ledger,
    audit: AuditLog,
    importer: Importer,
    progress: Listener | None = None,
    worker: Worker | None = None,
) -> Report:
    """Import `files` by `mapping`, with a `worker` that was started for them before or with one of its own.

    Raises JournalUnreadable, ImportRunning, PreparationFailed, AuditUnavailable; bad rows raise nothing.
    """
    began = time.monotonic()
    with ledger.alone(), nullcontext(worker) if worker is not None else started(files) as ahead:
        digests = [(journal.path.name, digest_of(journal.path)) for journal in assign(files, mapping)]
        ledger.keep_mapping(mapping.digest, mapping.name, mapping.text)
        run = await _begin(ledger, mapping, digests, registers)
        work = Work(mapping, registers, ledger, audit, importer, run.id)
        run = await _import(work, ahead, files, run, _Meter(progress, began))
        await work.record_end(run.counts)
        ledger.runs.finish(run)
    return Report(run.id, run.counts, time.monotonic() - began, run.resumed)


async def _begin(ledger: Ledger, mapping: Mapping, digests: Sequence[tuple[str, str]], registers: Registers) -> Run:
    """The run to go on with. When the registers do not have what it wrote last (they were emptied), it starts again."""
    run = ledger.runs.begin(mapping.digest, digests)
    if run.last_event is None or await registers.events.by_ids([run.last_event], {}):
        return run
    return ledger.runs.restart(run)


async def _import(work: Work, worker: Worker | None, files: Sequence[Path], run: Run, meter: _Meter) -> Run:
    mapping, ledger = work.mapping, work.ledger
    order = Order(mapping.name, mapping.text, tuple(map(str, files)), str(ledger.folder), run.position)
    in_turn = ledger.quarantine.has_corrections(mapping.system)
    staged, orphans = Staged(0, 0), 0
    look_up = work.registers.events.ids_by_source
    async with aclosing(prepare_ahead(worker, order, look_up, meter.read, in_turn=in_turn)) as steps:
        async for step in steps:
            match step:
                case Staged():
                    staged = step
                    meter.start(run.position, staged.rows)
                case Prepared():
                    run = await work.settle(run, step)
                    meter.done(run.position)
                case Left(refused):
                    orphans += len(refused)
                    with ledger.transaction():
                        work.quarantine(refused)
    meter.done(staged.rows)
    # Set, not added: a resumed run finds all of them again.
    counts = msgspec.structs.replace(run.counts, orphans=orphans, skipped=staged.skipped)
    return ledger.runs.advance(replace(run, counts=counts), run.position, None, Counts())


class _Meter:
    """Turns positions into `Progress`: the rate is that of this process, not of the runs before it."""

    def __init__(self, listener: Listener | None, started: float) -> None:
        self._listener = listener
        self._started = started
        self._read = 0
        self._from = 0
        self._total = 0

    def read(self, rows: int) -> None:
        """So many more rows were read while staging."""
        self._read += rows
        self._tell(Progress("reading", self._read, None, self._read / self._elapsed(), None))

    def start(self, position: int, total: int) -> None:
        """Staging is over; the rows after `position` of `total` come next."""
        self._started, self._from, self._total = time.monotonic(), position, total

    def done(self, position: int) -> None:
        """All rows up to `position` are settled."""
        rate = (position - self._from) / self._elapsed()
        remaining = (self._total - position) / rate if rate else None
        self._tell(Progress("importing", position, self._total, rate, remaining))

    def _elapsed(self) -> float:
        return max(time.monotonic() - self._started, 1e-6)

    def _tell(self, progress: Progress) -> None:
        if self._listener is not None:
            self._listener(progress)
