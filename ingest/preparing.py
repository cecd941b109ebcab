"""The first half of an import, up to the writing: journals become batches of records, refusals and left-over rows.

In: an `Order`, a look-up of the ids that events have already. Out: `Step` after `Step`: `Staged` once, `Prepared` batches, and
`Left`, the rows of other journals that no event claimed. All of them are plain data, because this half may run in a process
of its own (`ingest/ahead`).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from ingest.faults import Fault, Reason
from ingest.journal import assign
from ingest.layout import layout_of
from ingest.ledger import Entry, EntryKind, Ledger
from ingest.ledger.entry import KeptRows, bundle_of, correct, kept_bundle
from ingest.mapping import read_mapping
from ingest.reading import Journals
from ingest.staging import Numbered, Staging
from ingest.translation import Bundle, Placed, Translated, Translator

BATCH: Final = 4_000
"""Rows of the events' journals that are prepared, written, recorded and noted together."""

_FIRST: Final = BATCH // 4
"""The first batches are smaller, so that writing begins early."""

LookUp = Callable[[str, Sequence[str]], Awaitable[Mapping[str, str]]]
"""From a system and its ids of events to our ids of those that the register has."""

_Joined = Mapping[tuple[str, int], list[Placed]]


class Order(msgspec.Struct, frozen=True):
    """What to prepare: `files` by the mapping `text`, with the corrections of the ledger in `folder`, the rows after
    `position`.
    """

    name: str
    text: str
    files: tuple[str, ...]
    folder: str
    position: int


class Staged(msgspec.Struct, frozen=True, tag=True):
    """Everything was read: the number of the last row of the events' journals, and how many the mapping passes over."""

    rows: int
    skipped: int


class Refused(msgspec.Struct, frozen=True, array_like=True):
    """What goes to the quarantine: `count` rows of the events' journals were refused with it."""

    kind: EntryKind
    key: str
    rows: KeptRows
    faults: list[Fault]
    count: int = 1


class Made(msgspec.Struct, frozen=True, array_like=True):
    """An event and the number of its rows."""

    translated: Translated
    rows: int


class Prepared(msgspec.Struct, frozen=True, tag=True):
    """A batch that only has to be written: the number of its last row, its events, its refusals, the quarantine entries whose
    corrections made some of the events possible.
    """

    position: int
    made: list[Made] = []
    refused: list[Refused] = []
    corrected: list[str] = []


class Left(msgspec.Struct, frozen=True, tag=True):
    """Rows of other journals that are bad or that no event claimed."""

    refused: list[Refused]


Step = Staged | Prepared | Left


async def prepare(order: Order, look_up: LookUp, hear: Callable[[int], None]) -> AsyncGenerator[Step, None]:
    """The steps of an order; `hear` is told how many more rows were read. Raises JournalUnreadable."""
    mapping = read_mapping(order.text, order.name)
    translator = Translator(mapping, layout_of(mapping))
    with closing(Ledger.open(Path(order.folder))) as ledger, closing(Staging()) as staging:
        journals = Journals(assign([Path(file) for file in order.files], mapping), translator, ledger)
        staged = journals.stage(staging, hear)
        yield Staged(staged.rows, staged.skipped)
        batches, position, size = _Batches(translator, ledger, journals, staging), order.position, _FIRST
        while rows := staging.events(position, size):
            prepared = await batches.prepare(rows, look_up)
            position, size = prepared.position, min(2 * size, BATCH)
            yield prepared
        left = _left(translator, journals, staging)
        while part := list(islice(left, BATCH)):
            yield Left(part)


async def translated_now(bundle: Bundle, translator: Translator, look_up: LookUp) -> Translated | list[Fault]:
    """What a bundle means whose key may have been corrected since it was put together."""
    main = bundle.main[0]
    key = translator.key(main.row)
    if isinstance(key, Fault):
        return [key.at(main.file, main.line)]
    known = await look_up(translator.mapping.system, [key])
    return translator.translate(bundle._replace(key=key), known.get(key))


def _left(translator: Translator, journals: Journals, staging: Staging) -> Iterator[Refused]:
    for file, line, fault in staging.bad():
        placed = [fault.at(journals.name(file), line.number)]
        if line.fault is not None:
            yield Refused(EntryKind.LINE, "", journals.unreadable(file, line), placed)
        else:
            row = Placed(journals.name(file), line.number, line.row)
            yield Refused(EntryKind.ROW, "", journals.kept_row(row, journals.files[file].source.name), placed)
    for join, key, row in staging.orphans():
        source, _, columns = translator.joins[join]
        fault = Fault(Reason.NO_EVENT, columns, key, {"id": key}, row.file, row.line)
        yield Refused(EntryKind.ROW, key, journals.kept_row(row, source), [fault])


class _Batches:
    """Puts together and translates the events of some thousand rows at a time."""

    def __init__(self, translator: Translator, ledger: Ledger, journals: Journals, staging: Staging) -> None:
        self._translator = translator
        self._quarantine = ledger.quarantine
        self._journals = journals
        self._staging = staging

    async def prepare(self, rows: Sequence[tuple[int, Numbered]], look_up: LookUp) -> Prepared:
        """Everything up to the writing."""
        translator, prepared = self._translator, Prepared(rows[-1][0], [], [], [])
        bundles = self._bundles(rows, prepared.refused)
        keys = [bundle.key for bundle, _ in bundles]
        known = await look_up(translator.mapping.system, keys) if keys else {}
        for bundle, count in bundles:
            result = translator.translate(bundle, known.get(bundle.key))
            if isinstance(result, list):
                refusal = self._refusal(bundle, result, count)
                kept = self._quarantine.corrected(translator.mapping.system, refusal.rows)
                result = result if kept is None else await self._retranslated(kept, look_up)
                if isinstance(result, list):
                    prepared.refused.append(refusal)
                    continue
                prepared.corrected.extend([kept.id] if kept is not None else [])
            prepared.made.append(Made(result, count))
            prepared.corrected.extend(bundle.entries())
        return prepared

    async def _retranslated(self, entry: Entry, look_up: LookUp) -> Translated | list[Fault]:
        """What a refused event's rows mean as a person corrected them."""
        translator = self._translator
        bundle = bundle_of(entry.key, correct(entry.rows, entry.corrections), translator.mapping, translator.layout)
        return await translated_now(bundle, translator, look_up)

    def _bundles(self, rows: Sequence[tuple[int, Numbered]], refused: list[Refused]) -> list[tuple[Bundle, int]]:
        """Which rows make which event, with their number; those that make none go to `refused`."""
        bundles: list[tuple[Bundle, int]] = []
        keys = [row.key for _, row in rows if row.key is not None]
        joined = self._staging.joined(keys) if self._translator.joins else {}
        repeated = self._staging.repeated(keys)
        for ordinal, row in rows:
            if row.key is None:
                refused.append(self._without_key(row))
            elif row.key not in repeated:
                bundles.append((self._bundle(row.key, [row], joined), 1))
            elif ordinal == repeated[row.key][0][0]:
                own = self._rows_of(repeated[row.key])
                bundles.append((self._bundle(row.key, own, joined), len(own)))
            elif self._refuses_repeated():
                refused.append(self._repeated(row, repeated[row.key][0][1]))
        return bundles

    def _refuses_repeated(self) -> bool:
        return self._translator.mapping.event.duplicates == "refuse"

    def _rows_of(self, rows: list[tuple[int, Numbered]]) -> list[Numbered]:
        """Of the rows of one id those that make the event: it is put together at the first of them."""
        return [rows[0][1]] if self._refuses_repeated() else [row for _, row in rows]

    def _without_key(self, row: Numbered) -> Refused:
        fault = row.fault or Fault(Reason.MISSING_VALUE)
        placed = [fault.at(self._journals.name(row.file), row.line.number)]
        if row.line.fault is not None:
            return Refused(EntryKind.LINE, "", self._journals.unreadable(row.file, row.line), placed)
        return self._refusal(Bundle("", (self._placed(row),)), placed)

    def _repeated(self, row: Numbered, first: Numbered) -> Refused:
        key, placed = row.key or "", self._placed(row)
        fault = Fault(Reason.DUPLICATE_ID, "", key, {"id": key, "line": str(first.line.number)}, placed.file, placed.line)
        # Without the key: the event of that key is in the registers, and this row is not a later state of it.
        return self._refusal(Bundle("", (placed,)), [fault])

    def _bundle(self, key: str, rows: Sequence[Numbered], joined: _Joined) -> Bundle:
        others = tuple(tuple(joined.get((key, join), ())) for join in range(len(self._translator.joins)))
        return Bundle(key, tuple(self._placed(row) for row in rows), others)

    def _placed(self, row: Numbered) -> Placed:
        return Placed(self._journals.name(row.file), row.line.number, row.line.row, row.line.nested, row.entry)

    def _refusal(self, bundle: Bundle, faults: list[Fault], count: int = 1) -> Refused:
        translator = self._translator
        return Refused(EntryKind.EVENT, bundle.key, kept_bundle(bundle, translator.mapping, translator.layout), faults, count)
