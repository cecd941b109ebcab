"""Differences that the oracle has found, each as small as it became."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.oracle.compare import check_case
from tests.oracle.world import Case, Clock, Ref, World

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires",'
    ' "@provides", "@shareable", "@override", "@interfaceObject", "@inaccessible"])\n'
)


def world(tables: dict[str, list[dict[str, object]]], **sdls: str) -> World:
    return World({name: LINK + sdl for name, sdl in sdls.items()}, tables)


def agrees(world: World, query: str, **variables: object) -> None:
    difference = check_case(Case(world, query, variables))
    assert difference is None, f"expected {difference.expected}\ngot {difference.got}\n{difference.plan}"


OPAQUE = world(
    {
        "A": [{"id": "a0", "x": "a0.x"}],
        "B": [{"id": "b0", "x": "b0.x"}],
        "Query": [{"all": [Ref("A", 0)]}],
    },
    hub="""
        interface I @key(fields: "id") { id: ID! }
        type A implements I @key(fields: "id") { id: ID! }
        type B implements I @key(fields: "id") { id: ID! }
    """,
    far="""
        type I @key(fields: "id") @interfaceObject { id: ID! x: String }
        type Query { all: [I] }
    """,
)


def test_a_field_repeated_for_one_type_does_not_make_an_interface_objects_type_matter() -> None:
    agrees(OPAQUE, "{ all { ... on B { x @skip(if: false) } x } }")


def test_an_object_that_is_two_interface_objects_of_one_subgraph_is_asked_as_each_of_them() -> None:
    two = world(
        {"A": [{"id": "a0", "x": 1, "y": 2}], "Query": [{"a": Ref("A", 0)}]},
        hub="""
            interface I @key(fields: "id") { id: ID! }
            interface J @key(fields: "id") { id: ID! }
            type A implements I & J @key(fields: "id") { id: ID! }
            type Query { a: A }
        """,
        far="""
            type I @key(fields: "id") @interfaceObject { id: ID! x: Int! }
            type J @key(fields: "id") @interfaceObject { id: ID! y: Int! }
        """,
    )
    agrees(two, "{ a { x y } }")


def test_a_representation_names_the_type_where_only_the_asked_subgraph_leaves_it_open() -> None:
    narrower = world(
        {"A": [{"id": "a0", "q": Ref("C", 0), "r": "r"}], "C": [{"id": "c0", "g": 1}], "Query": [{"a": Ref("A", 0)}]},
        near="""
            type A @key(fields: "id") { id: ID! q: C! @shareable }
            type C @key(fields: "id") { id: ID! g: Int }
            type Query { a: A }
        """,
        far="""
            type A @key(fields: "id") { id: ID! q: T @external r: String @requires(fields: "q { ... on C { g } }") }
            type C @key(fields: "id", resolvable: false) { id: ID! g: Int @external }
            type D { x: Int }
            union T = C | D
        """,
        other="""
            type A @key(fields: "id") { id: ID! q: T @shareable }
            type C @key(fields: "id", resolvable: false) { id: ID! }
            union T = C
        """,
    )
    agrees(narrower, "{ a { r } }")


def test_what_is_fetched_for_a_mutation_field_is_fetched_before_the_next_field_runs() -> None:
    serial = world(
        {
            "A": [{"id": "a0", "seq": Clock()}],
            "Query": [{"a": None}],
            "Mutation": [{"one": Ref("A", 0), "two": "two"}],
        },
        near="""
            type A @key(fields: "id") { id: ID! }
            type Mutation { one: A two: String }
            type Query { a: A }
        """,
        far="""
            type A @key(fields: "id") { id: ID! seq: Int! }
        """,
    )
    agrees(serial, "mutation { one { seq } two again: one { seq } }")
    agrees(serial, "mutation { two one { id } three: two last: one { seq } }")


def test_a_null_inside_of_a_scalar_does_not_stop_a_mutation() -> None:
    scalars = world(
        {"Query": [{"a": 1}], "Mutation": [{"one": [["x", None]], "two": 2}]},
        near="scalar Json type Mutation { one: [Json!]! } type Query { a: Int }",
        far="type Mutation { two: Int }",
    )
    agrees(scalars, "mutation { one two }")


def test_an_input_that_only_a_skipped_field_requires_shows_no_error() -> None:
    fails = world(
        {"A": [{"id": "a0", "w": None, "r": "r"}], "B": [], "Query": [{"a": Ref("A", 0)}]},
        near="""
            type A @key(fields: "id") { id: ID! w: Int }
            type Query { a: A }
        """,
        far="""
            type A @key(fields: "id") { id: ID! w: Int @external r: String @requires(fields: "w") }
        """,
    )
    fails = replace(fails, failing=frozenset({("A", "w", 0)}))
    query = "query($b: Boolean!, $c: Boolean!) { a { id r @include(if: $b) ... on A { r @include(if: $c) } } }"
    agrees(fails, query, b=False, c=False)
    agrees(fails, query, b=False, c=True)


PROVIDED = '@provides(fields: "... on {other} {{ x g {{ ... on {other} {{ x }} }} }}")'


@pytest.mark.parametrize("own", ["A", "B"])
def test_requests_below_what_several_types_share_are_widened_only_with_all_their_places(own: str) -> None:
    other = "B" if own == "A" else "A"
    opens = {own: PROVIDED.format(other=other), other: ""}
    external = {own: "", other: "x: Int @external"}
    chains = world(
        {
            "A": [{"id": "a0", "x": 1, "g": Ref("A", 0)}, {"id": "a1", "x": 2, "g": Ref("B", 0)}],
            "B": [{"id": "b0", "x": 3, "g": Ref("B", 0)}, {"id": "b1", "x": 4, "g": Ref("A", 1)}],
            "Query": [{"all": [Ref("A", 0), Ref("A", 1), Ref("B", 0), Ref("B", 1)]}],
        },
        near=f"""
            interface I @key(fields: "id") {{ id: ID! g: I }}
            type A implements I @key(fields: "id") {{ id: ID! g: I {opens["A"]} {external["A"]} }}
            type B implements I @key(fields: "id") {{ id: ID! g: I {opens["B"]} {external["B"]} }}
        """,
        far="""
            type I @key(fields: "id") @interfaceObject { id: ID! x: Int }
            type Query { all: [I] }
        """,
    )
    agrees(chains, "{ all { g { g { g { x } } } } }")
    agrees(chains, "{ all { g { g { g { g { x } } } } } }")
