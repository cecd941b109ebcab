"""What of a schema a mask lets its agency know of: names only, found by going round until nothing changes.

In: the API schema and a mask. Out: `Visible`: fields, arguments, input fields, order values, and which types implement which
interfaces.

A field is visible when it is granted, public, or listed. It is not when its type has nothing visible in it, or when an
argument that it requires is not. An input field or order value is visible when it is granted or its field is listed.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

from authz.catalogue import Catalogue, catalogue_of
from authz.mask import Mask
from authz.vocabulary import UNMARKED, Mark


@dataclass(slots=True)
class Visible:
    """Fields by type, arguments by `Type.field`, input fields and order values by type; `implements` by object or interface."""

    fields: dict[str, set[str]] = field(default_factory=dict)
    arguments: dict[str, set[str]] = field(default_factory=dict)
    inputs: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, set[str]] = field(default_factory=dict)
    implements: dict[str, set[str]] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    nullable: set[str] = field(default_factory=set)


def visible_of(schema: GraphQLSchema, mask: Mask) -> Visible:
    """What is visible; types without visible fields are in no table."""
    return _Visibility(schema, mask).found()


_INVISIBLE: Final[weakref.WeakKeyDictionary[GraphQLSchema, OrderedDict[object, frozenset[str]]]] = weakref.WeakKeyDictionary()
_REMEMBERED: Final = 256


def leading_nowhere(schema: GraphQLSchema, mask: Mask) -> frozenset[str]:
    """The fields (`Type.field`) that are granted, public or listed, and still not in the view: behind them nothing is."""
    known = _INVISIBLE.setdefault(schema, OrderedDict())
    key = (mask.read, mask.count, mask.listed, mask.sort, tuple(sorted(mask.filter.items())))
    found = known.get(key)
    if found is None:
        visible = visible_of(schema, mask)
        objects = (t for name, t in schema.type_map.items() if isinstance(t, GraphQLObjectType) and not name.startswith("__"))
        found = known[key] = frozenset(
            f"{t.name}.{name}" for t in objects for name in t.fields if name not in visible.fields.get(t.name, ())
        )
        if len(known) > _REMEMBERED:
            known.popitem(last=False)
    return found


class _Visibility:
    def __init__(self, schema: GraphQLSchema, mask: Mask) -> None:
        self._schema = schema
        self._mask = mask
        self._catalogue: Catalogue = catalogue_of(schema)
        self._visible = Visible()
        types = [t for name, t in schema.type_map.items() if not name.startswith("__")]
        self._objects = [t for t in types if isinstance(t, GraphQLObjectType)]
        self._interfaces = [t for t in types if isinstance(t, GraphQLInterfaceType)]
        self._unions = [t for t in types if isinstance(t, GraphQLUnionType)]
        self._inputs = [t for t in types if isinstance(t, GraphQLInputObjectType)]
        self._enums = [t for t in types if isinstance(t, GraphQLEnumType)]

    def found(self) -> Visible:
        self._choose_inputs()
        self._choose_fields()
        while self._drop_dead_fields() or self._settle_interfaces():
            pass
        self._choose_interface_arguments()
        return self._visible

    # what goes in

    def _may_use(self, mark: Mark, *, sorts: bool = False) -> bool:
        if mark.discloses is None:
            return mark.public
        granted = mark.discloses in self._mask.sort if sorts else bool(self._mask.filter.get(mark.discloses))
        return granted or mark.discloses in self._mask.listed

    def _choose_inputs(self) -> None:
        for enum in self._enums:
            if enum.name in self._catalogue.order_enums:
                marks = {value: self._catalogue.order_values[f"{enum.name}.{value}"] for value in enum.values}
                self._visible.values[enum.name] = {value for value, mark in marks.items() if self._may_use(mark, sorts=True)}
            else:
                self._visible.values[enum.name] = set(enum.values)
        candidates = {
            t.name: {key for key in t.fields if self._may_use(self._catalogue.inputs.get(f"{t.name}.{key}", UNMARKED))}
            for t in self._inputs
        }
        # From the leaves up: a `where` with nothing but and/or/not of itself never comes alive.
        grown = True
        while grown:
            grown = False
            for input_type in self._inputs:
                if input_type.name not in self._visible.inputs and self._can_be_given(input_type, candidates[input_type.name]):
                    self._visible.inputs[input_type.name] = set()
                    grown = True
        for input_type in self._inputs:
            if input_type.name in self._visible.inputs:
                usable = {key for key in candidates[input_type.name] if self._is_given(input_type.fields[key])}
                self._visible.inputs[input_type.name] = usable

    def _can_be_given(self, input_type: GraphQLInputObjectType, candidates: set[str]) -> bool:
        usable = {key for key in candidates if self._is_given(input_type.fields[key])}
        needed = {key for key, definition in input_type.fields.items() if is_required_input_field(definition)}
        return bool(usable) and needed <= usable

    def _is_given(self, definition: GraphQLInputField | GraphQLArgument) -> bool:
        named = get_named_type(definition.type)
        match named:
            case GraphQLInputObjectType():
                return named.name in self._visible.inputs
            case GraphQLEnumType():
                return bool(self._visible.values[named.name])
            case _:
                return True

    # what comes out

    def _choose_fields(self) -> None:
        for object_type in self._objects:
            chosen = {name for name in object_type.fields if self._is_chosen(object_type, name)}
            if chosen:
                self._visible.fields[object_type.name] = chosen
            self._visible.implements[object_type.name] = {interface.name for interface in object_type.interfaces}
        for interface in self._interfaces:
            self._visible.fields[interface.name] = set(interface.fields)
            self._visible.implements[interface.name] = {parent.name for parent in interface.interfaces}
        for union in self._unions:
            self._visible.members[union.name] = {member.name for member in union.types}

    def _is_chosen(self, object_type: GraphQLObjectType, name: str) -> bool:
        coordinate = f"{object_type.name}.{name}"
        mark = self._catalogue.fields[coordinate].mark
        granted = mark.is_marked and (mark.classification is None or coordinate in self._mask.read)
        granted = granted and (not mark.counts or coordinate in self._mask.count)
        if not granted:
            if coordinate not in self._mask.listed:
                return False
            self._visible.nullable.add(coordinate)
        arguments = object_type.fields[name].args
        usable = {key for key, argument in arguments.items() if self._is_argument(coordinate, key, argument)}
        self._visible.arguments[coordinate] = usable
        return all(key in usable for key, argument in arguments.items() if is_required_argument(argument))

    def _is_argument(self, coordinate: str, key: str, argument: GraphQLArgument) -> bool:
        return self._may_use(self._catalogue.arguments[f"{coordinate}({key})"]) and self._is_given(argument)

    def _drop_dead_fields(self) -> bool:
        """Take out the fields whose types show nothing. True when something was taken out."""
        changed = False
        owners: tuple[GraphQLObjectType | GraphQLInterfaceType, ...] = (*self._objects, *self._interfaces)
        for owner in owners:
            chosen = self._visible.fields.get(owner.name, set())
            dead = {name for name in chosen if not self._is_alive(get_named_type(owner.fields[name].type))}
            if dead:
                changed = True
                chosen -= dead
                if not chosen:
                    del self._visible.fields[owner.name]
        for union in self._unions:
            members = self._visible.members[union.name]
            alive = {name for name in members if name in self._visible.fields}
            changed |= alive != members
            self._visible.members[union.name] = alive
        return changed

    def _is_alive(self, named: object) -> bool:
        match named:
            case GraphQLObjectType():
                return named.name in self._visible.fields
            case GraphQLUnionType():
                return bool(self._visible.members[named.name])
            case GraphQLInterfaceType():
                return any(member.name in self._visible.fields for member in self._implementers(named))
            case _:
                return True

    def _implementers(self, interface: GraphQLInterfaceType) -> Iterator[GraphQLObjectType]:
        return (t for t in self._objects if interface.name in self._visible.implements[t.name])

    def _settle_interfaces(self) -> bool:
        """An interface has the fields that one of its types shows; a type that lacks one of them is none of its types."""
        changed = False
        for interface in self._interfaces:
            before = self._visible.fields.get(interface.name, set())
            members = [self._visible.fields.get(member.name, set()) for member in self._implementers(interface)]
            shown = before.intersection(set().union(*members))
            if shown != before:
                changed = True
                self._visible.fields[interface.name] = shown
            if not shown:
                self._visible.fields.pop(interface.name, None)
        for owner in self._objects:
            kept = {name for name in self._visible.implements[owner.name] if self._still_implements(owner, name)}
            changed |= kept != self._visible.implements[owner.name]
            self._visible.implements[owner.name] = kept
        for child in self._interfaces:
            parents = {name for name in self._visible.implements[child.name] if self._still_extends(child, name)}
            changed |= parents != self._visible.implements[child.name]
            self._visible.implements[child.name] = parents
        return changed

    def _still_implements(self, owner: GraphQLObjectType, name: str) -> bool:
        needed = self._visible.fields.get(name)
        own = self._visible.fields.get(owner.name, set())
        if not needed or not needed <= own:
            return False
        interface = self._schema.type_map[name]
        assert isinstance(interface, GraphQLInterfaceType)
        return all(self._is_narrower(owner.fields[key].type, interface.fields[key].type) for key in needed)

    def _is_narrower(self, own: object, general: object) -> bool:
        own_named, general_named = get_named_type(own), get_named_type(general)  # type: ignore[call-overload]  # output types
        if own_named is general_named:
            return True
        if isinstance(general_named, GraphQLInterfaceType):
            return general_named.name in self._visible.implements.get(own_named.name, ())
        return isinstance(general_named, GraphQLUnionType) and own_named.name in self._visible.members[general_named.name]

    def _still_extends(self, child: GraphQLInterfaceType, parent: str) -> bool:
        """An interface keeps a parent only when each of its types does, or those types would be invalid."""
        needed = self._visible.fields.get(parent, set())
        if not needed or not needed <= self._visible.fields.get(child.name, set()):
            return False
        return all(parent in self._visible.implements[member.name] for member in self._implementers(child))

    def _choose_interface_arguments(self) -> None:
        """An interface's argument is visible where all its types show it; its field is nullable where one of them is."""
        for interface in self._interfaces:
            members = list(self._implementers(interface))
            for name in self._visible.fields.get(interface.name, set()):
                coordinate = f"{interface.name}.{name}"
                shown = [self._visible.arguments[f"{member.name}.{name}"] for member in members]
                self._visible.arguments[coordinate] = set(interface.fields[name].args).intersection(*shown)
                if any(f"{member.name}.{name}" in self._visible.nullable for member in members):
                    self._visible.nullable.add(coordinate)
