"""The lint of the rooms' schemas: whatever carries no mark is denied everywhere, so nothing may lack one; nor a description."""

from __future__ import annotations

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
    get_named_type,
    is_specified_scalar_type,
)

from authz.catalogue import catalogue_of
from schema import ROOMS, text

MACHINERY = {"Query._entities", "Query._service", "_Service.sdl"}


def schema_of(name: str):
    return build_schema(text(name), assume_valid=True, assume_valid_sdl=True)


def is_external(schema, coordinate: str) -> bool:
    name, _, key = coordinate.partition(".")
    node = schema.type_map[name].fields[key].ast_node
    return any(directive.name.value == "external" for directive in node.directives)


@pytest.mark.parametrize("name", [*ROOMS, "api"])
def test_every_definition_says_what_it_reveals(name):
    schema = schema_of(name)
    catalogue = catalogue_of(schema)
    fields = [c for c, entry in catalogue.fields.items() if not entry.mark.is_marked and c not in MACHINERY]
    assert [coordinate for coordinate in fields if not is_external(schema, coordinate)] == []
    others = {**catalogue.arguments, **catalogue.inputs, **catalogue.order_values}
    assert [c for c, mark in others.items() if not mark.is_marked and c != "Query._entities(representations)"] == []


@pytest.mark.parametrize("name", [*ROOMS, "api"])
def test_what_is_disclosed_exists_in_the_graph(name):
    catalogue = catalogue_of(schema_of(name))
    whole = catalogue_of(schema_of("api"))
    marks = {**catalogue.arguments, **catalogue.inputs, **catalogue.order_values}
    assert [c for c, mark in marks.items() if mark.discloses is not None and mark.discloses not in whole.fields] == []


def test_each_entity_and_the_persons_part_declare_attributes_for_row_rules():
    declared = catalogue_of(schema_of("api")).row_attributes
    assert set(declared) == {"Event", "Case", "Person", "Vehicle", "Document", "PersonInvolvement"}
    assert all("classification" in declared[name] for name in ("Event", "Case", "Person", "Vehicle", "Document"))


@pytest.mark.parametrize("room", ROOMS)
def test_the_store_offers_every_attribute_that_the_schema_declares(room):
    from importlib import import_module

    tables = import_module(f"subgraphs.{room}.tables")
    scopes = [tables.REGISTER.scope, *(kind.scope for kind in getattr(tables, "INVOLVEMENTS", {}).values())]
    if room == "events":
        scopes.append(import_module("subgraphs.events.cases.tables").SCOPE)
    offered = {scope.type_name: set(scope.row_attributes) for scope in scopes if scope.type_name is not None}
    declared = {name: set(found) for name, found in catalogue_of(schema_of(room)).row_attributes.items()}
    assert offered == declared


@pytest.mark.parametrize("name", [*ROOMS, "api"])
def test_everything_is_described_in_english_and_latvian(name):
    lacking = []

    def look(coordinate: str, description: str | None) -> None:
        if description is None or "\n\n" not in description:
            lacking.append(coordinate)

    for type_name, named in schema_of(name).type_map.items():
        if type_name.startswith("_") or type_name == "Query" or is_specified_scalar_type(named) or type_name == "Decimal":
            continue
        look(type_name, named.description)
        if isinstance(named, GraphQLEnumType):
            for key, value in named.values.items():
                look(f"{type_name}.{key}", value.description)
        elif isinstance(named, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for key, field in named.fields.items():
                look(f"{type_name}.{key}", field.description)
                for argument, definition in getattr(field, "args", {}).items():
                    look(f"{type_name}.{key}({argument})", definition.description)
    assert lacking == []


def test_every_where_and_order_has_operators_that_the_store_knows():
    """Each attribute of a `where` and each order is mapped to columns, so no request can meet one that is not."""
    from importlib import import_module

    for room in ROOMS:
        schema = schema_of(room)
        scope = import_module(f"subgraphs.{room}.tables").REGISTER.scope
        root = next(name for name in schema.type_map if name == {"events": "EventWhere"}.get(room, f"{room[:-1].title()}Where"))
        assert _missing(schema.type_map[root], scope) == []
    cases = import_module("subgraphs.events.cases.tables").SCOPE
    assert _missing(schema_of("events").type_map["CaseWhere"], cases) == []


def _missing(where, scope) -> list[str]:
    missing = []
    for key, field in where.fields.items():
        if key in ("and", "or", "not"):
            continue
        name = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in key)
        named = get_named_type(field.type)
        if name in scope.edges:
            missing += _missing(named, scope.edges[name].scope)
        elif name not in scope.attributes or isinstance(named, GraphQLScalarType):
            missing.append(f"{where.name}.{key}")
    return missing
