"""The parts of a document: the facts that changed its status, and the events that they came out of.

What comes in: parts of the record. What goes out: Strawberry types, each field with its class.
"""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.documents.enumerations import DocumentFact
from subgraphs.documents.model import StatusFact
from subgraphs.room.fields import Level, coded, entity, graphql_enum, shown, words
from subgraphs.room.references import WORDS, Ref, is_ref_to, key_field, ref_to
from subgraphs.room.values import Code

graphql_enum(DocumentFact)

L1 = Level.L1

ParentFact = strawberry.Parent[StatusFact]


@entity(*WORDS["Event"])
class Event:
    """An event, as this room knows one."""

    is_type_of = is_ref_to("Event")

    ref: strawberry.ID = key_field()


def _fact_event(root: ParentFact) -> Ref | None:
    return ref_to("Event", root.event_id)


@strawberry.type(description=words("A fact that changed the document's status.", "Dokumenta statusu mainošs fakts."))
class DocumentStatusFact:
    """A fact."""

    at: datetime = shown(L1, "When it was stated.", "Kad konstatēts.")
    fact: DocumentFact = shown(L1, "What happened.", "Fakts.")
    authority: Code | None = coded("agency", "authority", L1, "Who stated it.", "Kas konstatēja.")
    event: Event | None = shown(L1, "The event that it came out of.", "Saistītais notikums.", resolver=_fact_event)
