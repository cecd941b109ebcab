"""What `read_subgraph` makes of a sound schema."""

from __future__ import annotations

import pytest

from gateway.schema import read_subgraph
from gateway.schema.subgraph import CompositeType, Subgraph

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9"{})\n'


def read(sdl: str) -> Subgraph:
    subgraph = read_subgraph("a", sdl)
    assert subgraph.problems == ()
    return subgraph


def composite(subgraph: Subgraph, name: str) -> CompositeType:
    found = subgraph.composite(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("link", "directive"),
    [
        (LINK.format(', import: ["@authenticated"]'), "@authenticated"),
        (LINK.format(', import: [{name: "@authenticated", as: "@auth"}]'), "@auth"),
        (LINK.format(', as: "fed"'), "@fed__authenticated"),
        (LINK.format(""), "@federation__authenticated"),
        ('extend schema @link(url: "https://specs.apollo.dev/authenticated/v0.1")\n', "@authenticated"),
        ('extend schema @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "auth")\n', "@auth__authenticated"),
    ],
)
def test_a_security_directive_guards_under_whatever_name_it_goes(link: str, directive: str) -> None:
    subgraph = read(link + f"type Query {{ a: String {directive} }}")
    assert composite(subgraph, "Query").fields["a"].marks.authenticated


def test_a_subgraph_without_link_is_federation_1() -> None:
    assert read("type Query { a: String }").is_federation_1


def test_fields_that_federation_1_defines_are_shareable_and_those_it_extends_are_not() -> None:
    subgraph = read('type A @key(fields: "id") { id: ID } extend type B @key(fields: "id") { id: ID @external b: Int }')
    assert composite(subgraph, "A").fields["id"].shareable
    assert not composite(subgraph, "B").fields["b"].shareable


def test_federation_1_may_list_its_key_fields() -> None:
    subgraph = read('type A @key(fields: ["id", "b"]) { id: ID b: ID }')
    assert [key.fields.text for key in composite(subgraph, "A").keys] == ["id b"]


def test_federation_1_does_not_require_what_it_resolves_itself() -> None:
    subgraph = read('type A @key(fields: "id") { id: ID b: ID c: Int @requires(fields: "b") }')
    assert composite(subgraph, "A").fields["c"].requires is None


def test_root_types_go_by_their_usual_names() -> None:
    subgraph = read("schema { query: Root } type Root { a: Root }")
    assert composite(subgraph, "Query").fields["a"].type == "Query"


def test_machinery_that_a_server_prints_is_gone() -> None:
    subgraph = read(
        "type Query { a: A _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }"
        ' type A @key(fields: "id") { id: ID } scalar _Any union _Entity = A type _Service { sdl: String }'
    )
    assert list(subgraph.types) == ["Query", "A"]
    assert list(composite(subgraph, "Query").fields) == ["a"]


def test_a_query_root_of_nothing_but_machinery_is_gone() -> None:
    subgraph = read(
        "schema { query: Query } type Query { _service: _Service! } type _Service { sdl: String } type A { a: Int }"
    )
    assert list(subgraph.types) == ["A"]


def test_extensions_that_add_nothing_are_read_as_nothing() -> None:
    subgraph = read("extend type Query\ntype Query { a: Int }\nextend type Query\nscalar S extend interface I extend enum E")
    assert list(subgraph.types) == ["Query", "S"]


def test_beside_an_empty_extension_every_fault_keeps_its_place() -> None:
    (fault,) = read_subgraph("s", "extend type Query\ntype Query {\n  a: Nope }").problems
    assert (fault.code, fault.line, fault.column) == ("INVALID_GRAPHQL", 3, 6)
    (fault,) = read_subgraph("s", "extend type Query type Query { a: Int").problems
    assert (fault.code, fault.line) == ("INVALID_GRAPHQL", 1)


def test_key_fields_are_shareable_also_nested_ones() -> None:
    subgraph = read(LINK.format(', import: ["@key"]') + 'type A @key(fields: "b { c }") { b: B } type B { c: ID d: ID }')
    assert composite(subgraph, "A").fields["b"].shareable
    assert composite(subgraph, "B").fields["c"].shareable
    assert not composite(subgraph, "B").fields["d"].shareable


def test_external_on_a_type_makes_the_fields_of_that_definition_external() -> None:
    subgraph = read(
        LINK.format(', import: ["@key", "@external", "@provides"]')
        + 'type Query { b: B @provides(fields: "x") } type B @external { x: Int } extend type B { y: Int }'
    )
    fields = composite(subgraph, "B").fields
    assert (fields["x"].external, fields["y"].external) == (True, False)


def test_a_subgraphs_own_copy_of_federation_definitions_is_not_part_of_it() -> None:
    subgraph = read(
        LINK.format(', import: ["@key", "FieldSet"]')
        + "directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE scalar FieldSet"
        + ' type A @key(fields: "id") { id: ID }'
    )
    assert list(subgraph.types) == ["A"]
    assert dict(subgraph.directives) == {}


@pytest.mark.parametrize(
    ("url", "identity", "name", "version"),
    [
        ("https://spec.example.com/a/b/mySchema/v1.0/", "https://spec.example.com/a/b/mySchema", "mySchema", "v1.0"),
        ("https://spec.example.com", "https://spec.example.com", None, None),
        ("https://spec.example.com/mySchema/v0.1?q=v#frag", "https://spec.example.com/mySchema", "mySchema", "v0.1"),
        ("https://spec.example.com/v1.0", "https://spec.example.com", None, "v1.0"),
        ("https://spec.example.com/vX", "https://spec.example.com/vX", "vX", None),
        ("file:///extensions/permissions", "file:///extensions/permissions", "permissions", None),
        ("anything goes", "anything goes", None, None),
    ],
)
def test_a_link_url_is_taken_apart(url: str, identity: str, name: str | None, version: str | None) -> None:
    from gateway.schema.links import Url, read_url

    assert read_url(url) == Url(identity, name, version)
