"""The root fields of cases. Not found and not visible are the same: null.

What comes in: queries. What goes out: `CaseQuery`, which the room's `Query` has beside its own fields.
"""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import UNSET

from kernel.natural_keys import normal_number
from subgraphs.events.cases.inputs import DEFAULT_ORDER, CaseOrder, CaseWhere
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.cases.objects import Case, whole
from subgraphs.events.loaders import Info
from subgraphs.room.connection import Connection, Listed
from subgraphs.room.fields import Level, discloses, open_argument, shown
from subgraphs.room.narrowing import listing_of, order_of, where_of
from subgraphs.room.paging_arguments import After, Before, First, Last
from subgraphs.room.records import Kept


async def _case(
    info: Info, wanted: Annotated[strawberry.ID, open_argument("The opaque id.", "Identifikators.", name="id")]
) -> Kept[CaseRecord] | None:
    return await info.context.loaders.cases.by_id.load(wanted)


async def _case_by_number(
    info: Info, number: Annotated[str, discloses("Case.number", "The number.", "Lietas numurs.")]
) -> Kept[CaseRecord] | None:
    return await info.context.loaders.cases.by_number.load(normal_number(number))


async def _cases(
    info: Info,
    where: Annotated[CaseWhere | None, open_argument("Which cases.", "Kuras lietas.")] = UNSET,
    order_by: Annotated[list[CaseOrder] | None, open_argument("In which order.", "Kādā secībā.")] = UNSET,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Listed:
    call = info.context
    condition, order = where_of(where), order_of(order_by, DEFAULT_ORDER)
    listing, scope = listing_of(call, "cases", condition, order, first=first, after=after, last=last, before=before)

    async def count() -> int:
        whole(info)
        return await call.store.cases.count(condition, call.rows)

    return Listed(await call.store.cases.find(listing), count, call, scope)


@strawberry.type
class CaseQuery:
    """Where queries for cases begin."""

    case: Case | None = shown(Level.L1, "The case with this id.", "Lieta pēc identifikatora.", resolver=_case)
    case_by_number: Case | None = shown(Level.L1, "The case with this number.", "Lieta pēc numura.", resolver=_case_by_number)
    cases: Connection[Case] = shown(Level.L1, "Cases, page by page.", "Lietu saraksts.", resolver=_cases)
