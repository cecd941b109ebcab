"""Each kind of fault can fail: good plans, made wrong in one way, are reported in that way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from graphql import parse

from gateway.planning import plan
from gateway.planning.check import FaultKind, check_plan
from gateway.planning.plan import BatchFetch, Fetch, Flatten, Key, RequiredField, RequiredFragment, Sequence

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


def test_a_sound_plan_has_no_faults(faults):
    assert faults(PRODUCTS, '{ products { name stock price shipping weight(unit: "G") } }') == set()


def test_a_dropped_fetch_is_missed(faults):
    assert FaultKind.MISSING in faults(PRODUCTS, "{ products { name stock } }", lambda fetch: None, "b")


def test_a_dropped_field_is_missed(faults, rewritten):
    assert faults(PRODUCTS, "{ product { id name } }", rewritten("name", ""), "a") == {FaultKind.MISSING}


def test_a_fetch_that_waits_for_nothing_lacks_its_inputs(faults):
    found = faults(PRODUCTS, "{ products { stock } }", lambda fetch: replace(fetch, depends_on=()), "b")
    assert FaultKind.MISSING in found


def test_a_fetch_that_waits_for_the_wrong_one_lacks_its_inputs(faults):
    found = faults(PRODUCTS, "{ products { price stock } }", lambda fetch: replace(fetch, depends_on=(0,)), "c")
    assert FaultKind.INPUT in found


def test_circular_dependencies_are_reported(faults):
    found = faults(PRODUCTS, "{ products { stock } }", lambda fetch: replace(fetch, depends_on=(1 - fetch.id,)))
    assert found == {FaultKind.DEPENDENCY}


def test_a_wrong_alias_is_reported(faults, rewritten):
    found = faults(PRODUCTS, "{ product { n: name } }", rewritten("n: name", "m: name"), "a")
    assert found == {FaultKind.MISSING, FaultKind.SUPERFLUOUS}


def test_a_value_under_anothers_key_is_reported(faults, rewritten):
    found = faults(PRODUCTS, "{ product { name id } }", rewritten("name", "name: id"), "a")
    assert FaultKind.WRONG in found


def test_other_arguments_are_reported(faults, rewritten):
    assert FaultKind.WRONG in faults(PRODUCTS, "{ products(first: 3) { id } }", rewritten("first: 3", "first: 4"), "a")


def test_a_request_that_its_subgraph_refuses_is_reported(faults, rewritten):
    assert faults(PRODUCTS, "{ product { name } }", rewritten("name", "stock"), "a") == {FaultKind.INVALID}


def test_a_variable_that_is_not_sent_is_reported(faults):
    query = "query($n: Int) { products(first: $n) { id } }"
    assert faults(PRODUCTS, query, lambda fetch: replace(fetch, variables=())) == {FaultKind.INVALID}


def test_a_variable_of_another_type_is_reported(faults, rewritten):
    query = "query($n: Int) { products(first: $n) { id } }"
    assert faults(PRODUCTS, query, rewritten("$n: Int", "$n: Int = 5")) == {FaultKind.INVALID}


def without_required(name: str) -> Callable[[Fetch], Fetch]:
    def change(fetch: Fetch) -> Fetch:
        fragments: list[RequiredFragment] = []
        for fragment in fetch.requires:
            kept = tuple(one for one in fragment.selections if not isinstance(one, RequiredField) or one.name != name)
            fragments.append(replace(fragment, selections=kept))
        return replace(fetch, requires=tuple(fragments))

    return change


def test_half_a_key_is_reported(faults):
    assert faults(PRODUCTS, "{ product { stock } }", without_required("id"), "b") >= {FaultKind.KEY}


def test_a_required_field_that_is_not_sent_is_reported(faults):
    assert faults(PRODUCTS, "{ product { shipping } }", without_required("weight"), "b") >= {FaultKind.INPUT}


def test_a_required_field_with_other_arguments_is_reported(faults, rewritten):
    found = faults(PRODUCTS, "{ product { shipping } }", rewritten("KG", "G"), "a")
    assert FaultKind.INPUT in found


def test_a_required_field_read_under_another_key_is_reported(faults):
    def change(fetch: Fetch) -> Fetch:
        fields = tuple(
            replace(one, source="weight") if isinstance(one, RequiredField) and one.name == "weight" else one
            for one in fetch.requires[0].selections
        )
        return replace(fetch, requires=(RequiredFragment("Product", ("Product",), fields),))

    query = '{ product { shipping weight(unit: "G") } }'
    assert FaultKind.INPUT in faults(PRODUCTS, query, change, "b")


def test_what_nobody_needs_is_reported(faults, rewritten):
    assert faults(PRODUCTS, "{ product { name } }", rewritten("name", "name id"), "a") == {FaultKind.SUPERFLUOUS}


def test_a_field_without_its_condition_is_reported(faults):
    query = "query($a: Boolean!) { product { id name @include(if: $a) } }"

    def change(fetch: Fetch) -> Fetch:
        shorter = fetch.operation.replace("query($a: Boolean!) ", "").replace("@include(if: $a)", "")
        return replace(fetch, operation=shorter, variables=())

    assert faults(PRODUCTS, query, change) == {FaultKind.SUPERFLUOUS}


def test_a_field_with_a_narrower_condition_is_reported(faults, rewritten):
    query = "query($a: Boolean!) { product { id name @include(if: $a) } }"
    assert faults(PRODUCTS, query, rewritten("id", "id @include(if: $a)")) == {FaultKind.MISSING}


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
    assert FaultKind.ORDER in faults(PRODUCTS, query, lambda fetch: replace(fetch, depends_on=()), "b")


def test_an_untold_type_is_reported(faults, rewritten):
    query = "{ media { __typename views } }"
    assert FaultKind.TYPE in faults(MEDIA, query, rewritten("__typename ", ""), "a")


def test_a_field_that_only_another_subgraph_resolves_is_reported(faults, rewritten):
    query = "{ product { stock shipping } }"
    assert FaultKind.UNRESOLVABLE in faults(PRODUCTS, query, rewritten("stock", "stock weight"), "b")


# --- requests ---------------------------------------------------------------------------------------------------------------


def test_an_unknown_subgraph_is_reported(faults):
    assert faults(PRODUCTS, "{ product { name } }", lambda fetch: replace(fetch, service="z")) == {FaultKind.INVALID}


def test_text_that_is_not_graphql_is_reported(faults):
    assert FaultKind.INVALID in faults(PRODUCTS, "{ product { name } }", lambda fetch: replace(fetch, operation="{"))


def test_two_operations_in_one_request_are_reported(faults):
    found = faults(
        PRODUCTS,
        "{ product { name } }",
        lambda fetch: replace(fetch, operation=f"query A {fetch.operation} query B {{ product {{ id }} }}"),
    )
    assert FaultKind.INVALID in found


def test_inputs_without_a_lookup_are_reported(faults):
    found = faults(PRODUCTS, "{ product { stock } }", lambda fetch: replace(fetch, operation="{ product { name } }"), "b")
    assert FaultKind.INVALID in found


def test_one_id_for_two_requests_is_reported(faults):
    assert FaultKind.DEPENDENCY in faults(PRODUCTS, "{ product { stock } }", lambda fetch: replace(fetch, id=0))


def test_a_dependency_on_nothing_is_reported(faults):
    found = faults(PRODUCTS, "{ product { stock } }", lambda fetch: replace(fetch, depends_on=(7,)), "b")
    assert FaultKind.DEPENDENCY in found


def test_a_tree_in_another_order_than_the_dependencies_is_reported(faults):
    def turned(node):
        return Sequence(node.nodes[::-1]) if isinstance(node, Sequence) else node

    assert FaultKind.DEPENDENCY in faults(PRODUCTS, "{ product { stock } }", turned, "tree")


# --- look-ups ---------------------------------------------------------------------------------------------------------------

TWICE = "{ product { stock } other: product { stock } }"


def test_every_path_of_a_batch_is_checked(faults):
    def without_a_path(node):
        if not isinstance(node, BatchFetch):
            return node
        return replace(node, lookups=tuple(replace(one, paths=one.paths[:1]) for one in node.lookups))

    assert FaultKind.MISSING in faults(PRODUCTS, TWICE, without_a_path)


def test_a_lookup_of_a_batch_that_takes_other_representations_is_reported(faults):
    def crossed(node):
        return (
            replace(node, lookups=tuple(replace(one, variable="x") for one in node.lookups))
            if isinstance(node, BatchFetch)
            else node
        )

    assert FaultKind.INVALID in faults(PRODUCTS, TWICE, crossed)


def test_a_lookup_in_a_subgraph_without_a_resolvable_key_is_reported(graph):
    types = """
        type Query @join__type(graph: A) { t: T }
        type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", resolvable: false) {
          id: ID!
          x: Int @join__field(graph: A)
          y: Int @join__field(graph: B)
        }
    """
    supergraph, document = graph(types), parse("{ t { x } }")
    (fetch,) = plan(supergraph, document).fetches()
    root = replace(fetch, operation="{ t { __typename id } }")
    keys = (RequiredField("__typename", "__typename"), RequiredField("id", "id"))
    lookup = Fetch(
        id=1,
        service="b",
        kind="query",
        operation="query($representations: [_Any!]!) { _entities(representations: $representations) { ... on T { y } } }",
        requires=(RequiredFragment("T", ("T",), keys),),
        depends_on=(0,),
    )
    made = replace(plan(supergraph, document), node=Sequence((root, Flatten((Key("t"),), lookup))))
    assert FaultKind.KEY in {fault.kind for fault in check_plan(supergraph, document, None, made)}


def test_an_operation_sent_for_an_object_that_is_no_root_is_reported(faults):
    def without_inputs(fetch):
        return replace(fetch, requires=(), operation="{ __typename }") if isinstance(fetch, Fetch) else fetch

    assert FaultKind.KEY in faults(PRODUCTS, "{ product { stock } }", without_inputs, "b")


def test_a_root_that_is_met_again_is_answered_there(faults):
    types = """
        type Query @join__type(graph: A) @join__type(graph: B) {
          again: Query @join__field(graph: A)
          x: Int @join__field(graph: B)
        }
    """
    assert faults(types, "{ again { x } }") == set()
    assert FaultKind.MISSING in faults(types, "{ again { x } }", lambda fetch: None, "b")


# --- types ------------------------------------------------------------------------------------------------------------------


def test_an_interface_objects_name_is_not_its_type(faults):
    types = MEDIA.replace("media: [Media] @join__field(graph: A)", "media: [Media] @join__field(graph: B)")
    query = "{ media { id __typename } }"
    assert faults(types, query) == set()
    assert {FaultKind.TYPE, FaultKind.SUPERFLUOUS} & faults(types, query, lambda fetch: None, "a")


def test_a_value_that_is_not_renamed_back_is_reported(faults):
    query = "{ media { ... on Book { title } ... on Song { title } } }"
    assert faults(MEDIA, query) == set()
    assert FaultKind.MISSING in faults(MEDIA, query, lambda fetch: replace(fetch, output_rewrites=()))


def test_representations_under_a_name_that_the_subgraph_does_not_know_are_reported(faults):
    found = faults(MEDIA, "{ media { views } }", lambda fetch: replace(fetch, input_rewrites=()), "b")
    assert FaultKind.KEY in found


UNION = """
    type Query @join__type(graph: A) { item: Item }
    union Item @join__type(graph: A) @join__unionMember(graph: A, member: "X") @join__unionMember(graph: A, member: "Y") = X | Y
    type X @join__type(graph: A) { x: Int }
    type Y @join__type(graph: A) { y: Int }
"""


def test_a_member_that_is_not_asked_is_missed(faults, rewritten):
    assert FaultKind.MISSING in faults(UNION, "{ item { ... on X { x } ... on Y { y } } }", rewritten("... on Y { y }", ""))


# --- fields -----------------------------------------------------------------------------------------------------------------

PROVIDED = """
    type Query @join__type(graph: A) @join__type(graph: B) {
      with: T @join__field(graph: A, provides: "name")
      without: T @join__field(graph: A)
    }
    type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID!
      name: String @join__field(graph: A, external: true) @join__field(graph: B)
    }
"""


def test_a_provided_field_is_answered_on_that_way_only(faults, rewritten):
    assert faults(PROVIDED, "{ with { name } }") == set()
    found = faults(
        PROVIDED, "{ without { name } }", rewritten("without { __typename id }", "without { __typename id name }"), "a"
    )
    assert FaultKind.UNRESOLVABLE in found


OVERRIDDEN = """
    type Query @join__type(graph: A) { t: T }
    type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID!
      x: Int @join__field(graph: A, overrideLabel: "label") @join__field(graph: B, override: "a", overrideLabel: "label")
    }
"""


def test_an_overridden_field_is_answered_as_the_labels_say(faults, graph):
    for labels in (frozenset(), frozenset({"label"})):
        assert faults(OVERRIDDEN, "{ t { x } }", active_labels=labels) == set()
    supergraph, document = graph(OVERRIDDEN), parse("{ t { x } }")
    made = plan(supergraph, document)
    found = check_plan(supergraph, document, None, made, active_labels=frozenset({"label"}))
    assert {fault.kind for fault in found} == {FaultKind.UNRESOLVABLE}


def test_one_representation_for_requirements_with_different_arguments_is_reported(faults):
    types = PRODUCTS.replace(
        "price: Int", 'parcel: Int @join__field(graph: B, requires: "weight(unit: \\"G\\")")\n      price: Int'
    )
    query = "{ product { shipping parcel } }"
    assert faults(types, query) == set()

    def merged(fetch):
        if isinstance(fetch, Fetch):
            return replace(fetch, operation=fetch.operation.replace("parcel }", "parcel shipping }"))
        both = fetch.operation.replace("{ parcel }", "{ parcel shipping }").replace("{ shipping }", "{ shipping parcel }")
        return replace(fetch, operation=both)

    assert FaultKind.INPUT in faults(types, query, merged, "b")


# --- mutations --------------------------------------------------------------------------------------------------------------


def test_a_mutation_that_does_not_wait_for_what_completes_the_one_before_is_reported(faults):
    query = "mutation { addToA { stock } addToB { id } }"
    root = lambda fetch: replace(fetch, depends_on=(0,)) if "addToB" in fetch.operation else fetch  # noqa: E731
    assert FaultKind.ORDER in faults(PRODUCTS, query, root, "b")


def test_a_mutation_that_runs_twice_is_reported(faults, rewritten):
    query = "mutation { addToA { id } addToB { id } more: addToA { id } }"
    found = faults(PRODUCTS, query, rewritten("more: addToA { id }", "more: addToA { id } addToA { id }"), "a")
    assert FaultKind.ORDER in found


def test_fields_of_one_request_out_of_order_are_reported(faults, rewritten):
    query = 'mutation { addToA { id } more: addToA(name: "x") { id } }'
    turned = rewritten('addToA { id } more: addToA(name: "x") { id }', 'more: addToA(name: "x") { id } addToA { id }')
    assert FaultKind.ORDER in faults(PRODUCTS, query, turned)


PARTS = """
type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { whole: Whole @join__field(graph: A) }
type Whole @join__type(graph: A, key: "part { id }") @join__type(graph: B, key: "part { id }") {
  part: Part @join__field(graph: A) @join__field(graph: B)
  name: String @join__field(graph: B)
}
type Part @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
  id: ID!
  size: Int @join__field(graph: B) @join__field(graph: C, external: true)
  room: Int @join__field(graph: C, requires: "size")
  colour: String @join__field(graph: C)
}
"""


@pytest.mark.parametrize("field", ["colour", "room"])
def test_what_is_sent_need_only_be_there_when_something_that_needs_it_is_asked(faults, field):
    asked = f"name part @skip(if: $x) {{ {field} }} part @skip(if: $y) {{ c: colour }}"
    assert faults(PARTS, f"query($x: Boolean!, $y: Boolean!) {{ whole {{ {asked} }} }}") == set()


SHARED = """
type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { page: Page @join__field(graph: B) }
type Page @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
  id: ID!
  item: Item @join__field(graph: A) @join__field(graph: B) @join__field(graph: C, external: true)
  rank: Int @join__field(graph: C, requires: "item { ... on Z { weight } }")
}
union Item @join__type(graph: A) @join__type(graph: B) @join__type(graph: C)
  @join__unionMember(graph: A, member: "X") @join__unionMember(graph: A, member: "Y")
  @join__unionMember(graph: B, member: "X") @join__unionMember(graph: B, member: "Z")
  @join__unionMember(graph: C, member: "X") @join__unionMember(graph: C, member: "Z") = X | Y | Z
type X @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { id: ID! }
type Y @join__type(graph: A) { id: ID! }
type Z @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) {
  weight: Int @join__field(graph: A) @join__field(graph: B, external: true) @join__field(graph: C, external: true)
}
"""


def test_what_a_field_requires_of_a_type_that_cannot_be_there_then_is_not_sent(faults):
    assert faults(SHARED, "query($b: Boolean!) { page { item { __typename } ... on Page @include(if: $b) { rank } } }") == set()


def test_an_unknown_operation_is_refused(graph):
    supergraph, document = graph(PRODUCTS), parse("query A { product { id } }")
    with pytest.raises(KeyError):
        check_plan(supergraph, document, "B", plan(supergraph, document, "A"))
