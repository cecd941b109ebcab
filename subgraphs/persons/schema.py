"""The schema of the room of persons: its root fields and how other rooms' references are found.

What comes in: queries. What goes out: `build_schema()`. Not found and not visible are the same: null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import strawberry
from strawberry import UNSET

from kernel.natural_keys import normal_personal_code
from subgraphs.persons.identity.mutations import Mutation
from subgraphs.persons.identity.objects import PersonCandidate, person_candidates
from subgraphs.persons.inputs import DEFAULT_ORDER, PersonOrder, PersonWhere
from subgraphs.persons.loaders import Info, Loaders
from subgraphs.persons.model import PersonRecord
from subgraphs.persons.objects import Person
from subgraphs.persons.search import search_persons
from subgraphs.persons.store import PersonStore
from subgraphs.room.call import Call
from subgraphs.room.connection import Connection, Listed
from subgraphs.room.fields import Level, discloses, open_argument, shown
from subgraphs.room.narrowing import listing_of, order_of, where_of
from subgraphs.room.paging_arguments import After, Before, First, Last
from subgraphs.room.records import Kept
from subgraphs.room.references import References
from subgraphs.room.schema import RoomSchema
from subgraphs.room.search import SearchConnection
from subgraphs.room.where import All, Compare, Not

Id = Annotated[strawberry.ID, open_argument("The opaque id.", "Identifikators.", name="id")]
CodeArgument = Annotated[str, discloses("Person.personalCode", "The code, with or without hyphen.", "Personas kods.")]
WhereArgument = Annotated[PersonWhere | None, open_argument("Which persons.", "Kuras personas.")]
OrderArgument = Annotated[list[PersonOrder] | None, open_argument("In which order.", "Kādā secībā.")]


_STANDING: Final = Not(Compare("merged_into", "from", ""))
"""Records that were merged are in no list: the survivor is."""


async def _person(info: Info, wanted: Id) -> Kept[PersonRecord] | None:
    return await info.context.loaders.by_id.load(wanted)


async def _person_by_code(info: Info, code: CodeArgument) -> Kept[PersonRecord] | None:
    return await info.context.loaders.by_code.load(normal_personal_code(code))


async def _persons(
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
    condition = All((condition, _STANDING))
    listing, scope = listing_of(call, "persons", condition, order, first=first, after=after, last=last, before=before)
    return Listed(await call.store.find(listing), lambda: call.store.count(condition, call.rows), call, scope)


@strawberry.type
class Query:
    """Where queries begin."""

    person: Person | None = shown(Level.L1, "The person with this id.", "Persona pēc identifikatora.", resolver=_person)
    person_by_code: Person | None = shown(
        Level.L2,
        "The person who has, or had, this personal code.",
        "Persona pēc personas koda.",
        resolver=_person_by_code,
    )
    person_candidates: list[PersonCandidate] = shown(
        Level.L2,
        "Who may be the person that was named, the best first.",
        "Personas, kas atbilst norādītajam.",
        resolver=person_candidates,
    )
    persons: Connection[Person] = shown(Level.L1, "Persons, page by page.", "Personu saraksts.", resolver=_persons)
    search_persons: SearchConnection[Person] = shown(
        Level.L1, "Persons that a text finds, the best first.", "Personu meklēšana pēc teksta.", resolver=search_persons
    )


async def _find(call: Call[PersonStore, Loaders], representations: Sequence[Mapping[str, Any]]) -> Sequence[object | None]:
    ids = [str(representation.get("ref") or representation.get("id")) for representation in representations]
    return await call.loaders.by_id.load_many(ids)


REFERENCES: Mapping[str, References] = {"Person": _find}


def build_schema() -> RoomSchema:
    """The room's schema."""
    return RoomSchema(Query, [Person], REFERENCES, Mutation)
