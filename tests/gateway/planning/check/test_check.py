"""Each kind of fault can fail: good plans, made wrong in one way, are reported in that way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from graphql import parse

from gateway.planning import plan
from gateway.planning.check import FaultKind, check_plan
from gateway.planning.plan import (
    BatchFetch,
    Condition,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    RequiredField,
    RequiredFragment,
    Sequence,
)
from gateway.query_graph import QueryGraph

PRODUCTS = """
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) {
      product: Product @join__field(graph: A)
      products(first: Int): [Product] @join__field(graph: A)
    }
    type Mutation @join__type(graph: A) @join__type(graph: B) {
      addToA(name: String): Product @join__field(graph: A)
      addToB(name: String): Product @join__field(graph: B)
    }
    type Product @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: B, key: "upc")
      @join__type(graph: C, key: "upc") {
      id: ID! @join__field(graph: A) @join__field(graph: B)
      upc: String! @join__field(graph: B) @join__field(graph: C)
      name: String @join__field(graph: A)
      weight(unit: String): Int @join__field(graph: A) @join__field(graph: B, external: true)
      stock: Int @join__field(graph: B)
      shipping: Int @join__field(graph: B, requires: "weight(unit: \\"KG\\")")
      price: Int @join__field(graph: C)
    }
"""

MEDIA = """
    type Query @join__type(graph: A) @join__type(graph: B) { media: [Media] @join__field(graph: A) }
    interface Media @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) {
      id: ID!
      views: Int @join__field(graph: B)
    }
    type Book implements Media @join__implements(graph: A, interface: "Media") @join__type(graph: A, key: "id") {
      id: ID! @join__field(graph: A)
      title: String @join__field(graph: A)
      views: Int @join__field
    }
    type Song implements Media @join__implements(graph: A, interface: "Media") @join__type(graph: A, key: "id") {
      id: ID! @join__field(graph: A)
      title: String! @join__field(graph: A)
      views: Int @join__field
    }
"""


def changed(node: PlanNode, change: Callable[[Fetch], Fetch | None]) -> PlanNode | None:
    """The plan with every fetch changed; None drops it."""
    match node:
        case Fetch():
            return change(node)
        case BatchFetch():
            return node
        case Flatten(path, inner):
            made = changed(inner, change)
            return Flatten(path, made) if isinstance(made, Fetch) else None
        case Sequence(nodes):
            return Sequence(tuple(made for one in nodes if (made := changed(one, change)) is not None))
        case Parallel(nodes):
            return Parallel(tuple(made for one in nodes if (made := changed(one, change)) is not None))
        case Condition(variable, if_clause, else_clause):
            clauses = (changed(one, change) if one else None for one in (if_clause, else_clause))
            return Condition(variable, *clauses)


@pytest.fixture
def faults(graph: Callable[[str], QueryGraph]) -> Callable[..., set[FaultKind]]:
    """types, query, change → the kinds of faults of the plan, changed."""

    def make(types: str, query: str, change: Callable[[Fetch], Fetch | None] = lambda fetch: fetch) -> set[FaultKind]:
        supergraph = graph(types)
        document = parse(query)
        made = plan(supergraph, document)
        assert check_plan(supergraph, document, None, made) == ()
        assert made.node is not None
        wrong = replace(made, node=changed(made.node, change))
        return {fault.kind for fault in check_plan(supergraph, document, None, wrong)}

    return make


def only(service: str, change: Callable[[Fetch], Fetch | None]) -> Callable[[Fetch], Fetch | None]:
    return lambda fetch: change(fetch) if fetch.service == service else fetch


def text(old: str, new: str) -> Callable[[Fetch], Fetch | None]:
    def change(fetch: Fetch) -> Fetch:
        assert old in fetch.operation, fetch.operation
        return replace(fetch, operation=fetch.operation.replace(old, new))

    return change


def test_a_sound_plan_has_no_faults(faults):
    assert faults(PRODUCTS, '{ products { name stock price shipping weight(unit: "G") } }') == set()


def test_a_dropped_fetch_is_missed(faults):
    assert FaultKind.MISSING in faults(PRODUCTS, "{ products { name stock } }", only("b", lambda fetch: None))


def test_a_dropped_field_is_missed(faults):
    assert faults(PRODUCTS, "{ product { id name } }", only("a", text("name", ""))) == {FaultKind.MISSING}


def test_a_fetch_that_waits_for_nothing_lacks_its_inputs(faults):
    found = faults(PRODUCTS, "{ products { stock } }", only("b", lambda fetch: replace(fetch, depends_on=())))
    assert FaultKind.MISSING in found


def test_a_fetch_that_waits_for_the_wrong_one_lacks_its_inputs(faults):
    found = faults(PRODUCTS, "{ products { price stock } }", only("c", lambda fetch: replace(fetch, depends_on=(0,))))
    assert FaultKind.INPUT in found


def test_circular_dependencies_are_reported(faults):
    found = faults(PRODUCTS, "{ products { stock } }", lambda fetch: replace(fetch, depends_on=(1 - fetch.id,)))
    assert found == {FaultKind.DEPENDENCY}


def test_a_wrong_alias_is_reported(faults):
    found = faults(PRODUCTS, "{ product { n: name } }", only("a", text("n: name", "m: name")))
    assert found == {FaultKind.MISSING, FaultKind.SUPERFLUOUS}


def test_a_value_under_anothers_key_is_reported(faults):
    found = faults(PRODUCTS, "{ product { name id } }", only("a", text("name", "name: id")))
    assert FaultKind.WRONG in found


def test_other_arguments_are_reported(faults):
    assert FaultKind.WRONG in faults(PRODUCTS, "{ products(first: 3) { id } }", only("a", text("first: 3", "first: 4")))


def test_a_request_that_its_subgraph_refuses_is_reported(faults):
    assert faults(PRODUCTS, "{ product { name } }", only("a", text("name", "stock"))) == {FaultKind.INVALID}


def test_a_variable_that_is_not_sent_is_reported(faults):
    query = "query($n: Int) { products(first: $n) { id } }"
    assert faults(PRODUCTS, query, lambda fetch: replace(fetch, variables=())) == {FaultKind.INVALID}


def test_a_variable_of_another_type_is_reported(faults):
    query = "query($n: Int) { products(first: $n) { id } }"
    assert faults(PRODUCTS, query, text("$n: Int", "$n: Int = 5")) == {FaultKind.INVALID}


def without_required(name: str) -> Callable[[Fetch], Fetch]:
    def change(fetch: Fetch) -> Fetch:
        fragments = []
        for fragment in fetch.requires:
            kept = tuple(one for one in fragment.selections if not isinstance(one, RequiredField) or one.name != name)
            fragments.append(replace(fragment, selections=kept))
        return replace(fetch, requires=tuple(fragments))

    return change


def test_half_a_key_is_reported(faults):
    assert faults(PRODUCTS, "{ product { stock } }", only("b", without_required("id"))) >= {FaultKind.KEY}


def test_a_required_field_that_is_not_sent_is_reported(faults):
    assert faults(PRODUCTS, "{ product { shipping } }", only("b", without_required("weight"))) >= {FaultKind.INPUT}


def test_a_required_field_with_other_arguments_is_reported(faults):
    found = faults(PRODUCTS, "{ product { shipping } }", only("a", text("KG", "G")))
    assert FaultKind.INPUT in found


def test_a_required_field_read_under_another_key_is_reported(faults):
    def change(fetch: Fetch) -> Fetch:
        fields = tuple(
            replace(one, source="weight") if isinstance(one, RequiredField) and one.name == "weight" else one
            for one in fetch.requires[0].selections
        )
        return replace(fetch, requires=(RequiredFragment("Product", ("Product",), fields),))

    query = '{ product { shipping weight(unit: "G") } }'
    assert FaultKind.INPUT in faults(PRODUCTS, query, only("b", change))


def test_what_nobody_needs_is_reported(faults):
    assert faults(PRODUCTS, "{ product { name } }", only("a", text("name", "name id"))) == {FaultKind.SUPERFLUOUS}


def test_a_field_without_its_condition_is_reported(faults):
    query = "query($a: Boolean!) { product { id name @include(if: $a) } }"

    def change(fetch: Fetch) -> Fetch:
        shorter = fetch.operation.replace("query($a: Boolean!) ", "").replace("@include(if: $a)", "")
        return replace(fetch, operation=shorter, variables=())

    assert faults(PRODUCTS, query, change) == {FaultKind.SUPERFLUOUS}


def test_a_field_with_a_narrower_condition_is_reported(faults):
    query = "query($a: Boolean!) { product { id name @include(if: $a) } }"
    assert faults(PRODUCTS, query, text("id", "id @include(if: $a)")) == {FaultKind.MISSING}


def test_the_conditions_of_a_whole_fetch_are_taken_into_account(faults, graph):
    query = "query($a: Boolean!) { product { name stock @include(if: $a) } }"
    assert faults(PRODUCTS, query) == set()
    supergraph = graph(PRODUCTS)
    made = plan(supergraph, parse(query))
    found = check_plan(supergraph, parse(query.replace(" @include(if: $a)", "")), None, made)
    assert FaultKind.MISSING in {fault.kind for fault in found}


def test_mutations_out_of_order_are_reported(faults):
    query = "mutation { addToA { id } addToB { id } more: addToA { id } }"
    assert faults(PRODUCTS, query) == set()
    assert FaultKind.ORDER in faults(PRODUCTS, query, only("b", lambda fetch: replace(fetch, depends_on=())))


def test_an_untold_type_is_reported(faults):
    query = "{ media { __typename views } }"
    assert FaultKind.TYPE in faults(MEDIA, query, only("a", text("__typename ", "")))


def test_a_field_that_only_another_subgraph_resolves_is_reported(faults):
    query = "{ product { stock shipping } }"
    assert FaultKind.UNRESOLVABLE in faults(PRODUCTS, query, only("b", text("stock", "stock weight")))
