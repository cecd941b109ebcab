"""The import: journals in, events in the registers, bad rows in the quarantine.

In: a mapping, files, the registers, the ledger, the audit. Out: `Report`. The way of a row:

    read → stage (who belongs to whom) → translate → match → audit → write things, then events → note position and refusals

Killed anywhere, the same call goes on where it was cut off: ids are derived from the source, writes are idempotent, the
position is noted after the write. What was written and not yet noted is written again and found to be the same.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from authz.audit import AuditLog
from ingest.batch import Batch, Work
from ingest.faults import Fault, Reason
from ingest.journal import assign, digest_of
from ingest.layout import layout_of
from ingest.ledger import EntryKind, Ledger, Run
from ingest.ledger.runs import Counts
from ingest.mapping import Mapping
from ingest.reading import Journals
from ingest.registers import Importer, Registers
from ingest.report import Listener, Progress, Report
from ingest.staging import Staging
from ingest.translation import Placed, Translator

BATCH: Final = 4_000
"""Events that are written, recorded and noted together."""


async def import_journals(
    mapping: Mapping,
    files: Sequence[Path],
    registers: Registers,
    ledger: Ledger,
    audit: AuditLog,
    importer: Importer,
    progress: Listener | None = None,
) -> Report:
    """Import `files` by `mapping`. Raises JournalUnreadable, ImportRunning, AuditUnavailable; bad rows raise nothing."""
    started = time.monotonic()
    with ledger.alone():
        journals = assign(files, mapping)
        digests = [(journal.path.name, digest_of(journal.path)) for journal in journals]
        ledger.keep_mapping(mapping.digest, mapping.name, mapping.text)
        run = await _begin(ledger, mapping, digests, registers)
        translator = Translator(mapping, layout_of(mapping))
        work = Work(translator, registers, ledger, audit, importer, run.id)
        with closing(Staging()) as staging:
            run = await _import(work, Journals(journals, translator, ledger), staging, run, _Meter(progress, started))
        await work.record_end(run.counts)
        ledger.runs.finish(run)
    return Report(run.id, run.counts, time.monotonic() - started, run.resumed)


async def _begin(ledger: Ledger, mapping: Mapping, digests: Sequence[tuple[str, str]], registers: Registers) -> Run:
    """The run to go on with. When the registers do not have what it wrote last (they were emptied), it starts again."""
    run = ledger.runs.begin(mapping.digest, digests)
    if run.last_event is None or await registers.events.by_ids([run.last_event], {}):
        return run
    return ledger.runs.restart(run)


async def _import(work: Work, journals: Journals, staging: Staging, run: Run, meter: _Meter) -> Run:
    staged = journals.stage(staging, meter.read)
    meter.start(run.position, staged.rows)
    batch = Batch(work, journals, staging)
    # One after the other: a database's thread needs the interpreter's lock for every row that it binds, and waits for it
    # whenever something else computes. Preparing one batch while another was written took half as long again.
    while rows := staging.events(run.position, BATCH):
        run = await batch.write(run, await batch.prepare(rows))
        meter.done(run.position)
    meter.done(staged.rows)
    return _settle_orphans(work, journals, staging, run, staged.skipped)


def _settle_orphans(work: Work, journals: Journals, staging: Staging, run: Run, skipped: int) -> Run:
    """Rows of other journals that are bad or that no event claimed go to the quarantine."""
    quarantine, mapping = work.ledger.quarantine, work.translator.mapping
    orphans = 0
    with work.ledger.transaction():
        for file, line, fault in staging.bad():
            orphans += 1
            placed = fault.at(journals.name(file), line.number)
            if line.fault is not None:
                quarantine.put(mapping.system, mapping.digest, EntryKind.LINE, "", journals.unreadable(file, line), [placed])
            else:
                row = Placed(journals.name(file), line.number, line.row)
                rows = journals.kept_row(row, journals.files[file].source.name)
                quarantine.put(mapping.system, mapping.digest, EntryKind.ROW, "", rows, [placed])
        for join, key, row in staging.orphans():
            orphans += 1
            source, _, columns = work.translator.joins[join]
            fault = Fault(Reason.NO_EVENT, columns, key, {"id": key}, row.file, row.line)
            quarantine.put(mapping.system, mapping.digest, EntryKind.ROW, key, journals.kept_row(row, source), [fault])
        # Set, not added: a resumed run finds all of them again.
        counts = msgspec.structs.replace(run.counts, orphans=orphans, skipped=skipped)
        return work.ledger.runs.advance(replace(run, counts=counts), run.position, None, Counts())


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
