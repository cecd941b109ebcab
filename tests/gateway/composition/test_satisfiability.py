"""Satisfiability: which queries subgraphs can answer together."""

from __future__ import annotations

import pytest

from gateway.composition import Composed, Failed, compose
from gateway.schema import read_subgraph

V29 = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides",'
    ' "@external", "@shareable", "@override", "@interfaceObject", "@inaccessible", "@context", "@fromContext"])\n'
)


def outcome(*sdls: str) -> Composed | Failed:
    return compose([read_subgraph(name, V29 + sdl) for name, sdl in zip("abcd", sdls, strict=False)])


SATISFIABLE = {
    "a key leads to another subgraph": (
        'type Query { t: T } type T @key(fields: "id") { id: ID }',
        'type T @key(fields: "id") { id: ID b: Int }',
    ),
    "a key is completed by a third subgraph": (
        'type Query { t: T } type T @key(fields: "id") { id: ID }',
        'type T @key(fields: "id") @key(fields: "id pid") { id: ID pid: ID }',
        'type T @key(fields: "id pid") { id: ID pid: ID c: Int }',
    ),
    "a nested key is completed inside its object": (
        'type Query { l: L } type L @key(fields: "t { id }") { t: T } type T @key(fields: "id") { id: ID }',
        'type T @key(fields: "id") { id: ID pid: ID @shareable }',
        'type L @key(fields: "t { id pid }") { t: T n: Int } type T @key(fields: "id pid") { id: ID pid: ID }',
    ),
    "a required field comes from elsewhere and execution comes back": (
        'type Query { t: T } type T @key(fields: "id") { id: ID b: Int @external c: Int @requires(fields: "b") }',
        'type T @key(fields: "id") { id: ID b: Int }',
    ),
    "one of the subgraphs that share a field never returns the type": (
        (
            'type Query { t: T } type T @key(fields: "id") { id: ID i: I @shareable }'
            ' interface I { id: ID } type A implements I @key(fields: "id") { id: ID }'
            " type V implements I { id: ID @shareable }"
        ),
        'type T @key(fields: "id") { id: ID i: A @shareable } type A @key(fields: "id") { id: ID }',
        "type Query { v: V } type V { id: ID @shareable n: Int }",
    ),
    "braces and spaces make no other key": (
        'type Query { t: T } type T @key(fields: "{ o{id} }") { o: O } type O @key(fields: " {id} ") { id: ID }',
        'type T @key(fields: "o  { id }") { o: O b: Int } type O @key(fields: "id") { id: ID c: Int }',
    ),
    "a provided field is there without a key": (
        'type Query { t: T @provides(fields: "b") } type T @key(fields: "id", resolvable: false) { id: ID b: Int @external }',
        'type T @key(fields: "id") { id: ID b: Int }',
    ),
    "an interface object finds the types of its values": (
        'type Query { i: I } type I @interfaceObject @key(fields: "id") { id: ID n: Int }',
        'interface I @key(fields: "id") { id: ID } type T implements I @key(fields: "id") { id: ID b: Int }',
    ),
    "the query root is everywhere": ("type Query { q: Query @shareable }", "type Query { b: Int }"),
    "a field on the move is in both places": (
        'type Query { t: T } type T @key(fields: "id") { id: ID b: Int @override(from: "b", label: "x") }',
        'type T @key(fields: "id") { id: ID b: Int }',
    ),
    "some way to a field sets its context": (
        (
            'type Query { s: S t: T } type S @context(name: "c") { n: Int t: T }'
            ' type T @key(fields: "id") { id: ID a(x: Int @fromContext(field: "$c { n }")): Int }'
        ),
    ),
    "every way to a field sets its context": (
        (
            'type Query { s: U } union U @context(name: "c") = S | R type S { n: Int t: T } type R { n: Int s: S }'
            ' type T @key(fields: "id") { id: ID a(x: Int @fromContext(field: "$c ... on S { n } ... on R { n }")): Int }'
        ),
        'type T @key(fields: "id") { id: ID b: Int }',
    ),
    "another subgraph answers without the context": (
        (
            'type Query { t: T } type S @context(name: "c") { n: Int t: T @shareable }'
            ' type T @key(fields: "id") { id: ID a(x: Int @fromContext(field: "$c { n }")): Int @shareable }'
        ),
        'type T @key(fields: "id") { id: ID a: Int @shareable }',
    ),
    "a required field on the move is in both places": (
        'type Query { t: T } type T @key(fields: "id") { id: ID b: Int @override(from: "b", label: "x") }',
        'type T @key(fields: "id") { id: ID b: Int }',
        'type T @key(fields: "id") { id: ID b: Int @external c: Int @requires(fields: "b") }',
    ),
    "a hidden field need not be answered": (
        "type Query { t: T } type T { a: Int @shareable }",
        "type T { a: Int @shareable b: Int @inaccessible }",
    ),
}

UNSATISFIABLE = {
    "no way to a field sets its context": (
        (
            'type Query { s: S t: T } type S @context(name: "c") { n: Int }'
            ' type T @key(fields: "id") { id: ID a(x: Int @fromContext(field: "$c { n }")): Int }'
        ),
    ),
    "a context would come from the object itself": (
        (
            'type Query { t: T } type T @key(fields: "id") @context(name: "c") { id: ID n: Int'
            ' a(x: Int @fromContext(field: "$c { n }")): Int }'
        ),
    ),
    "a field set rests on a field with a context": (
        (
            'type Query { s: S } type S @context(name: "c") { n: Int t: T }'
            ' type T @key(fields: "id") { id: ID a(x: Int @fromContext(field: "$c { n }")): Int }'
        ),
        'type T @key(fields: "id") { id: ID a: Int @external b: Int @requires(fields: "a") }',
    ),
    "a subgraph requires what moves away from it": (
        (
            'type Query { t: T } type T @key(fields: "id") { id: ID b: U @override(from: "b", label: "x") }'
            ' type U @key(fields: "id") { id: ID n: Int }'
        ),
        (
            'type T @key(fields: "id") { id: ID b: U c: Int @requires(fields: "b { n }") }'
            ' type U @key(fields: "id") { id: ID n: Int @external }'
        ),
    ),
    "no key leads there": ("type Query { t: T } type T { a: Int @shareable }", "type T { a: Int @shareable b: Int }"),
    "the key cannot be looked up": (
        'type Query { t: T } type T @key(fields: "id") { id: ID }',
        'type T @key(fields: "id", resolvable: false) { id: ID b: Int }',
    ),
    "the field's one home holds it only inside another type's key": (
        'type Query { a: A } type A @key(fields: "n") { n: Int } type B @key(fields: "id") { id: ID q: B }',
        'type A { id: ID n: Int @shareable } type B @key(fields: "id") @key(fields: "o { id }") { id: ID o: A }',
    ),
    "the key's fields are not known": (
        'type Query { t: T } type T @key(fields: "id") { id: ID }',
        'type T @key(fields: "pid") { pid: ID b: Int }',
    ),
    "the key's field is external and its type no extension": (
        'type Query { t: T } type T @key(fields: "id") { id: ID @external a: Int }',
        'type T @key(fields: "id") { id: ID b: Int }',
    ),
    "what is required cannot be fetched": (
        'type Query { t: T } type T @key(fields: "id") { id: ID b: Int @external c: Int @requires(fields: "b") }',
        'type T @key(fields: "pid") { pid: ID b: Int }',
    ),
    "a field requires itself": (
        'type Query { t: T } type T @key(fields: "id") { id: ID t: T @requires(fields: "t { b }") b: Int @external }',
        'type T @key(fields: "id") { id: ID b: Int }',
    ),
    "two fields require each other": (
        'type Query { t: T } type T @key(fields: "id") { id: ID b: Int @external c: Int @requires(fields: "b") }',
        'type T @key(fields: "id") { id: ID c: Int @external b: Int @requires(fields: "c") }',
    ),
    "an overridden field is not in its source any more": (
        'type Query { t: T } type T @key(fields: "id") { id: ID b: Int }',
        'type T @key(fields: "id", resolvable: false) { id: ID b: Int @override(from: "a") }',
    ),
    "a field on the move is only in one place": (
        'type Query { t: T } type T @key(fields: "id") { id: ID b: Int }',
        'type T @key(fields: "id", resolvable: false) { id: ID b: Int @override(from: "a", label: "x") }',
    ),
    "only one implementer has a way": (
        "type Query { i: I } interface I { a: Int } type T implements I { a: Int } type U implements I { a: Int @shareable }",
        "type U { b: Int }",
    ),
    "an interface object never learns the types of its values": (
        'type Query { i: I } type I @interfaceObject @key(fields: "id") { id: ID }',
        "interface I { id: ID } type T implements I { id: ID b: Int }",
    ),
}


@pytest.mark.parametrize("sdls", SATISFIABLE.values(), ids=SATISFIABLE.keys())
def test_it_composes_when(sdls: tuple[str, ...]) -> None:
    assert isinstance(found := outcome(*sdls), Composed), found


@pytest.mark.parametrize("sdls", UNSATISFIABLE.values(), ids=UNSATISFIABLE.keys())
def test_it_does_not_compose_when(sdls: tuple[str, ...]) -> None:
    found = outcome(*sdls)
    assert isinstance(found, Failed)
    assert {error.code for error in found.errors} == {"SATISFIABILITY_ERROR"}, found


def test_the_error_shows_the_query_and_what_was_tried_from_each_subgraph() -> None:
    found = outcome(
        'type Query { t(id: ID!): T } type T @key(fields: "id") { id: ID }', 'type T @key(fields: "pid") { pid: ID b: Int }'
    )
    assert isinstance(found, Failed)
    assert found.errors[-1].message == (
        "The following supergraph API query:\n"
        "{\n"
        '  t(id: "<any id>") {\n'
        "    b\n"
        "  }\n"
        "}\n"
        "cannot be satisfied by the subgraphs because:\n"
        '- from subgraph "a":\n'
        '  - cannot find field "T.b".\n'
        '  - cannot move to subgraph "b" using @key(fields: "pid") of "T", the key field(s) cannot be resolved from'
        ' subgraph "a".'
    )
    assert found.errors[-1].subgraphs == ("a", "b")
