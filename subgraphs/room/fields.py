"""Fields of the graph as the rooms declare them: words in two languages, a class, and where the value comes from.

What comes in: the English and the Latvian sentence, the class, sometimes a resolver. What goes out: Strawberry fields,
inputs and enumerations. A type of the graph is a declaration only: the object behind it is the record (or `Kept` record)
itself, and a field without a resolver reads the attribute of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import EnumMeta
from typing import Any, TypeVar

import strawberry
from strawberry import federation
from strawberry.types.arguments import StrawberryArgumentAnnotation
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.field import StrawberryField

from search.reach import SEARCH
from subgraphs.room.code_lists import CodeValue, code_of
from subgraphs.room.enumerations import Described
from subgraphs.room.records import Wrapper
from subgraphs.room.rights import PUBLIC, Classified, Counts, Discloses, Level, RowAttr

E = TypeVar("E", bound=EnumMeta)


def words(english: str, latvian: str) -> str:
    """A description: English first, Latvian in the second paragraph."""
    return f"{english}\n\n{latvian}"


def read_attribute(source: object, name: str) -> Any:
    """The default resolver: the attribute of the record behind the object."""
    return getattr(source.record if isinstance(source, Wrapper) else source, name)  # type: ignore[attr-defined]  # wrappers have one


def shown(level: Level, english: str, latvian: str, **options: Any) -> Any:
    """A field with a class. `options` are Strawberry's (`resolver`, `graphql_type`, `name`)."""
    return _field(Classified(as_=level.value), english, latvian, options)


def plain(english: str, latvian: str, **options: Any) -> Any:
    """A field that reveals nothing beyond the field that leads to it."""
    return _field(PUBLIC, english, latvian, options)


def counted(english: str, latvian: str, **options: Any) -> Any:
    """A field that counts."""
    return _field(Counts(), english, latvian, options)


def _field(mark: object, english: str, latvian: str, options: dict[str, Any]) -> Any:
    directives = [mark, *options.pop("directives", ())]
    return federation.field(description=words(english, latvian), directives=directives, **options)


def coded(list_name: str, attribute: str, level: Level, english: str, latvian: str) -> Any:
    """A field whose record holds a code of the list `list_name` under `attribute`, shown with its labels."""
    from subgraphs.room.values import Code

    def resolve(root: strawberry.Parent[object]) -> CodeValue | None:
        code = read_attribute(root, attribute)
        return None if code is None else code_of(list_name, code)

    return shown(level, english, latvian, resolver=resolve, graphql_type=Code | None)


def discloses(field: str, english: str, latvian: str, operator: str | None = None) -> StrawberryArgumentAnnotation:
    """An argument whose use tells something about `field` (`Type.field`)."""
    return strawberry.argument(description=words(english, latvian), directives=[_disclosure(field, operator)])


def open_argument(english: str, latvian: str, name: str | None = None) -> StrawberryArgumentAnnotation:
    """An argument that tells nothing about any field."""
    return strawberry.argument(name=name, description=words(english, latvian), directives=[PUBLIC])


def filters(field: str, english: str, latvian: str) -> Any:
    """An input field whose use tells something about `field`."""
    return strawberry.field(default=strawberry.UNSET, description=words(english, latvian), directives=[Discloses(field=field)])


def searches(field: str, english: str, latvian: str) -> Any:
    """An input field that has a text looked for in `field`."""
    disclosed = Discloses(field=field, operator=SEARCH)
    return strawberry.field(default=strawberry.UNSET, description=words(english, latvian), directives=[disclosed])


def operator(english: str, latvian: str, name: str | None = None, **options: Any) -> Any:
    """An input field that is structure: an operator, or and/or/not."""
    options.setdefault("default", strawberry.UNSET)
    return strawberry.field(name=name, description=words(english, latvian), directives=[PUBLIC], **options)


def _disclosure(field: str, operator_name: str | None) -> Discloses:
    return Discloses(field=field) if operator_name is None else Discloses(field=field, operator=operator_name)


def row_attributes(**attributes: str) -> list[RowAttr]:
    """`@rowattr` directives of an entity: name → type (`String`, `[String]`, `Int`, `Boolean`)."""
    return [RowAttr(name=name, type=type_) for name, type_ in attributes.items()]


def graphql_enum(cls: E) -> E:
    """Make a described enumeration an enum of the graph, with the words of each value."""
    if not has_enum_definition(cls):
        english, _, latvian = (cls.__doc__ or "").partition("\n\n")
        strawberry.enum(cls, description=words(english.strip(), latvian.strip()))
        for value in enum_definition(cls).values:
            member: Described = cls[value.name]
            value.description = words(member.english, member.latvian)
    return cls


def order_enum(cls: E, english: str, latvian: str, disclosed: dict[str, str]) -> E:
    """Make an enumeration of orders: each value says in `disclosed` (name without direction → `Type.field`) what it tells."""
    strawberry.enum(cls, description=words(english, latvian))
    for value in enum_definition(cls).values:
        stem, _, direction = value.name.rpartition("_")
        value.directives = (Discloses(field=disclosed[stem]),)
        up = direction == "ASC"
        value.description = words(
            f"By `{disclosed[stem]}`, {'lowest' if up else 'highest'} first.",
            f"Pēc `{disclosed[stem]}`, {'augošā' if up else 'dilstošā'} secībā.",
        )
    return cls


def enum_definition(cls: EnumMeta) -> StrawberryEnumDefinition:
    """Strawberry's definition of an enumeration of the graph."""
    definition: StrawberryEnumDefinition = cls.__strawberry_definition__  # type: ignore[attr-defined]  # set by strawberry.enum
    return definition


def entity(
    english: str,
    latvian: str,
    *,
    keys: Iterable[str] = ("ref",),
    rows: dict[str, str] | None = None,
) -> Callable[[type], type]:
    """A type with keys that other rooms know; at its home `rows` names its attributes for row rules."""
    return federation.type(
        description=words(english, latvian),
        keys=list(keys),
        directives=row_attributes(**(rows or {})),
    )


__all__ = [
    "Level",
    "StrawberryField",
    "coded",
    "counted",
    "discloses",
    "entity",
    "filters",
    "graphql_enum",
    "open_argument",
    "operator",
    "order_enum",
    "plain",
    "searches",
    "shown",
    "words",
]
