"""Each rule about one subgraph, by the code of its error: the smallest schema that breaks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gateway.schema.rules
from gateway.schema import read_subgraph

V29 = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{}])\n'
ALL = V29.format(
    '"@key", "@requires", "@provides", "@external", "@extends", "@shareable", "@override", "@inaccessible", "@tag",'
    ' "@interfaceObject", "@authenticated", "@requiresScopes", "@policy", "@context", "@fromContext", "@cost", "@listSize",'
    ' "@composeDirective"'
)
V22 = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.2", import: ["@key"])\n'
QUERY = "type Query { a: String }\n"

FAULTS = [
    ("INVALID_GRAPHQL", "type Query { a: Strin }"),
    ("INVALID_GRAPHQL", "type Query {"),
    ("INVALID_GRAPHQL", V29.format("") + 'type Query { a: T } type T @key(fields: "id") { id: ID }'),
    ("INVALID_GRAPHQL", ALL + "type Query { a: String @tag(name: 1) }"),
    ("INVALID_GRAPHQL", ALL + "type Query { a: String } input I @authenticated { a: Int }"),
    ("INVALID_GRAPHQL", QUERY + "interface I { a: ID! } type T implements I { a: ID }"),
    ("INVALID_LINK_IDENTIFIER", 'extend schema @link(url: "https://specs.apollo.dev/federation/not-a-version")\n' + QUERY),
    ("INVALID_LINK_IDENTIFIER", 'extend schema @link(url: "https://specs.apollo.dev")\n' + QUERY),
    ("INVALID_LINK_DIRECTIVE_USAGE", V29.format('"@kee"') + QUERY),
    ("INVALID_LINK_DIRECTIVE_USAGE", V22.replace("@key", "@interfaceObject") + QUERY),
    ("INVALID_LINK_DIRECTIVE_USAGE", V29.format("") + V29.format("") + QUERY),
    ("INVALID_LINK_DIRECTIVE_USAGE", V29.format('{name: "@key", as: "key"}') + QUERY),
    ("UNKNOWN_FEDERATION_LINK_VERSION", 'extend schema @link(url: "https://specs.apollo.dev/federation/v6.9")\n' + QUERY),
    ("UNKNOWN_LINK_VERSION", 'extend schema @link(url: "https://specs.apollo.dev/tag/v6.9")\n' + QUERY),
    ("DIRECTIVE_DEFINITION_INVALID", ALL + "directive @key repeatable on OBJECT\n" + QUERY),
    ("DIRECTIVE_DEFINITION_INVALID", ALL + "directive @shareable on ENUM\n" + QUERY),
    ("TYPE_DEFINITION_INVALID", V29.format('"@key", "FieldSet"') + "input FieldSet { a: Int }\n" + QUERY),
    ("ROOT_QUERY_USED", "schema { query: Root } type Root { a: String } type Query { b: String }"),
    ("ROOT_MUTATION_USED", "schema { query: Query mutation: M } type M { a: Int } type Mutation { b: Int }\n" + QUERY),
    (
        "ROOT_SUBSCRIPTION_USED",
        "schema { query: Query subscription: S } type S { a: Int } type Subscription { b: Int }\n" + QUERY,
    ),
    ("DIRECTIVE_COMPOSITION_ERROR", ALL.replace("\n", ' @composeDirective(name: "mine")\n') + QUERY),
    ("DIRECTIVE_COMPOSITION_ERROR", ALL.replace("\n", ' @composeDirective(name: "@mine")\n') + QUERY),
    ("DIRECTIVE_COMPOSITION_ERROR", ALL.replace("\n", ' @composeDirective(name: "@key")\n') + QUERY),
    (
        "DIRECTIVE_COMPOSITION_ERROR",
        ALL.replace("\n", ' @composeDirective(name: "@mine")\n') + "directive @mine on OBJECT\n" + QUERY,
    ),
    ("KEY_UNSUPPORTED_ON_INTERFACE", V22 + QUERY + 'interface I @key(fields: "id") { id: ID }'),
    ("REQUIRES_UNSUPPORTED_ON_INTERFACE", ALL + QUERY + 'interface I { id: ID a: Int @requires(fields: "id") }'),
    ("PROVIDES_UNSUPPORTED_ON_INTERFACE", ALL + QUERY + 'interface I { id: ID a: I @provides(fields: "id") }'),
    ("KEY_INVALID_FIELDS_TYPE", ALL + QUERY + "type T @key(fields: 1) { id: ID }"),
    ("REQUIRES_INVALID_FIELDS_TYPE", ALL + QUERY + "type T { id: ID a: Int @requires(fields: 1) }"),
    ("PROVIDES_INVALID_FIELDS_TYPE", ALL + QUERY + "type T { id: ID a: T @provides(fields: true) }"),
    ("KEY_INVALID_FIELDS", ALL + QUERY + 'type T @key(fields: "id {") { id: ID }'),
    ("KEY_INVALID_FIELDS", ALL + QUERY + 'type T @key(fields: "no") { id: ID }'),
    ("KEY_INVALID_FIELDS", ALL + QUERY + 'type T @key(fields: "") { id: ID }'),
    ("KEY_INVALID_FIELDS", ALL + QUERY + 'type T @key(fields: "{ }") { id: ID }'),
    ("KEY_INVALID_FIELDS", ALL + QUERY + 'type T @key(fields: "o { }") { o: O } type O { id: ID }'),
    ("REQUIRES_INVALID_FIELDS", ALL + QUERY + 'type T { id: ID a: Int @requires(fields: "") }'),
    ("PROVIDES_INVALID_FIELDS", ALL + QUERY + 'type T { id: ID a: T @provides(fields: " ") }'),
    ("KEY_INVALID_FIELDS", ALL + QUERY + 'type T @key(fields: "t") { t: T id: ID }'),
    ("KEY_INVALID_FIELDS", ALL + QUERY + 'type T @key(fields: "id @unknown") { id: ID }'),
    ("REQUIRES_INVALID_FIELDS", ALL + QUERY + 'type T { id: ID @external a: Int @requires(fields: "no") }'),
    ("PROVIDES_INVALID_FIELDS", ALL + QUERY + 'type T { id: ID @external a: T @provides(fields: "... on No { id }") }'),
    ("KEY_DIRECTIVE_IN_FIELDS_ARG", ALL + QUERY + 'type T @key(fields: "id @include(if: true)") { id: ID }'),
    (
        "REQUIRES_DIRECTIVE_IN_FIELDS_ARG",
        ALL + QUERY + 'type T { id: ID @external a: Int @requires(fields: "id @tag(name: 1)") }',
    ),
    (
        "PROVIDES_DIRECTIVE_IN_FIELDS_ARG",
        ALL + QUERY + 'type T { id: ID @external a: T @provides(fields: "id @include(if: true)") }',
    ),
    ("KEY_FIELDS_HAS_ARGS", ALL + QUERY + 'type T @key(fields: "id") { id(a: Int): ID }'),
    ("PROVIDES_FIELDS_HAS_ARGS", ALL + QUERY + 'type T { id(a: Int): ID @external a: T @provides(fields: "id") }'),
    (
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        ALL + QUERY + 'type T @key(fields: "id") { id: ID b: ID a: Int @requires(fields: "b") }',
    ),
    ("PROVIDES_FIELDS_MISSING_EXTERNAL", ALL + QUERY + 'type T { id: ID a: T @provides(fields: "id") }'),
    (
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        ALL + 'type Query { a: T @provides(fields: "id") } extend type T @key(fields: "id") { id: ID @external }',
    ),
    ("KEY_FIELDS_SELECT_INVALID_TYPE", ALL + QUERY + 'interface I { id: ID } type T @key(fields: "i { id }") { i: I }'),
    ("PROVIDES_ON_NON_OBJECT_FIELD", ALL + 'type Query { a: String @provides(fields: "id") }'),
    ("INTERFACE_OBJECT_USAGE_ERROR", ALL + QUERY + "type I @interfaceObject { id: ID }"),
    (
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        ALL + QUERY + 'interface I @key(fields: "id") { id: ID } type T implements I { id: ID }',
    ),
    ("EXTERNAL_ON_INTERFACE", ALL + QUERY + "interface I { id: ID @external }"),
    ("EXTERNAL_UNUSED", ALL + QUERY + "type T { id: ID a: Int @external }"),
    (
        "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
        ALL + QUERY + 'type T @key(fields: "id") { id: ID @external @tag(name: "x") }',
    ),
    ("INVALID_SHAREABLE_USAGE", ALL + QUERY + "interface I { id: ID @shareable }"),
    ("OVERRIDE_ON_INTERFACE", ALL + QUERY + 'interface I { id: ID @override(from: "b") }'),
    ("OVERRIDE_FROM_SELF_ERROR", ALL + 'type Query { a: Int @override(from: "self") }'),
    ("OVERRIDE_LABEL_INVALID", ALL + 'type Query { a: Int @override(from: "b", label: "percent(101)") }'),
    (
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        ALL + QUERY + 'type T @key(fields: "id") { id: ID @external @override(from: "b") }',
    ),
    ("AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", ALL + QUERY + "interface I @authenticated { id: ID }"),
    ("AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", ALL + QUERY + 'interface I { id: ID @policy(policies: [["a"]]) }'),
    ("QUERY_ROOT_TYPE_INACCESSIBLE", ALL + "type Query @inaccessible { a: String }"),
    ("DISALLOWED_INACCESSIBLE", ALL + QUERY + "directive @mine(a: Int @inaccessible) on OBJECT"),
    ("COST_APPLIED_TO_INTERFACE_FIELD", ALL + QUERY + "interface I { id: ID @cost(weight: 1) }"),
    ("COST_APPLIED_TO_INTERFACE_FIELD", ALL + QUERY + "interface I { id(a: Int @cost(weight: 1)): ID }"),
    ("LIST_SIZE_APPLIED_TO_NON_LIST", ALL + "type Query { a: String @listSize(assumedSize: 1) }"),
    ("LIST_SIZE_INVALID_ASSUMED_SIZE", ALL + "type Query { a: [String] @listSize(assumedSize: -1) }"),
    ("LIST_SIZE_INVALID_SLICING_ARGUMENT", ALL + 'type Query { a: [String] @listSize(slicingArguments: ["no"]) }'),
    ("LIST_SIZE_INVALID_SIZED_FIELD", ALL + 'type Query { a: T @listSize(sizedFields: ["no"]) } type T { b: [Int] }'),
    ("CONTEXT_NOT_SET", ALL + QUERY + 'type T @key(fields: "id") { id: ID a(x: Int @fromContext(field: "$c { n }")): Int }'),
    ("CONTEXT_NAME_INVALID", ALL + QUERY + 'type T @context(name: "1c") { n: Int }'),
    ("CONTEXT_NAME_CONTAINS_UNDERSCORE", ALL + QUERY + 'type T @context(name: "a_b") { n: Int }'),
    (
        "NO_CONTEXT_IN_SELECTION",
        ALL + QUERY + 'type T @key(fields: "id") { id: ID a(x: Int @fromContext(field: "{ n }")): Int }',
    ),
    (
        "CONTEXT_INVALID_SELECTION",
        ALL
        + QUERY
        + 'type C @context(name: "c") { t: T }'
        + ' type T @key(fields: "id") { id: ID a(x: Int @fromContext(field: "$c { n }")): Int }',
    ),
    (
        "NO_SELECTION_FOR_CONTEXT",
        ALL
        + QUERY
        + 'type C @context(name: "c") { t: T } type T @key(fields: "id") { id: ID a(x: Int @fromContext(field: "$c")): Int }',
    ),
    (
        "CONTEXT_NO_RESOLVABLE_KEY",
        ALL + QUERY + 'type C @context(name: "c") { n: Int t: T } type T { a(x: Int @fromContext(field: "$c { n }")): Int }',
    ),
    (
        "UNSUPPORTED_FEATURE",
        ALL
        + QUERY
        + 'type C @context(name: "c") { n: Int t: I }'
        + ' type I @interfaceObject @key(fields: "id") { id: ID a(x: Int @fromContext(field: "$c { n }")): Int }',
    ),
    (
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
        ALL + QUERY + 'type T @key(fields: "id b") { id: ID a: Int @external b: Int @external @requires(fields: "a") }',
    ),
    ("TYPE_WITH_ONLY_UNUSED_EXTERNAL", "type Query { a: T } type T { b: Int @external c: Int @external }"),
    ("TYPE_WITH_ONLY_UNUSED_EXTERNAL", "type Query { a: T } extend type T { b: Int @external }"),
    (
        "UNSUPPORTED_LINKED_FEATURE",
        'extend schema @link(url: "https://saite.example/x/v1.0", for: SECURITY)\n' + QUERY,
    ),
    (
        "UNSUPPORTED_LINKED_FEATURE",
        'extend schema @link(url: "https://specs.apollo.dev/connect/v0.1", import: ["@connect"])\n' + QUERY,
    ),
    (
        "UNSUPPORTED_LINKED_FEATURE",
        'extend schema @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)\n' + QUERY,
    ),
    ("TYPE_DEFINITION_INVALID", V22 + "directive @key(fields: FieldSet!) on OBJECT input FieldSet { a: Int }\n" + QUERY),
]


@pytest.mark.parametrize(("code", "sdl"), FAULTS, ids=[f"{code}-{at}" for at, (code, _) in enumerate(FAULTS)])
def test_a_faulty_subgraph_has_a_problem_of_the_code(code: str, sdl: str) -> None:
    problems = read_subgraph("self", sdl).problems
    assert code in {problem.code for problem in problems}, problems


SOUND = [
    'type Query { a: String } extend type T @key(fields: "id") { id: ID @external }',
    "type Query { a: String } type Left { b: Int @external }",
    "type Query { a: I } interface I { b: Int } type T implements I { b: Int @external }",
    ALL + QUERY + 'type T @key(fields: "id") { id: ID a: U @external b: Int @requires(fields: "a { c }") } type U { c: Int }',
    'extend schema @link(url: "https://saite.example/x/v1.0", as: "x")\n' + QUERY,
    ALL
    + QUERY
    + 'type C @key(fields: "id") @context(name: "c") { id: ID word: String @external t: T }'
    + ' type T @key(fields: "id") { id: ID a(x: String @fromContext(field: "$c { word }")): Int }',
    'extend schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)\n' + QUERY,
]


@pytest.mark.parametrize("sdl", SOUND)
def test_what_only_looks_like_a_fault_is_none(sdl: str) -> None:
    assert read_subgraph("self", sdl).problems == ()


def test_a_subgraph_named_like_the_gateway_itself_is_refused() -> None:
    assert [problem.code for problem in read_subgraph("_", QUERY).problems] == ["INVALID_SUBGRAPH_NAME"]


def test_every_code_that_the_rules_know_has_a_fault_here() -> None:
    folder = Path(gateway.schema.rules.__file__).parent
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    known = set(re.findall(r'problem\(\s*"([A-Z_]+)"', text)) | set(re.findall(r'yield "([A-Z_]{10,})"', text))
    assert known - {code for code, _ in FAULTS} == set()


def test_a_problem_says_where_it_is() -> None:
    (problem,) = read_subgraph("self", ALL + "type Query {\n  a: Int\n  b: String @listSize(assumedSize: 1)\n}").problems
    assert (problem.line, problem.column) == (4, 3)


def test_all_problems_of_a_subgraph_are_told_at_once() -> None:
    sdl = ALL + QUERY + 'type T @key(fields: "no") { id: ID @external } interface I @authenticated { id: ID }'
    codes = {problem.code for problem in read_subgraph("self", sdl).problems}
    assert {"KEY_INVALID_FIELDS", "EXTERNAL_UNUSED", "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE"} <= codes


def test_an_unimported_federation_directive_is_named_in_the_advice() -> None:
    sdl = V29.format("") + 'type Query { a: T } type T @key(fields: "id") { id: ID }'
    assert '"@federation__key"' in read_subgraph("self", sdl).problems[0].message


def test_only_valid_labels_of_a_progressive_override_are_taken() -> None:
    from gateway.schema.rules.overrides import is_valid_label

    good = ["foo", "f-", "f_", "f:", "f.", "f/", "percent(0)", "percent(100)", "percent(100.00)", "percent(5.12345678)"]
    bad = ["", "1", " foo", "foo ", "_foo", ":foo", "percent(-1)", "percent(101)", "percent(1.123456789)", "percent(x)"]
    assert [label for label in good if not is_valid_label(label)] == []
    assert [label for label in bad if is_valid_label(label)] == []
