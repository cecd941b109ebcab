"""The second half of an import: a batch goes to the registers, its refusals to the quarantine, the position to the run.

In: translated events, what a run works with. Out: records in the registers, recorded in the audit before they are written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from authz.audit import AuditEntry, AuditLog, Operation
from ingest.ledger import EntryState, Ledger, Run
from ingest.ledger.runs import Counts
from ingest.mapping import Mapping
from ingest.matching import Matched, match
from ingest.preparing import Prepared, Refused
from ingest.registers import Importer, Registers
from ingest.translation import Translated
from subgraphs.room.projecting import announce, follow
from subgraphs.room.records import Outcome


@dataclass(frozen=True, slots=True)
class Work:
    """What a run (or a replay) works with."""

    mapping: Mapping
    registers: Registers
    ledger: Ledger
    audit: AuditLog
    importer: Importer
    run: str

    async def settle(self, run: Run, prepared: Prepared) -> Run:
        """Write what can be written, note the rest and the position in one transaction."""
        outcome, written = Outcome(), Matched([], [], {})
        if prepared.made:
            outcome, written = await self.write([each.translated for each in prepared.made])
        quarantine = self.ledger.quarantine
        with self.ledger.transaction():
            self.quarantine(prepared.refused)
            quarantine.settle(prepared.corrected, EntryState.IMPORTED)
            quarantine.supersede(self.mapping.system, [source.id for event in written.events if (source := event.source)])
            last = written.events[-1].id if written.events else None
            return self.ledger.runs.advance(run, prepared.position, last, _counts(outcome, written, prepared))

    async def write(self, translated: Sequence[Translated]) -> tuple[Outcome, Matched]:
        """Record in the audit, then write: things first, events last, so that an event never names what is not there yet."""
        matched = await match(translated, self.registers)
        await self._record(matched)
        stores = {"persons": self.registers.persons, "vehicles": self.registers.vehicles, "documents": self.registers.documents}
        things = {kind: [thing.record for thing in matched.things if thing.kind == kind] for kind in stores}
        await asyncio.gather(
            *(stores[kind].put_many(records) for kind, records in things.items() if records),  # type: ignore[attr-defined]  # of its kind
        )
        projections = self.registers.projections
        await announce(projections, [item for items in matched.involved.values() for item in items])
        outcome = await self.registers.events.put_many(matched.events)
        await follow(projections)
        return outcome, matched

    def quarantine(self, refused: Sequence[Refused]) -> None:
        """Note refusals; call it in a transaction."""
        put, mapping = self.ledger.quarantine.put, self.mapping
        for each in refused:
            put(mapping.system, mapping.digest, each.kind, each.key, each.rows, each.faults)

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
        return AuditEntry(
            kind="import",
            request_id=self.run,
            agency=self.importer.agency,
            user=self.importer.user,
            status="ok",
            operation=Operation(name=self.mapping.name, document_sha256=self.mapping.digest),
            entities=entities,
            counts=counts,
            subgraphs=("documents", "events", "persons", "vehicles"),
        )


def _counts(outcome: Outcome, written: Matched, prepared: Prepared) -> Counts:
    """What the batch came to. Further rows of one event are `same`: the event holds what they say."""
    rows = sum(each.rows for each in prepared.made)
    repeated = rows - len(prepared.made)
    quarantined = sum(refused.count for refused in prepared.refused)
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
