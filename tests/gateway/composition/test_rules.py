"""Each rule about subgraphs together, by the code of its error: the smallest subgraphs that break it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gateway.composition.rules
from gateway.composition import CompositionError, Failed, compose
from gateway.schema import read_subgraph

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides",'
    ' "@external", "@shareable", "@override", "@inaccessible", "@interfaceObject", "@authenticated", "@requiresScopes",'
    ' "@policy", "@context", "@fromContext", "@cost", "@listSize", "@composeDirective", "@tag"]){}\n'
)
V29 = LINK.format("")
Q = "type Query { a: Int @shareable }\n"


def composing(url: str, name: str = '"@mine"') -> str:
    return LINK.format(f' @link(url: "{url}", import: [{name}]) @composeDirective(name: "@mine")')


FAULTS: list[tuple[str, list[str]]] = [
    ("NO_QUERIES", [V29 + "type T { a: Int }", V29 + "type U { a: Int }"]),
    ("TYPE_KIND_MISMATCH", [V29 + Q + "type T { a: Int }", V29 + Q + "enum T { A }"]),
    (
        "INVALID_GRAPHQL",
        [V29 + "type Query { a(e: E = X): Int } enum E { X Y }", V29 + "type Query { b(e: E): Int } enum E { Y }"],
    ),
    (
        "INVALID_GRAPHQL",
        [
            V29 + "type Query { a(l: [N] = [{x: 1}]): Int } input N { x: Int y: Int }",
            V29 + "type Query { b(n: N): Int } input N { y: Int }",
        ],
    ),
    (
        "INVALID_GRAPHQL",
        [
            V29 + "type Query { a(n: N = {x: 1}): Int } input N { x: Int y: Int }",
            V29 + "type Query { b(n: N): Int } input N { x: Int y: Int! }",
        ],
    ),
    (
        "INVALID_GRAPHQL",
        [V29 + "type Query { a(x: Int = null): Int @shareable }", V29 + "type Query { a(x: Int!): Int @shareable }"],
    ),
    (
        "INVALID_GRAPHQL",
        [V29 + "type Query { a(x: Int @deprecated): Int @shareable }", V29 + "type Query { a(x: Int!): Int @shareable }"],
    ),
    ("LINK_IMPORT_NAME_MISMATCH", [V29 + Q, V29.replace('"@cost"', '{name: "@cost", as: "@price"}') + Q]),
    ("INTERFACE_OBJECT_USAGE_ERROR", [V29 + Q + 'type I @interfaceObject @key(fields: "id") { id: ID }']),
    (
        "INTERFACE_OBJECT_USAGE_ERROR",
        [
            V29 + Q + 'interface I @key(fields: "id") { id: ID } type T implements I @key(fields: "id") { id: ID }',
            V29 + Q + 'type I @interfaceObject @key(fields: "id") { id: ID } type T @key(fields: "id") { id: ID }',
        ],
    ),
    (
        "DIRECTIVE_COMPOSITION_ERROR",
        [
            composing("https://saite.example/x/v1.0") + "directive @mine on OBJECT\n" + Q,
            composing("https://saite.example/x/v2.0") + "directive @mine on OBJECT\n" + Q,
        ],
    ),
    (
        "DIRECTIVE_COMPOSITION_ERROR",
        [
            composing("https://saite.example/x/v1.0") + "directive @mine on OBJECT\n" + Q,
            composing("https://saite.example/y/v1.0") + "directive @mine on OBJECT\n" + Q,
        ],
    ),
    (
        "DIRECTIVE_COMPOSITION_ERROR",
        [
            composing("https://saite.example/x/v1.0") + "directive @mine on OBJECT\n" + Q,
            composing("https://saite.example/x/v1.0", '{name: "@other", as: "@mine"}') + "directive @mine on OBJECT\n" + Q,
            LINK.format(' @link(url: "https://saite.example/x/v1.0", import: [{name: "@mine", as: "@my"}])') + Q,
        ],
    ),
    (
        "INTERFACE_FIELD_NO_IMPLEM",
        [
            V29 + Q + "interface I { a: Int } type T implements I { a: Int @shareable }",
            V29 + Q + "interface I { b: Int } type U implements I { b: Int }",
        ],
    ),
    (
        "INVALID_GRAPHQL",
        [
            V29 + Q + "interface I { a: Int! } type T implements I { a: Int! @shareable }",
            V29 + Q + "type T { a: Int @shareable }",
        ],
    ),
    (
        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        [
            V29 + Q + 'interface I @key(fields: "id") { id: ID } type T implements I @key(fields: "id") { id: ID }',
            V29 + Q + "interface I { id: ID } type U implements I { id: ID }",
        ],
    ),
    ("EXTENSION_WITH_NO_BASE", [Q.replace(" @shareable", "") + 'extend type T @key(fields: "id") { id: ID }']),
    ("FIELD_TYPE_MISMATCH", [V29 + "type Query { a: Int @shareable }", V29 + "type Query { a: String @shareable }"]),
    ("FIELD_TYPE_MISMATCH", [V29 + Q + "input I { a: Int }", V29 + Q + "input I { a: String }"]),
    (
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        [V29 + "type Query { a(x: Int): Int @shareable }", V29 + "type Query { a(x: String): Int @shareable }"],
    ),
    ("FIELD_ARGUMENT_TYPE_MISMATCH", [V29 + Q + "directive @d(x: Int) on FIELD", V29 + Q + "directive @d(x: ID) on FIELD"]),
    (
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        [V29 + "type Query { a(x: Int = 1): Int @shareable }", V29 + "type Query { a(x: Int = 2): Int @shareable }"],
    ),
    ("INPUT_FIELD_DEFAULT_MISMATCH", [V29 + Q + "input I { a: Int = 1 }", V29 + Q + "input I { a: Int = 2 }"]),
    (
        "ENUM_VALUE_MISMATCH",
        [V29 + "type Query { a(e: E): E } enum E { A B }", V29 + "type Query { b(e: E): E } enum E { A }"],
    ),
    (
        "EMPTY_MERGED_ENUM_TYPE",
        [V29 + "type Query { a(e: E): Int } enum E { A }", V29 + "type Query { b(e: E): Int } enum E { B }"],
    ),
    ("EMPTY_MERGED_INPUT_TYPE", [V29 + Q + "input I { a: Int }", V29 + Q + "input I { b: Int }"]),
    (
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        [V29 + "type Query { a(x: Int!): Int @shareable }", V29 + "type Query { a: Int @shareable }"],
    ),
    (
        "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
        [V29 + Q + "input I { a: Int b: Int! }", V29 + Q + "input I { a: Int }"],
    ),
    (
        "EXTERNAL_TYPE_MISMATCH",
        [
            V29 + Q + 'type T @key(fields: "id") { id: ID b: Int }',
            V29 + Q + 'type T @key(fields: "id") { id: ID b: ID @external c: Int @requires(fields: "b") }',
        ],
    ),
    (
        "EXTERNAL_ARGUMENT_MISSING",
        [
            V29 + Q + 'type T @key(fields: "id") { id: ID b(x: Int): Int }',
            V29 + Q + 'type T @key(fields: "id") { id: ID b: Int @external c: Int @requires(fields: "b") }',
        ],
    ),
    (
        "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
        [
            V29 + Q + 'type T @key(fields: "id") { id: ID b(x: Int): Int }',
            V29 + Q + 'type T @key(fields: "id") { id: ID b(x: ID): Int @external c: Int @requires(fields: "b(x: 1)") }',
        ],
    ),
    (
        "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
        [
            V29 + Q + 'type T @key(fields: "id") { id: ID b(x: Int = 1): Int }',
            V29 + Q + 'type T @key(fields: "id") { id: ID b(x: Int): Int @external c: Int @requires(fields: "b(x: 1)") }',
        ],
    ),
    (
        "EXTERNAL_MISSING_ON_BASE",
        [V29 + Q + 'type T @key(fields: "id") { id: ID b: Int @external c: Int @requires(fields: "b") }'],
    ),
    (
        "OVERRIDE_SOURCE_HAS_OVERRIDE",
        [V29 + 'type Query { a: Int @override(from: "s1") }', V29 + 'type Query { a: Int @override(from: "s0") }'],
    ),
    (
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        [
            V29 + Q + 'type T @key(fields: "id") { id: ID b: Int c: Int @override(from: "s1", label: "x") }',
            V29 + Q + 'type T @key(fields: "id") { id: ID b: Int @external c: Int @requires(fields: "b") }',
        ],
    ),
    ("INVALID_FIELD_SHARING", [V29 + "type Query { a: Int }", V29 + "type Query { a: Int }"]),
    (
        "INVALID_FIELD_SHARING",
        [V29 + Q + "type Subscription { s: Int @shareable }", V29 + Q + "type Subscription { s: Int @shareable }"],
    ),
    (
        "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES",
        [
            V29 + "type Query { u: U @shareable } union U = A type A { a: Int }",
            V29 + "type Query { u: U @shareable } union U = B type B { b: Int }",
        ],
    ),
    ("REFERENCED_INACCESSIBLE", [V29 + "type Query { a: T b: Int } type T @inaccessible { c: Int }"]),
    ("REFERENCED_INACCESSIBLE", [V29 + "type Query { a(x: I): Int } input I @inaccessible { c: Int }"]),
    ("DEFAULT_VALUE_USES_INACCESSIBLE", [V29 + "type Query { a(e: E = A): Int } enum E { A @inaccessible B }"]),
    ("REQUIRED_INACCESSIBLE", [V29 + "type Query { a(x: Int! @inaccessible): Int }"]),
    ("REQUIRED_INACCESSIBLE", [V29 + Q + "input I { a: Int! @inaccessible b: Int }"]),
    (
        "IMPLEMENTED_BY_INACCESSIBLE",
        [V29 + Q + "interface I { a: Int } type T implements I { a: Int @inaccessible b: Int }"],
    ),
    ("ONLY_INACCESSIBLE_CHILDREN", [V29 + "type Query { a: T b: Int } type T { c: Int @inaccessible }"]),
    (
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        [
            V29 + 'type Query { a(x: Int): [Int] @shareable @listSize(slicingArguments: ["x"]) }',
            V29 + "type Query { a: [Int] @shareable }",
        ],
    ),
    (
        "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
        [
            V29
            + 'type Query { c: C } type C @context(name: "c") { n: Int! t: T }'
            + ' type T @key(fields: "id") { id: ID f(x: Int! @fromContext(field: "$c { n }")): Int @shareable }',
            V29 + Q + 'type T @key(fields: "id") { id: ID f(x: Int!): Int @shareable }',
        ],
    ),
    (
        "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
        [
            V29 + Q + 'type T @key(fields: "id") { id: ID b: Int @authenticated }',
            V29 + Q + 'type T @key(fields: "id") { id: ID b: Int @external c: Int @requires(fields: "b") }',
        ],
    ),
    (
        "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
        [
            V29
            + 'type Query { c: C } type C @context(name: "c") { n: Int @requiresScopes(scopes: [["s"]]) t: T }'
            + ' type T @key(fields: "id") { id: ID f(x: Int @fromContext(field: "$c { n }")): Int }',
        ],
    ),
    ("SATISFIABILITY_ERROR", [V29 + "type Query { t: T } type T { a: Int @shareable }", V29 + "type T { b: Int }"]),
]


def errors(*sdls: str) -> tuple[CompositionError, ...]:
    outcome = compose([read_subgraph(f"s{at}", sdl) for at, sdl in enumerate(sdls)])
    assert isinstance(outcome, Failed), outcome
    return outcome.errors


@pytest.mark.parametrize(("code", "sdls"), FAULTS, ids=[f"{code}-{at}" for at, (code, _) in enumerate(FAULTS)])
def test_subgraphs_that_break_a_rule_together_fail_with_its_code(code: str, sdls: list[str]) -> None:
    found = errors(*sdls)
    assert code in {error.code for error in found}, found
    assert all(error.subgraphs for error in found), "an error names the subgraphs involved"


def test_every_code_that_the_rules_know_has_a_fault_here() -> None:
    folder = Path(gateway.composition.rules.__file__).parent
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    known = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', text))
    assert known - {code for code, _ in FAULTS} == {"INVALID_SUBGRAPH_NAME"}  # tested below


def test_two_subgraphs_of_one_name_do_not_compose() -> None:
    outcome = compose([read_subgraph("same", V29 + Q), read_subgraph("same", V29 + Q)])
    assert isinstance(outcome, Failed)
    assert [error.code for error in outcome.errors] == ["INVALID_SUBGRAPH_NAME"]


def test_an_error_names_every_subgraph_and_what_it_says() -> None:
    (error,) = (one for one in errors(V29 + "type Query { a: Int }", V29 + "type Query { a: Int }"))
    assert error.message == (
        'Non-shareable field "Query.a" is resolved from multiple subgraphs: it is resolved from subgraphs "s0" and "s1" and'
        " defined as non-shareable in all of them"
    )
    assert error.subgraphs == ("s0", "s1")


def test_problems_of_several_subgraphs_are_told_together_with_their_places() -> None:
    first, second = errors(V29 + "type Query { a: Strin }", V29 + "type Query {\n  b: Nope }")
    assert (first.message, first.subgraphs) == (
        "[s0] Unknown type 'Strin'. Did you mean 'String'? (line 2, column 17)",
        ("s0",),
    )
    assert second.message.startswith("[s1] Unknown type 'Nope'.")


def test_a_failure_without_an_error_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="must say why"):
        Failed(())


def test_rights_cover_what_they_imply() -> None:
    from gateway.composition.rules.transitive_rights import covers
    from gateway.schema.subgraph import Marks

    strict, loose = Marks(scopes=(("a", "b"),)), Marks(scopes=(("a",), ("c",)))
    assert covers(strict, loose)
    assert not covers(loose, strict)
    assert not covers(Marks(authenticated=True), strict)
    assert covers(loose, Marks())
