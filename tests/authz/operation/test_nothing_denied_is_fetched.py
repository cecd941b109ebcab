"""Whatever is asked, in whatever shape: what is executed resolves nothing that the mask denies."""

from __future__ import annotations

import random
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    execute_sync,
    get_named_type,
    is_abstract_type,
    is_list_type,
    parse,
    print_ast,
    validate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from authz.catalogue import catalogue_of
from authz.mask import Mask
from authz.operation import authorise
from authz.view import view_of
from tests.authz.small_world import CONTRACT, SCHEMA, mask_of

MASKS = [
    mask_of(),
    mask_of("STATISTICS"),
    mask_of(document=CONTRACT.replace("default: hidden", "default: listed")),
    mask_of(
        document=CONTRACT.replace("Person.{id, familyName", "Person.{familyName").replace("default: hidden", "default: listed")
    ),
]
VALUES = {"Int": 1, "Boolean": True, "ID": "x", "String": "x"}


class Asker:
    """Writes operations over what a view shows: aliases, fragments on every overlapping type, directives."""

    def __init__(self, view: GraphQLSchema, seed: int) -> None:
        self._view = view
        self._random = random.Random(seed)
        self._fragments: list[str] = []

    def operation(self) -> str:
        assert self._view.query_type is not None
        selections = self._selections(self._view.query_type, 5)
        return f"query Q($x: Boolean!) {{ __typename @include(if: $x) {selections} }}\n" + "\n".join(self._fragments)

    def _selections(self, parent: GraphQLNamedType, depth: int) -> str:
        parts = [self._one(parent, depth) for _ in range(self._random.randint(1, 4))]
        return "__typename " + " ".join(parts)

    def _one(self, parent: GraphQLNamedType, depth: int) -> str:
        if isinstance(parent, GraphQLUnionType) or (depth and self._random.random() < 0.3):
            return self._fragment(parent, depth)
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        name = self._random.choice(sorted(parent.fields))
        return self._field(name, parent.fields[name], depth)

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        named = get_named_type(field.type)
        is_leaf = not hasattr(named, "fields") and not isinstance(named, GraphQLUnionType)
        if not is_leaf and not depth:
            return "__typename"
        # Aliases say the whole field, so that two of them never clash; a few take the name of another field.
        alias = self._random.choice(["", f"a_{name}_{self._random.randint(0, 99999)}: "])
        needed = ", ".join(f'{key}: "x"' for key, argument in field.args.items() if isinstance(argument.type, GraphQLNonNull))
        directive = self._random.choice(["", "", "@include(if: $x)", "@skip(if: $x)"])
        inner = "" if is_leaf else f"{{ {self._selections(named, depth - 1)} }}"
        return f"{alias}{name}{f'({needed})' if needed else ''} {directive} {inner}"

    def _fragment(self, parent: GraphQLNamedType, depth: int) -> str:
        mine = self._possible(parent)
        others = [t for t in self._view.type_map.values() if self._possible(t) & mine]
        condition = self._random.choice(sorted(others, key=lambda t: t.name))
        inner = self._selections(condition, max(depth - 1, 0))
        if self._random.random() < 0.5:
            return f"... on {condition.name} {{ {inner} }}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {condition.name} {{ {inner} }}")
        return f"...{name}"

    def _possible(self, named: GraphQLNamedType) -> frozenset[str]:
        if isinstance(named, GraphQLObjectType):
            return frozenset((named.name,)) if not named.name.startswith("__") else frozenset()
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            return frozenset(t.name for t in self._view.get_possible_types(named))
        return frozenset()


def resolved_by(text: str, mask: Mask) -> tuple[set[tuple[str, str]], str]:
    """The (field, response key) pairs that executing the permitted operation resolves, over objects of every possible type."""
    permit = authorise(SCHEMA, parse(text), None, mask)
    assert validate(SCHEMA, permit.document) == [], print_ast(permit.document)
    seen: set[tuple[str, str]] = set()

    def resolve(_source: object, info: GraphQLResolveInfo, **_arguments: object) -> Any:
        seen.add((f"{info.parent_type.name}.{info.field_name}", str(info.path.key)))
        returns = info.return_type.of_type if isinstance(info.return_type, GraphQLNonNull) else info.return_type
        named = get_named_type(returns)
        if named.name in VALUES:
            return VALUES[named.name]
        types = SCHEMA.get_possible_types(named) if is_abstract_type(named) else [named]  # type: ignore[arg-type]
        things = [{"type": t.name} for t in types]
        return things if is_list_type(returns) else random.choice(things)

    result = execute_sync(
        SCHEMA,
        permit.document,
        field_resolver=resolve,
        type_resolver=lambda value, _info, _abstract: value["type"],
        variable_values={"x": True},
    )
    assert result.errors is None, result.errors
    return seen, permit.audit_key


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32), which=st.integers(0, len(MASKS) - 1))
def test_nothing_that_the_mask_denies_is_resolved(seed: int, which: int) -> None:
    mask = MASKS[which]
    text = Asker(view_of(SCHEMA, mask), seed).operation()
    seen, audit_key = resolved_by(text, mask)
    fields = catalogue_of(SCHEMA).fields
    for field, key in seen:
        is_for_the_audit = field.endswith(".id") and key == audit_key
        assert fields[field].mark.public or field in mask.read | mask.count or is_for_the_audit, text


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_an_id_of_the_audit_never_has_the_response_key_of_a_denied_one(seed: int) -> None:
    mask = MASKS[3]  # ids of persons and documents are listed and denied
    text = Asker(view_of(SCHEMA, mask), seed).operation()
    seen, audit_key = resolved_by(text, mask)
    if audit_key == "id":
        permit = authorise(SCHEMA, parse(text), None, mask)
        assert not [entry for entry in permit.withheld if entry.path[-1] == "id"]
    assert seen is not None


@pytest.mark.parametrize("mask", MASKS)
def test_the_asker_asks_valid_operations(mask: Mask) -> None:
    view = view_of(SCHEMA, mask)
    good = sum(not validate(view, parse(Asker(view, seed).operation())) for seed in range(30))
    assert good > 15
