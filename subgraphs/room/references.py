"""How rooms speak of each other's things: a reference holds the key and nothing else.

What comes in: the id of a thing that lives in another room. What goes out: `Ref`, the object behind a stub type, and the
resolver of entity representations, which asks each type once for all of its representations.

A stub has the key `ref`, which no client sees, and not the `id`: only the room where a thing lives says its `id`, after its
row rules were asked. So a thing that the caller must not see is null wherever a query meets it, `node(id:)` included, and
never an object of nulls. (`docs/rooms.md` tells the whole.)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import strawberry
from strawberry import federation

from kernel.ids import Prefix, is_id
from subgraphs.room.records import Kept
from subgraphs.room.rights import PUBLIC

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "Event": (
        "An event: a criminal offence, an administrative violation, or an event that endangers personal or public safety.",
        "Notikums: noziedzīgs nodarījums, administratīvais pārkāpums vai drošību apdraudošs notikums.",
    ),
    "Person": ("A natural person.", "Fiziska persona."),
    "Vehicle": ("A vehicle.", "Transportlīdzeklis."),
    "Document": ("An identity document or another document that the register keeps.", "Dokuments."),
}
"""The same words wherever the type appears."""


@dataclass(frozen=True, slots=True)
class Ref:
    """What stands behind a stub: the type's name and the key."""

    type_name: str
    ref: str


def ref_to(type_name: str, key: str | None) -> Ref | None:
    """A reference to another room's thing; None for none."""
    return None if key is None else Ref(type_name, key)


def key_field(resolver: Callable[..., Any] | None = None) -> Any:
    """The field `ref` of an entity: the join key between rooms, invisible to clients."""
    field: Any = federation.field  # its overloads want to know whether the resolver waits
    return field(
        resolver=resolver,
        graphql_type=strawberry.ID,
        description="The key by which rooms join; clients use `id`.\n\nAtslēga savienošanai starp reģistriem.",
        directives=[PUBLIC],
        inaccessible=True,
    )


def foreign_id() -> Any:
    """The field `id` of a stub that implements `Node`: declared for the interface's sake, told only by the thing's home."""
    return federation.field(
        resolver=_never,
        graphql_type=strawberry.ID,
        description="The opaque id.\n\nIdentifikators.",
        external=True,
    )


def _never() -> None:
    """No value: a planner that asked here instead of at the home gets null, never an id that nobody checked."""


def is_ref_to(type_name: str) -> Callable[[object, object], bool]:
    """The `is_type_of` of a stub type."""
    return lambda obj, _info: isinstance(obj, Ref) and obj.type_name == type_name


def is_record_of(record_type: type) -> Callable[[object, object], bool]:
    """The `is_type_of` of a type at its home."""
    return lambda obj, _info: isinstance(obj, Kept) and type(obj.record) is record_type


References = Callable[[Any, Sequence[Mapping[str, Any]]], Awaitable[Sequence[object | None]]]
"""Finds the things that representations name, in their order: (call, representations) → objects, None where there is none."""


def stubs_of(type_name: str, prefix: Prefix) -> References:
    """References of a stub type: no look-up, only the form of the key is checked."""

    async def find(_call: object, representations: Sequence[Mapping[str, Any]]) -> Sequence[object | None]:
        keys = [representation.get("ref") for representation in representations]
        return [Ref(type_name, key) if isinstance(key, str) and is_id(key, prefix) else None for key in keys]

    return find


async def resolve(
    call: object, representations: Sequence[Mapping[str, Any]], finders: Mapping[str, References]
) -> list[object | None]:
    """The things that `_entities` asks for, in order; each type is asked once. Unknown types are null."""
    found: list[object | None] = [None] * len(representations)
    places: dict[str, list[int]] = {}
    for place, representation in enumerate(representations):
        places.setdefault(str(representation.get("__typename")), []).append(place)
    for type_name, positions in places.items():
        finder = finders.get(type_name)
        if finder is None:
            continue
        things = await finder(call, [representations[position] for position in positions])
        for position, thing in zip(positions, things, strict=True):
            found[position] = thing
    return found
