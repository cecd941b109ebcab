"""One batch: some hundred rows of the events' journals, settled together.

In: rows, the staging, what a run works with. Out: records in the registers, refusals in the quarantine, the run's new position.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from authz.audit import AuditEntry, AuditLog, Operation
from ingest.faults import Fault, Reason
from ingest.ledger import Entry, EntryKind, EntryState, Ledger, Run
from ingest.ledger.entry import KeptRows, bundle_of, correct, kept_bundle
from ingest.ledger.runs import Counts
from ingest.matching import Matched, match
from ingest.reading import Journals
from ingest.registers import Importer, Registers
from ingest.staging import Numbered, Staging
from ingest.translation import Bundle, Placed, Translated, Translator
from subgraphs.room.records import Outcome

_Joined = Mapping[tuple[str, int], list[Placed]]


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
    """A batch taken apart. `bundles` pairs each event with the number of its rows."""

    bundles: list[tuple[Bundle, int]] = field(default_factory=list)
    refused: list[_Refused] = field(default_factory=list)


class Prepared(NamedTuple):
    """A batch that only has to be written: the number of its last row, its events with the numbers of their rows, the entries
    whose corrections made some of them possible.
    """

    position: int
    sorted: _Sorted
    translated: list[tuple[Translated, int]]
    corrected: list[str]


class Batch:
    """Settles rows, a batch at a time."""

    def __init__(self, work: Work, journals: Journals, staging: Staging) -> None:
        self._work = work
        self._journals = journals
        self._staging = staging

    async def prepare(self, rows: Sequence[tuple[int, Numbered]]) -> Prepared:
        """Everything up to the writing."""
        sorted_ = self._sort(rows)
        translated, corrected = await self._translate(sorted_)
        return Prepared(rows[-1][0], sorted_, translated, corrected)

    async def write(self, run: Run, prepared: Prepared) -> Run:
        """Write what can be written, note the rest and the position in one transaction."""
        outcome, written = Outcome(), Matched([], [], {})
        if prepared.translated:
            outcome, written = await self._work.write([each for each, _ in prepared.translated])
        counts = _counts(outcome, written, prepared)
        ledger, mapping = self._work.ledger, self._work.translator.mapping
        with ledger.transaction():
            for refused in prepared.sorted.refused:
                ledger.quarantine.put(mapping.system, mapping.digest, refused.kind, refused.key, refused.rows, refused.faults)
            ledger.quarantine.settle(prepared.corrected, EntryState.IMPORTED)
            ledger.quarantine.supersede(mapping.system, [source.id for event in written.events if (source := event.source)])
            last = written.events[-1].id if written.events else None
            return ledger.runs.advance(run, prepared.position, last, counts)

    def _sort(self, rows: Sequence[tuple[int, Numbered]]) -> _Sorted:
        """Which rows make which event, and which cannot be used."""
        sorted_ = _Sorted()
        keys = [row.key for _, row in rows if row.key is not None]
        joined = self._staging.joined(keys) if self._work.translator.joins else {}
        repeated = self._staging.repeated(keys)
        for ordinal, row in rows:
            if row.key is None:
                sorted_.refused.append(self._without_key(row))
            elif row.key in repeated:
                self._bundle_repeated(ordinal, row, repeated[row.key], joined, sorted_)
            else:
                sorted_.bundles.append((self._bundle(row.key, [row], joined), 1))
        return sorted_

    def _without_key(self, row: Numbered) -> _Refused:
        fault = row.fault or Fault(Reason.MISSING_VALUE)
        placed = [fault.at(self._journals.name(row.file), row.line.number)]
        if row.line.fault is not None:
            return _Refused(EntryKind.LINE, "", self._journals.unreadable(row.file, row.line), placed)
        return self._refusal(Bundle("", (self._placed(row),)), placed)

    def _bundle_repeated(
        self, ordinal: int, row: Numbered, all_rows: list[tuple[int, Numbered]], joined: _Joined, sorted_: _Sorted
    ) -> None:
        """Put an event together at the first of its rows; further ones are counted there, or refused."""
        key, (first_ordinal, first) = row.key or "", all_rows[0]
        refuse = self._work.translator.mapping.event.duplicates == "refuse"
        if ordinal == first_ordinal:
            rows = [first] if refuse else [each for _, each in all_rows]
            sorted_.bundles.append((self._bundle(key, rows, joined), len(rows)))
        elif refuse:
            detail = {"id": key, "line": str(first.line.number)}
            placed = self._placed(row)
            fault = Fault(Reason.DUPLICATE_ID, "", key, detail, placed.file, placed.line)
            # Without the key: the event of that key is in the registers, and this row is not a later state of it.
            sorted_.refused.append(self._refusal(Bundle("", (placed,)), [fault]))

    def _bundle(self, key: str, rows: Sequence[Numbered], joined: _Joined) -> Bundle:
        others = tuple(tuple(joined.get((key, join), ())) for join in range(len(self._work.translator.joins)))
        return Bundle(key, tuple(self._placed(row) for row in rows), others)

    def _placed(self, row: Numbered) -> Placed:
        return Placed(self._journals.name(row.file), row.line.number, row.line.row, row.line.nested, row.entry)

    def _refusal(self, bundle: Bundle, faults: list[Fault], count: int = 1) -> _Refused:
        translator = self._work.translator
        return _Refused(EntryKind.EVENT, bundle.key, kept_bundle(bundle, translator.mapping, translator.layout), faults, count)

    async def _translate(self, sorted_: _Sorted) -> tuple[list[tuple[Translated, int]], list[str]]:
        """The events that can be made, with the number of their rows; the entries whose corrections made some of them
        possible.
        """
        translator = self._work.translator
        keys = [bundle.key for bundle, _ in sorted_.bundles]
        known = await self._work.registers.events.ids_by_source(translator.mapping.system, keys) if keys else {}
        made: list[tuple[Translated, int]] = []
        corrected: list[str] = []
        for bundle, rows in sorted_.bundles:
            result = translator.translate(bundle, known.get(bundle.key))
            if isinstance(result, list):
                refusal = self._refusal(bundle, result, rows)
                kept = self._work.ledger.quarantine.corrected(translator.mapping.system, refusal.rows)
                result = result if kept is None else await retranslated(kept, self._work)
                if isinstance(result, list):
                    sorted_.refused.append(refusal)
                    continue
                corrected.extend([kept.id] if kept is not None else [])
            made.append((result, rows))
            corrected.extend(bundle.entries())
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


def _counts(outcome: Outcome, written: Matched, prepared: Prepared) -> Counts:
    """What the batch came to. Further rows of one event are `same`: the event holds what they say."""
    rows = sum(count for _, count in prepared.translated)
    repeated = rows - len(prepared.translated)
    quarantined = sum(refused.count for refused in prepared.sorted.refused)
    kinds = [thing.kind for thing in written.things]
    return Counts(
        read=rows + quarantined,
        new=outcome.new,
        changed=outcome.changed,
        same=outcome.same + repeated,
        quarantined=quarantined,
        repeated=repeated,
        persons=kinds.count("persons"),
        vehicles=kinds.count("vehicles"),
        documents=kinds.count("documents"),
    )
