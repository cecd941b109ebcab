"""The connections of persons, vehicles and documents to the events that they are involved in.

What comes in: a stub and a connection's arguments. What goes out: pages, loaded for all stubs of a request together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import UNSET

from subgraphs.events.inputs import (
    DEFAULT_ORDER,
    DocumentInvolvementWhere,
    InvolvementOrder,
    PersonInvolvementWhere,
    VehicleInvolvementWhere,
)
from subgraphs.events.loaders import Info, Loaders
from subgraphs.events.store import EventStore
from subgraphs.room.call import Call
from subgraphs.room.connection import Listed
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.fields import open_argument
from subgraphs.room.narrowing import listing_of, order_of, where_of
from subgraphs.room.paging_arguments import After, Before, First, Last, Paging
from subgraphs.room.records import Slice
from subgraphs.room.references import Ref
from subgraphs.room.where import Where

ParentRef = strawberry.Parent[Ref]

OrderArgument = Annotated[list[InvolvementOrder] | None, open_argument("In which order.", "Kādā secībā.")]


async def _page(
    call: Call[EventStore, Loaders],
    root: Ref,
    kind: EntityKind,
    where: Where,
    order_by: Sequence[InvolvementOrder] | None,
    paging: Paging,
) -> Listed:
    order = order_of(order_by, DEFAULT_ORDER)
    listing, scope = listing_of(call, f"{root.type_name}.involvements", where, order, **paging)
    page = await call.loaders.pages(kind, listing).load(root.ref)

    async def count() -> int:
        return await call.loaders.counts(kind, where).load(root.ref) or 0

    return Listed(page or Slice((), has_previous=False, has_next=False), count, call, scope)


async def person_involvements(
    root: ParentRef,
    info: Info,
    where: Annotated[PersonInvolvementWhere | None, open_argument("Which involvements.", "Kuras iesaistes.")] = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    """The person's part in events."""
    paging = Paging(first=first, after=after, last=last, before=before)
    return await _page(info.context, root, EntityKind.PERSON, where_of(where), order_by, paging)


async def vehicle_involvements(
    root: ParentRef,
    info: Info,
    where: Annotated[VehicleInvolvementWhere | None, open_argument("Which involvements.", "Kuras iesaistes.")] = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    """The vehicle's part in events."""
    paging = Paging(first=first, after=after, last=last, before=before)
    return await _page(info.context, root, EntityKind.VEHICLE, where_of(where), order_by, paging)


async def document_involvements(
    root: ParentRef,
    info: Info,
    where: Annotated[DocumentInvolvementWhere | None, open_argument("Which involvements.", "Kuras iesaistes.")] = UNSET,
    order_by: OrderArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    """The document's part in events."""
    paging = Paging(first=first, after=after, last=last, before=before)
    return await _page(info.context, root, EntityKind.DOCUMENT, where_of(where), order_by, paging)
