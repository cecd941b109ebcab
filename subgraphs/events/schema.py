"""The schema of the room of events: its root fields and how other rooms' references are found.

What comes in: queries. What goes out: `build_schema()`. Not found and not visible are the same: null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

import strawberry
from strawberry import UNSET

from kernel.ids import is_id
from kernel.natural_keys import normal_number
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.cases.mutations import CaseMutation
from subgraphs.events.cases.objects import Case
from subgraphs.events.cases.queries import CaseQuery
from subgraphs.events.inputs import DEFAULT_ORDER, EventOrder, EventWhere
from subgraphs.events.involvements.objects import (
    DocumentInvolvement,
    ItemInvolvement,
    PersonInvolvement,
    VehicleInvolvement,
)
from subgraphs.events.loaders import Info, Loaders
from subgraphs.events.model import EventRecord
from subgraphs.events.objects import Document, Event, Person, Vehicle
from subgraphs.events.registration.mutations import EventMutation
from subgraphs.events.search import Registered, search_all, search_events
from subgraphs.events.store import EventStore
from subgraphs.room.call import Call
from subgraphs.room.connection import Connection, Listed
from subgraphs.room.fields import Level, discloses, open_argument, shown, words
from subgraphs.room.narrowing import listing_of, order_of, where_of
from subgraphs.room.paging_arguments import After, Before, First, Last
from subgraphs.room.records import Kept
from subgraphs.room.references import Ref, References, stubs_of
from subgraphs.room.schema import RoomSchema
from subgraphs.room.search import SearchConnection
from subgraphs.room.values import Node
from subgraphs.room.where import All, Compare

Id = Annotated[strawberry.ID, open_argument("The opaque id.", "Identifikators.", name="id")]
NumberArgument = Annotated[str, discloses("Event.registrationNumber", "The registration number.", "Notikuma numurs.")]
WhereArgument = Annotated[EventWhere | None, open_argument("Which events.", "Kuri notikumi.")]
OrderArgument = Annotated[list[EventOrder] | None, open_argument("In which order.", "Kādā secībā.")]

_ELSEWHERE: Final = {"per": "Person", "veh": "Vehicle", "doc": "Document"}


async def _event(info: Info, wanted: Id) -> Kept[EventRecord] | None:
    return await info.context.loaders.by_id.load(wanted)


async def _event_by_number(info: Info, number: NumberArgument) -> Kept[EventRecord] | None:
    return await info.context.loaders.by_number.load(normal_number(number))


async def _node(info: Info, wanted: Id) -> Kept[EventRecord] | Kept[CaseRecord] | Ref | None:
    """What the prefix says: events and cases are found here; of anything else only its home can say whether it is there."""
    if not is_id(wanted):
        return None
    prefix = wanted.partition("_")[0]
    if prefix == "evt":
        return await info.context.loaders.by_id.load(wanted)
    if prefix == "case":
        return await info.context.loaders.cases.by_id.load(wanted)
    return Ref(_ELSEWHERE[prefix], wanted) if prefix in _ELSEWHERE else None


async def _events(
    info: Info,
    where: WhereArgument = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    call = info.context
    condition, order = where_of(where), order_of(order_by, DEFAULT_ORDER)
    listing, scope = listing_of(call, "events", condition, order, first=first, after=after, last=last, before=before)
    return Listed(await call.store.find(listing), lambda: call.store.count(condition, call.rows), call, scope)


async def _response_breaches(
    info: Info,
    where: WhereArgument = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    call = info.context
    asked, order = where_of(where), order_of(order_by, DEFAULT_ORDER)
    listing, scope = listing_of(call, "responseBreaches", asked, order, first=first, after=after, last=last, before=before)
    # The moment is no part of what cursors are bound to: a list may be paged while time goes on.
    late = All((Compare("running_due", "to", call.clock.now()), asked))
    return Listed(await call.store.find(replace(listing, where=late)), lambda: call.store.count(late, call.rows), call, scope)


@strawberry.type
class Query(CaseQuery):
    """Where queries begin."""

    event: Event | None = shown(Level.L0, "The event with this id.", "Notikums pēc identifikatora.", resolver=_event)
    event_by_number: Event | None = shown(
        Level.L1, "The event with this registration number.", "Notikums pēc notikuma numura.", resolver=_event_by_number
    )
    events: Connection[Event] = shown(Level.L0, "Events, page by page.", "Notikumu saraksts.", resolver=_events)
    response_breaches: Connection[Event] = shown(
        Level.L1,
        "Events whose response time is over and at which nobody has arrived.",
        "Notikumi, kuros reaģēšanas laiks ir pārsniegts.",
        resolver=_response_breaches,
    )
    search_events: SearchConnection[Event] = shown(
        Level.L1, "Events that a text finds, the best first.", "Notikumu meklēšana pēc teksta.", resolver=search_events
    )
    search: SearchConnection[Registered] = shown(
        Level.L1,
        "Whatever a text finds in the four registers, the best first.",
        "Meklēšana visos reģistros.",
        resolver=search_all,
    )
    node: Node | None = shown(Level.L0, "Whatever has this id.", "Jebkurš objekts pēc identifikatora.", resolver=_node)


@strawberry.type(description=words("Where changes begin.", "Izmaiņu sākums."))
class Mutation(EventMutation, CaseMutation):
    """Where changes begin."""


async def _find(call: Call[EventStore, Loaders], representations: Sequence[Mapping[str, Any]]) -> Sequence[object | None]:
    ids = [str(representation.get("ref") or representation.get("id")) for representation in representations]
    return await call.loaders.by_id.load_many(ids)


async def _find_cases(call: Call[EventStore, Loaders], representations: Sequence[Mapping[str, Any]]) -> Sequence[object | None]:
    return await call.loaders.cases.by_id.load_many([str(representation.get("id")) for representation in representations])


REFERENCES: Mapping[str, References] = {
    "Event": _find,
    "Case": _find_cases,
    "Person": stubs_of("Person", "per"),
    "Vehicle": stubs_of("Vehicle", "veh"),
    "Document": stubs_of("Document", "doc"),
}


def build_schema() -> RoomSchema:
    """The room's schema."""
    involvements = [PersonInvolvement, VehicleInvolvement, DocumentInvolvement, ItemInvolvement]
    return RoomSchema(Query, [Event, Case, Person, Vehicle, Document, *involvements], REFERENCES, Mutation)
