"""What composes into what: joins, directives, names, hints."""

from __future__ import annotations

import pytest
from graphql import build_schema, validate_schema
from hypothesis import given
from hypothesis import strategies as st

from gateway.composition import Composed, Failed, compose
from gateway.composition.graphs import name_graphs
from gateway.composition.merge.marks import merge_conditions
from gateway.composition.type_references import merge_input, merge_output
from gateway.schema import read_subgraph

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides",'
    ' "@external", "@shareable", "@override", "@inaccessible", "@interfaceObject", "@authenticated", "@requiresScopes",'
    ' "@policy", "@context", "@fromContext", "@cost", "@listSize", "@composeDirective", "@tag"]){}\n'
)
V29 = LINK.format("")
RIGHTS = LINK.format(
    ' @link(url: "https://saite.example/rights/v1.0", import: ["@classified", "@public", "@discloses", "@rowattr"])'
    ' @composeDirective(name: "@classified") @composeDirective(name: "@public") @composeDirective(name: "@discloses")'
    ' @composeDirective(name: "@rowattr")'
) + (
    "directive @classified(as: String!) on FIELD_DEFINITION\n"
    "directive @public on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE\n"
    "directive @discloses(field: String!, operator: String) on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE\n"
    "directive @rowattr(name: String!, type: String!) repeatable on OBJECT\n"
)


def composed(*sdls: str) -> Composed:
    outcome = compose([read_subgraph(name, sdl, f"http://{name}.example") for name, sdl in zip("abcd", sdls, strict=False)])
    assert isinstance(outcome, Composed), outcome
    assert validate_schema(build_schema(outcome.supergraph_sdl)) == []
    return outcome


def line(outcome: Composed, start: str) -> str:
    found = [text.strip() for text in outcome.supergraph_sdl.splitlines() if text.strip().startswith(start)]
    assert len(found) == 1, found
    return found[0]


def hints(outcome: Composed) -> set[str]:
    return {hint.code for hint in outcome.hints}


def test_our_rights_directives_arrive_on_every_kind_of_element() -> None:
    outcome = composed(
        RIGHTS + 'type Query { a(by: Order @discloses(field: "T.n"), w: W @public): T @classified(as: "L1") }\n'
        'type T @rowattr(name: "x", type: "String") @rowattr(name: "y", type: "[String]") { n: Int @public }\n'
        'input W { n: Int @discloses(field: "T.n", operator: "eq") }\n'
        'enum Order { N @discloses(field: "T.n") }'
    )
    assert line(outcome, "a(") == ('a(by: Order @discloses(field: "T.n"), w: W @public): T @classified(as: "L1")')
    assert line(outcome, "n: Int @dis") == 'n: Int @discloses(field: "T.n", operator: "eq")'
    assert line(outcome, "N ") == 'N @join__enumValue(graph: A) @discloses(field: "T.n")'
    assert line(outcome, "directive @rowattr").endswith("repeatable on OBJECT")
    assert line(outcome, '@link(url: "https://saite.example').endswith(
        'import: ["@classified", "@public", "@discloses", "@rowattr"])'
    )
    assert '@rowattr(name: "x", type: "String")' in outcome.supergraph_sdl


def test_a_directive_is_composed_only_from_the_subgraphs_that_ask_for_it() -> None:
    outcome = composed(
        RIGHTS + 'type Query { a: Int @classified(as: "L1") }',
        V29 + 'directive @classified(as: String!) on FIELD_DEFINITION type Query { b: Int @classified(as: "L2") }',
    )
    assert '"L1"' in outcome.supergraph_sdl
    assert '"L2"' not in outcome.supergraph_sdl


def test_a_field_that_every_subgraph_resolves_alike_needs_no_join() -> None:
    sdl = V29 + "type Query { t: T @shareable } type T { a: Int @shareable }"
    assert line(composed(sdl, sdl), "a: Int") == "a: Int"


def test_joins_say_who_requires_provides_and_overrides() -> None:
    outcome = composed(
        V29 + 'type Query { t: T @provides(fields: "p") }'
        ' type T @key(fields: "id") { id: ID p: Int @external b: Int @external c: Int @requires(fields: "b") }',
        V29 + 'type T @key(fields: "id") { id: ID p: Int @shareable b: Int d: Int @override(from: "c", label: "x") }',
        V29 + 'type T @key(fields: "id") { id: ID d: Int }',
    )
    assert line(outcome, "t: T") == 't: T @join__field(graph: A, provides: "p")'
    assert line(outcome, "p: Int") == "p: Int @join__field(graph: A, external: true) @join__field(graph: B)"
    assert line(outcome, "c: Int") == 'c: Int @join__field(graph: A, requires: "b")'
    assert line(outcome, "d: Int") == (
        'd: Int @join__field(graph: B, override: "c", overrideLabel: "x") @join__field(graph: C, overrideLabel: "x")'
    )


def test_the_most_general_type_is_taken_and_each_graphs_own_is_said() -> None:
    outcome = composed(
        V29 + "type Query { t: [Int!]! @shareable }", V29 + "type Query { t: [Int!] @shareable }", V29 + "type Query { b: Int }"
    )
    assert line(outcome, "t: ") == 't: [Int!] @join__field(graph: A, type: "[Int!]!") @join__field(graph: B, type: "[Int!]")'


def test_an_argument_becomes_required_when_one_subgraph_requires_it() -> None:
    outcome = composed(V29 + "type Query { t(x: Int): Int @shareable }", V29 + "type Query { t(x: Int!): Int @shareable }")
    assert line(outcome, "t(") == "t(x: Int!): Int"
    assert "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE" in hints(outcome)


def test_enums_merge_by_their_use() -> None:
    outcome = composed(
        V29 + "type Query { a(i: In): Out } enum In { X Y } enum Out { X }",
        V29 + "type Query { b(i: In): Out } enum In { X } enum Out { Y }",
    )
    schema = build_schema(outcome.supergraph_sdl)
    assert list(schema.type_map["In"].to_kwargs()["values"]) == ["X"]
    assert list(schema.type_map["Out"].to_kwargs()["values"]) == ["X", "Y"]
    assert hints(outcome) == {"INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM"}


def test_implementers_get_the_fields_of_interface_objects() -> None:
    outcome = composed(
        V29 + 'type Query { i: I } interface I @key(fields: "id") { id: ID } type T implements I @key(fields: "id") { id: ID }',
        V29 + 'type I @interfaceObject @key(fields: "id") { id: ID n: Int @authenticated }',
    )
    assert line(outcome, "n: Int @join__field @auth") == "n: Int @join__field @authenticated"
    assert '@join__type(graph: B, key: "id", isInterfaceObject: true)' in outcome.supergraph_sdl


def test_rights_of_implementers_guard_the_interface() -> None:
    outcome = composed(
        V29 + "type Query { i: I } interface I { a: Int b: Int }"
        ' type T implements I { a: Int b: Int @requiresScopes(scopes: [["s"]]) }'
        " type U implements I { a: Int b: Int @authenticated }"
    )
    interface = outcome.supergraph_sdl.split("interface I")[1].split("}")[0]
    assert 'b: Int @authenticated @requiresScopes(scopes: [["s"]])' in interface
    assert "a: Int\n" in interface


def test_a_contextual_argument_is_no_business_of_clients() -> None:
    outcome = composed(
        V29 + 'type Query { c: C } type C @context(name: "c") { n: Int t: T }'
        ' type T @key(fields: "id") { id: ID f(x: Int @fromContext(field: "$c { n }")): Int }'
    )
    assert line(outcome, "f") == (
        'f: Int @join__field(graph: A, contextArguments: [{context: "a__c", name: "x", type: "Int", selection: "{ n }"}])'
    )
    assert line(outcome, "@context(") == '@context(name: "a__c")'
    assert "join/v0.5" in outcome.supergraph_sdl


def test_costs_take_the_maximum_and_keep_their_name() -> None:
    renamed = V29.replace('"@cost"', '{name: "@cost", as: "@price"}')
    outcome = composed(
        renamed + "type Query { a: Int @shareable @price(weight: 2) }",
        renamed + "type Query { a: Int @shareable @price(weight: 5) }",
    )
    assert line(outcome, "a: Int") == "a: Int @price(weight: 5)"
    assert 'cost/v0.1", import: [{name: "@cost", as: "@price"}])' in outcome.supergraph_sdl


@pytest.mark.parametrize(
    ("version", "join"), [("v2.0", "v0.3"), ("v2.6", "v0.3"), ("v2.7", "v0.4"), ("v2.8", "v0.5"), ("v2.11", "v0.5")]
)
def test_the_join_version_follows_the_newest_federation_version(version: str, join: str) -> None:
    link = f'extend schema @link(url: "https://specs.apollo.dev/federation/{version}", import: ["@shareable"])\n'
    assert f"join/{join}" in composed(link + "type Query { a: Int }", "type Query { b: Int }").supergraph_sdl


def test_descriptions_defaults_and_deprecations_are_kept() -> None:
    outcome = composed(
        V29 + '"All." type Query { "One." a("Which." x: Int = 1 @deprecated(reason: "old")): Int @deprecated }',
        V29 + '"Everything." type Query { b: Int }',
    )
    assert '"""All."""\ntype Query' in outcome.supergraph_sdl
    assert 'x: Int = 1 @deprecated(reason: "old")' in outcome.supergraph_sdl
    assert hints(outcome) == {"INCONSISTENT_DESCRIPTION"}


def test_executable_directives_need_all_subgraphs() -> None:
    one = V29 + "directive @d(n: Int) on FIELD | QUERY type Query { a: Int @shareable }"
    other = V29 + "directive @d(n: Int) on FIELD type Query { a: Int @shareable }"
    assert line(composed(one, other), "directive @d") == "directive @d(n: Int) on FIELD"
    lonely = composed(one, V29 + "type Query { a: Int @shareable }")
    assert "directive @d" not in lonely.supergraph_sdl
    assert hints(lonely) == {"INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE"}


OVERRIDES = {
    "FROM_SUBGRAPH_DOES_NOT_EXIST": ('a: Int @override(from: "nobody")', "b: Int"),
    "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED": ('a: Int @override(from: "b")', "b: Int"),
    "OVERRIDDEN_FIELD_CAN_BE_REMOVED": ('a: Int @override(from: "b")', "a: Int"),
    "OVERRIDE_MIGRATION_IN_PROGRESS": ('a: Int @override(from: "b", label: "x")', "a: Int"),
}


@pytest.mark.parametrize(("code", "fields"), OVERRIDES.items(), ids=OVERRIDES.keys())
def test_hints_tell_where_a_migration_stands(code: str, fields: tuple[str, str]) -> None:
    first, second = fields
    assert hints(composed(V29 + f"type Query {{ {first} }}", V29 + f"type Query {{ {second} }}")) == {code}


DIFFERENCES = {
    "INCONSISTENT_ENTITY": ('type T @key(fields: "a") { a: Int }', "type T { a: Int @shareable }"),
    "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD": ("type T { a: Int @shareable b: Int }", "type T { a: Int @shareable }"),
    "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD": ("interface I { a: Int b: Int }", "interface I { a: Int }"),
    "INCONSISTENT_INPUT_OBJECT_FIELD": ("input I { a: Int b: Int }", "input I { a: Int }"),
    "INCONSISTENT_UNION_MEMBER": (
        "union U = A | B type A { a: Int @shareable } type B { b: Int }",
        "union U = A type A { a: Int @shareable }",
    ),
    "INCONSISTENT_DEFAULT_VALUE_PRESENCE": ("input I { a: Int = 1 }", "input I { a: Int }"),
    "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE": ("type T { a: Int @shareable }", "type T { a: Int! @shareable }"),
    "INCONSISTENT_ARGUMENT_PRESENCE": ("type T { a(x: Int): Int @shareable }", "type T { a: Int @shareable }"),
    "UNUSED_ENUM_TYPE": ("enum E { A }", "enum E { A }"),
    "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": (
        "type T { a: Int @shareable @cost(weight: 1) }",
        "type T { a: Int @shareable @cost(weight: 2) }",
    ),
    "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS": (
        'type T { a: Int @shareable @deprecated(reason: "x") }',
        'type T { a: Int @shareable @deprecated(reason: "y") }',
    ),
}


@pytest.mark.parametrize(("code", "types"), DIFFERENCES.items(), ids=DIFFERENCES.keys())
def test_hints_tell_where_subgraphs_differ(code: str, types: tuple[str, str]) -> None:
    query = "type Query { q: Int @shareable }\n"
    assert code in hints(composed(V29 + query + types[0], V29 + query + types[1]))


def test_a_specification_that_is_linked_by_itself_may_upgrade_a_subgraph() -> None:
    old = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])'
    cost = ' @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost"])'
    upgraded = composed(old + cost + " type Query { a: Int @cost(weight: 3) }")
    (hint,) = upgraded.hints
    assert (hint.code, hint.subgraphs) == ("IMPLICITLY_UPGRADED_FEDERATION_VERSION", ("a",))
    assert "from federation v2.3 to v2.9" in hint.message
    assert "join/v0.5" in upgraded.supergraph_sdl
    assert composed(old + " type Query { a: Int }").hints == ()
    assert composed(V29 + cost.replace("@cost", "@price") + "type Query { a: Int }").hints == ()


ERRORS = {
    "FIELD_TYPE_MISMATCH": ("type T { a: Int @shareable }", "type T { a: ID @shareable }"),
    "FIELD_ARGUMENT_TYPE_MISMATCH": ("type T { a(x: Int): Int @shareable }", "type T { a(x: ID): Int @shareable }"),
    "INPUT_FIELD_DEFAULT_MISMATCH": ("input I { a: Int = 1 b: Int }", "input I { a: Int = 2 b: Int }"),
    "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH": ("input I { a: Int! b: Int }", "input I { b: Int }"),
    "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH": ("type T { a(x: Int!): Int @shareable }", "type T { a: Int @shareable }"),
    "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES": (
        "union U = A type A { a: Int } type T { u: U @shareable }",
        "union U = B type B { b: Int } type T { u: U @shareable }",
    ),
}


@pytest.mark.parametrize(("code", "types"), ERRORS.items(), ids=ERRORS.keys())
def test_what_is_an_error_is_no_hint_as_well(code: str, types: tuple[str, str]) -> None:
    query = "type Query { q: Int @shareable }\n"
    outcome = compose([read_subgraph(name, V29 + query + sdl) for name, sdl in zip("ab", types, strict=True)])
    assert isinstance(outcome, Failed)
    assert {error.code for error in outcome.errors} == {code}
    assert [hint for hint in outcome.hints if hint.code != "INCONSISTENT_UNION_MEMBER"] == []


def test_satisfiability_is_told_beside_faults_that_do_not_change_what_can_be_asked() -> None:
    first = V29 + "type Query { user: User } type User { id: ID name: String }"
    second = V29 + "type Query { users: [User] } type User { id: ID age: Int @shareable }"
    outcome = compose([read_subgraph("a", first), read_subgraph("b", second)])
    assert isinstance(outcome, Failed)
    assert {error.code for error in outcome.errors} == {"INVALID_FIELD_SHARING", "SATISFIABILITY_ERROR"}


def test_blanks_before_a_description_are_layout() -> None:
    outcome = composed(V29 + 'type Query { "  a word "\n a: Int "two\\n  lines"\n b: Int }')
    assert '"""a word """' in outcome.supergraph_sdl
    assert "\n  two\n    lines\n" in outcome.supergraph_sdl


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["users", "team-service"], ["TEAM_SERVICE", "USERS"]),
        (["serviceA"], ["SERVICE_A"]),
        (["1st"], ["_1ST_"]),
        (["a-b", "a_b"], ["A_B_1", "A_B_2"]),
    ],
)
def test_every_subgraph_has_an_enum_value_of_its_own(names: list[str], ids: list[str]) -> None:
    assert [graph.id for graph in name_graphs([read_subgraph(name, "type Query { a: Int }") for name in names])] == ids


TYPES = st.recursive(
    st.just("T"),
    lambda inner: st.builds("[{}]".format, inner) | inner.filter(lambda t: t[-1] != "!").map("{}!".format),
    max_leaves=4,
)


@given(TYPES, TYPES)
def test_merged_types_are_one_of_the_two_and_the_same_either_way(one: str, other: str) -> None:
    for merged, swapped in (
        (merge_output([one, other], str.__eq__), merge_output([other, one], str.__eq__)),
        (merge_input([one, other]), merge_input([other, one])),
    ):
        assert merged == swapped
        assert merged in {one, other, None}


GROUPS = st.lists(st.frozensets(st.sampled_from("abc"), min_size=1), min_size=1, max_size=3)


@given(GROUPS, GROUPS, st.frozensets(st.sampled_from("abc")))
def test_merged_conditions_hold_exactly_when_both_do(
    one: list[frozenset[str]], other: list[frozenset[str]], held: frozenset[str]
) -> None:
    def holds(groups: object) -> bool:
        assert isinstance(groups, list | tuple)
        return any(set(group) <= held for group in groups)

    merged = merge_conditions([tuple(tuple(sorted(group)) for group in groups) for groups in (one, other)])
    assert holds(merged) == (holds(one) and holds(other))
