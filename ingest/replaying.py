"""Replay: what lies in the quarantine is tried again, as it was corrected.

In: entries (all that wait, or some), the registers. Out: `Replayed`: a report, and the entries that can only come in with
their event. Trying twice does no harm: writes are idempotent, and an entry leaves the quarantine after its event is written.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from authz.audit import AuditLog
from ingest.errors import BadCorrection
from ingest.faults import Fault
from ingest.layout import layout_of
from ingest.ledger import Entry, EntryKind, EntryState, Ledger
from ingest.ledger.entry import bundle_of, correct, join_sources
from ingest.ledger.runs import Counts
from ingest.mapping import Mapping, read_mapping
from ingest.preparing import translated_now
from ingest.reading import rewritten
from ingest.registers import Importer, Registers
from ingest.report import Report
from ingest.translation import Bundle, Placed, Translated, Translator
from ingest.writing import Work
from kernel.ids import new_id

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to. `awaiting` are ids of rows whose event is not in the quarantine with them: their correction is
    kept, and importing the same journals again brings them in.
    """

    report: Report
    awaiting: tuple[str, ...]


async def replay(
    registers: Registers,
    ledger: Ledger,
    audit: AuditLog,
    importer: Importer,
    ids: Sequence[str] | None = None,
    mapping: Mapping | None = None,
) -> Replayed:
    """Try the entries `ids` again, or all that were corrected; with a `mapping` all that wait, by that one instead of the one
    that refused them.

    Raises BadCorrection for an unknown id, ImportRunning, AuditUnavailable.
    """
    started = time.monotonic()
    run = new_id("imp", ledger.clock.now())
    counts, awaiting = Counts(), list[str]()
    with ledger.alone():
        works: dict[str, tuple[Work, Translator]] = {}
        states = (EntryState.CORRECTED,) if mapping is None else (EntryState.OPEN, EntryState.CORRECTED)
        for page in _pages(ledger, ids, states):
            for digest in dict.fromkeys(entry.mapping for entry in page):
                if digest not in works:
                    translator = _translator(ledger, digest, mapping)
                    works[digest] = Work(translator.mapping, registers, ledger, audit, importer, run), translator
                mine = [
                    entry
                    for entry in page
                    if entry.mapping == digest and entry.state in (EntryState.OPEN, EntryState.CORRECTED)
                ]
                tried, waiting = await _replay(*works[digest], mine)
                counts, awaiting = counts + tried, [*awaiting, *waiting]
        for work, _ in works.values():
            await work.record_end(counts)
    settled = {id_ for id_ in awaiting if ledger.quarantine.get(id_).state not in (EntryState.OPEN, EntryState.CORRECTED)}
    left = tuple(id_ for id_ in awaiting if id_ not in settled)
    return Replayed(Report(run, counts, time.monotonic() - started), left)


def _pages(ledger: Ledger, ids: Sequence[str] | None, states: Sequence[EntryState]) -> Iterator[list[Entry]]:
    if ids is not None:
        yield [ledger.quarantine.get(id_) for id_ in dict.fromkeys(ids)]
        return
    after = None
    while page := ledger.quarantine.entries(states, limit=_PAGE, after=after):
        yield page
        after = page[-1].id


def _translator(ledger: Ledger, digest: str, mapping: Mapping | None) -> Translator:
    if mapping is None:
        kept = ledger.mapping_text(digest)
        if kept is None:
            raise BadCorrection("the mapping of this entry is not kept here: replay with --mapping")
        mapping = read_mapping(kept[1], kept[0])
    return Translator(mapping, layout_of(mapping))


async def _replay(work: Work, translator: Translator, entries: Iterable[Entry]) -> tuple[Counts, list[str]]:
    """One page: what it came to, and the entries that are no events."""
    awaiting: list[str] = []
    made: list[tuple[Translated, list[str]]] = []
    refused: list[tuple[str, list[Fault]]] = []
    for entry in entries:
        bundle = _bundle(entry, translator)
        if bundle is None:
            awaiting.append(entry.id)
            continue
        if isinstance(bundle, Fault):
            refused.append((entry.id, [bundle]))
            continue
        bundle, orphans = _with_orphans(bundle, translator, work.ledger)
        result = await translated_now(bundle, translator, work.registers.events.ids_by_source)
        if isinstance(result, list):
            refused.append((entry.id, result))
        else:
            made.append((result, [entry.id, *orphans]))
    counts = Counts(read=len(made) + len(refused), quarantined=len(refused))
    if made:
        outcome, _ = await work.write([translated for translated, _ in made])
        counts += Counts(new=outcome.new, changed=outcome.changed, same=outcome.same)
    with work.ledger.transaction():
        for _, ids in made:
            work.ledger.quarantine.settle(ids, EntryState.IMPORTED)
        for id_, faults in refused:
            work.ledger.quarantine.renew_faults(id_, faults)
    return counts, awaiting


def _bundle(entry: Entry, translator: Translator) -> Bundle | Fault | None:
    """The event that an entry holds, corrected; a fault when its line still cannot be read; None when it holds no event."""
    if entry.rows.source != translator.mapping.event.source or entry.kind is EntryKind.ROW:
        return None
    if entry.kind is EntryKind.EVENT:
        return bundle_of(entry.key, correct(entry.rows, entry.corrections), translator.mapping, translator.layout)
    place = entry.rows.main[0]
    if not entry.corrections:
        return Fault(entry.faults[0].reason, detail=entry.faults[0].detail, file=place.file, line=place.line)
    line = rewritten(entry, translator)
    if line.fault is not None:
        return line.fault.at(place.file, place.line)
    return Bundle("", (Placed(place.file, place.line, line.row, line.nested),))


def _with_orphans(bundle: Bundle, translator: Translator, ledger: Ledger) -> tuple[Bundle, list[str]]:
    """The bundle with the rows of other journals that wait for just this event, and their entries."""
    key = translator.key(bundle.main[0].row)
    if isinstance(key, Fault) or not translator.joins:
        return bundle, []
    joined = [list(rows) for rows in bundle.joined] or [[] for _ in translator.joins]
    ids: list[str] = []
    for entry in ledger.quarantine.waiting_rows(translator.mapping.system, key):
        rows = correct(entry.rows, entry.corrections)
        row = bundle_of("", rows, translator.mapping, translator.layout).main[0]
        for index, source in enumerate(join_sources(translator.mapping)):
            if source == entry.rows.source and translator.joins[index].key(row.row) == key:
                joined[index].append(row)
                ids.append(entry.id)
    return bundle._replace(joined=tuple(tuple(rows) for rows in joined)), ids
