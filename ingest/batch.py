"""One batch: some hundred rows of the events' journals, settled together.

In: rows, the staging, what a run works with. Out: records in the registers, refusals in the quarantine, the run's new position.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from authz.audit import AuditEntry, AuditLog, Operation
from ingest.faults import Fault, Reason
from ingest.journal import Line
from ingest.ledger import Entry, EntryKind, EntryState, Ledger, Run
from ingest.ledger.entry import KeptRows, bundle_of, correct, kept_bundle
from ingest.ledger.runs import Counts
from ingest.matching import Matched, match
from ingest.reading import Journals, Numbered
from ingest.registers import Importer, Registers
from ingest.staging import Staged, Staging
from ingest.translation import Bundle, Placed, Translated, Translator
from subgraphs.room.records import Outcome


@dataclass(frozen=True, slots=True)
class Work:
    """What a run (or a replay) works with."""

    translator: Translator
    registers: Registers
    ledger: Ledger
    audit: AuditLog
    importer: Importer
    run: str

    async def write(self, translated: Sequence[Translated]) -> tuple[Outcome, Matched]:
        """Record in the audit, then write: things first, events last, so that an event never names what is not there yet."""
        matched = await match(translated, self.registers)
        await self._record(matched)
        stores = {"persons": self.registers.persons, "vehicles": self.registers.vehicles, "documents": self.registers.documents}
        things = {kind: [thing.record for thing in matched.things if thing.kind == kind] for kind in stores}
        await asyncio.gather(
            *(stores[kind].put_many(records) for kind, records in things.items() if records),  # type: ignore[attr-defined]  # of its kind
            *(stores[kind].add_involved(items) for kind, items in matched.involved.items()),  # type: ignore[attr-defined]
        )
        return await self.registers.events.put_many(matched.events), matched

    async def record_end(self, counts: Counts) -> None:
        """Record what the run came to."""
        await self.audit.append(self._entry({}, {name: getattr(counts, name) for name in counts.__struct_fields__}))

    async def _record(self, matched: Matched) -> None:
        entities: dict[str, tuple[str, ...]] = {"Event": tuple(event.id for event in matched.events)}
        for kind, name in (("persons", "Person"), ("vehicles", "Vehicle"), ("documents", "Document")):
            if ids := tuple(thing.record.id for thing in matched.things if thing.kind == kind):
                entities[name] = ids
        await self.audit.append(self._entry(entities, {name: len(ids) for name, ids in entities.items()}))

    def _entry(self, entities: dict[str, tuple[str, ...]], counts: dict[str, int]) -> AuditEntry:
        mapping = self.translator.mapping
        return AuditEntry(
            kind="import",
            request_id=self.run,
            agency=self.importer.agency,
            user=self.importer.user,
            status="ok",
            operation=Operation(name=mapping.name, document_sha256=mapping.digest),
            entities=entities,
            counts=counts,
            subgraphs=("documents", "events", "persons", "vehicles"),
        )


class Gathered:
    """Rows that wait to be settled, after row `position`."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.rows: list[Numbered] = []

    def add(self, numbered: Numbered) -> None:
        """One more row."""
        self.rows.append(numbered)
        self.position = numbered.ordinal


@dataclass(frozen=True, slots=True)
class _Refused:
    """What goes to the quarantine: `rows` events were refused with it."""

    kind: EntryKind
    key: str
    rows: KeptRows
    faults: list[Fault]
    count: int = 1


@dataclass(slots=True)
class _Sorted:
    """A batch taken apart. `bundles` pairs each event with the number of its rows and the entry that corrected it."""

    bundles: list[tuple[Bundle, int, str | None]] = field(default_factory=list)
    refused: list[_Refused] = field(default_factory=list)
    skipped: int = 0


class Batch:
    """Settles gathered rows."""

    def __init__(self, work: Work, journals: Journals, staging: Staging) -> None:
        self._work = work
        self._journals = journals
        self._staging = staging

    async def settle(self, run: Run, gathered: Gathered) -> Run:
        """Write what can be written, note the rest and the position in one transaction."""
        sorted_ = self._sort(gathered.rows)
        translated, corrected = await self._translate(sorted_)
        outcome, written = Outcome(), Matched([], [], {})
        if translated:
            outcome, written = await self._work.write([each for each, _ in translated])
        counts = _counts(outcome, written, sorted_, [rows for _, rows in translated])
        ledger, mapping = self._work.ledger, self._work.translator.mapping
        with ledger.transaction():
            for refused in sorted_.refused:
                ledger.quarantine.put(mapping.system, mapping.digest, refused.kind, refused.key, refused.rows, refused.faults)
            ledger.quarantine.settle(corrected, EntryState.IMPORTED)
            ledger.quarantine.supersede(
                mapping.system, [each.event.source.id for each, _ in translated if each.event.source is not None]
            )
            last = written.events[-1].id if written.events else None
            return ledger.runs.advance(run, gathered.position, last, counts)

    def _sort(self, rows: Sequence[Numbered]) -> _Sorted:
        """Which rows make which event, which cannot be used, which are passed over."""
        sorted_ = _Sorted()
        keyed: list[tuple[Numbered, str]] = []
        for numbered in rows:
            key = self._journals.key(numbered.line)
            if key is None:
                sorted_.skipped += 1
            elif isinstance(key, Fault):
                sorted_.refused.append(self._without_key(numbered, key))
            else:
                keyed.append((numbered, key))
        joined = self._staging.joined([key for _, key in keyed]) if self._work.translator.joins and keyed else {}
        for numbered, key in keyed:
            self._bundle(numbered, key, joined, sorted_)
        return sorted_

    def _without_key(self, numbered: Numbered, fault: Fault) -> _Refused:
        _, file, line, _ = numbered
        placed = [fault.at(self._journals.name(file), line.number)]
        if line.fault is not None:
            return _Refused(EntryKind.LINE, "", self._journals.unreadable(file, line), placed)
        return self._refusal(Bundle("", (self._place(file, line),)), placed)

    def _bundle(self, numbered: Numbered, key: str, joined: dict[tuple[str, int], list[Staged]], sorted_: _Sorted) -> None:
        """Put an event together at the first of its rows; further ones were counted there."""
        ordinal, file, line, entry = numbered
        repeated = self._staging.rows_of_repeated(key)
        refuse = self._work.translator.mapping.event.duplicates == "refuse"
        if repeated and repeated[0][0] != ordinal:
            if refuse:
                detail = {"id": key, "line": str(repeated[0][1].line)}
                fault = Fault(Reason.DUPLICATE_ID, value=key, detail=detail).at(self._journals.name(file), line.number)
                # Without the key: the event of that key is in the registers, and this row is not a later state of it.
                sorted_.refused.append(self._refusal(Bundle("", (self._place(file, line),)), [fault]))
            return
        rows = [row for _, row in repeated] if repeated and not refuse else [Staged(file, line.number, line.row, line.nested)]
        others = tuple(
            tuple(self._placed(row) for row in joined.get((key, join), ())) for join in range(len(self._work.translator.joins))
        )
        sorted_.bundles.append((Bundle(key, tuple(self._placed(row) for row in rows), others), len(rows), entry))

    def _refusal(self, bundle: Bundle, faults: list[Fault], count: int = 1) -> _Refused:
        translator = self._work.translator
        return _Refused(EntryKind.EVENT, bundle.key, kept_bundle(bundle, translator.mapping, translator.layout), faults, count)

    def _place(self, file: int, line: Line) -> Placed:
        return Placed(self._journals.name(file), line.number, line.row, line.nested)

    def _placed(self, row: Staged) -> Placed:
        return Placed(self._journals.name(row.file), row.line, row.row, row.nested)

    async def _translate(self, sorted_: _Sorted) -> tuple[list[tuple[Translated, int]], list[str]]:
        """The events that can be made, with the number of their rows; the entries whose corrections made some of them
        possible.
        """
        translator = self._work.translator
        keys = [bundle.key for bundle, _, _ in sorted_.bundles]
        known = await self._work.registers.events.ids_by_source(translator.mapping.system, keys) if keys else {}
        made: list[tuple[Translated, int]] = []
        corrected: list[str] = []
        for bundle, rows, line_entry in sorted_.bundles:
            entry = line_entry
            result = translator.translate(bundle, known.get(bundle.key))
            if isinstance(result, list):
                refusal = self._refusal(bundle, result, rows)
                kept = self._work.ledger.quarantine.corrected(translator.mapping.system, refusal.rows)
                result, entry = (result, entry) if kept is None else (await retranslated(kept, self._work), kept.id)
                if isinstance(result, list):
                    sorted_.refused.append(refusal)
                    continue
            made.append((result, rows))
            if entry is not None:
                corrected.append(entry)
        return made, corrected


async def retranslated(entry: Entry, work: Work) -> Translated | list[Fault]:
    """What a refused event's rows mean as a person corrected them."""
    translator = work.translator
    bundle = bundle_of(entry.key, correct(entry.rows, entry.corrections), translator.mapping, translator.layout)
    return await translated_now(bundle, work)


async def translated_now(bundle: Bundle, work: Work) -> Translated | list[Fault]:
    """What a bundle means whose key may have been corrected since it was put together."""
    translator, main = work.translator, bundle.main[0]
    key = translator.key(main.row)
    if isinstance(key, Fault):
        return [key.at(main.file, main.line)]
    known = await work.registers.events.ids_by_source(translator.mapping.system, [key])
    return translator.translate(bundle._replace(key=key), known.get(key))


def _counts(outcome: Outcome, written: Matched, sorted_: _Sorted, rows: Sequence[int]) -> Counts:
    """What the batch came to. Further rows of one event are `same`: the event holds what they say."""
    repeated = sum(rows) - len(rows)
    quarantined = sum(refused.count for refused in sorted_.refused)
    kinds = [thing.kind for thing in written.things]
    return Counts(
        read=sum(rows) + quarantined,
        new=outcome.new,
        changed=outcome.changed,
        same=outcome.same + repeated,
        quarantined=quarantined,
        repeated=repeated,
        skipped=sorted_.skipped,
        persons=kinds.count("persons"),
        vehicles=kinds.count("vehicles"),
        documents=kinds.count("documents"),
    )
