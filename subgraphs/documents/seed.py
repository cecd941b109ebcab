"""Sows the invented documents of a world into the register of documents.

What comes in: a store and a world. What goes out: an `Outcome`; what an earlier run wrote is not written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from subgraphs.documents.enumerations import DocumentFact, DocumentKind, DocumentStatus
from subgraphs.documents.model import DocumentRecord, StatusFact
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved, Outcome
from subgraphs.room.world import UNKNOWN, World
from subgraphs.room.world.calendar import moment
from subgraphs.room.world.papers import Document, documents
from subgraphs.room.world.seeding import Progress, Register, Soil, sow, words

_FACTS: Final = words(DocumentFact)
_KINDS: Final = words(DocumentKind)
_STATUSES: Final = words(DocumentStatus)


async def seed(store: Soil[DocumentRecord], world: World, progress: Progress) -> Outcome:
    """Write the world's documents that the store lacks."""
    return await sow(store, world, REGISTER, progress)


def records(world: World, number: int) -> Sequence[DocumentRecord]:
    """The documents of the community `number`."""
    community = world.community(number)
    persons = community.person_ids
    return [_record(document, persons) for document in documents(community, world.links(number).papers)]


def _ids(world: World, number: int) -> Sequence[str]:
    return world.community(number).document_ids


REGISTER: Final = Register(_ids, records)


def _record(document: Document, persons: Sequence[str]) -> DocumentRecord:
    return DocumentRecord(
        id=document.id,
        kind=_KINDS[document.kind],
        issuing_country=document.country,
        series=document.series,
        number=document.number,
        holder_id=persons[document.holder] if document.holder != UNKNOWN else None,
        issued_on=document.issued,
        valid_to=document.valid_to,
        issuer=document.issuer,
        status=_STATUSES[document.status],
        status_facts=tuple(
            [
                StatusFact(at=moment(fact.at), fact=_FACTS[fact.fact], authority=fact.authority, event_id=fact.event)
                for fact in document.facts
            ]
        ),
        classification=Classification.PERSONAL,
        involved=Involved(document.id, document.reach.territories, document.reach.agencies),
    )
