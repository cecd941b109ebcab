"""Plans, feature by feature: an inline supergraph, an operation, the plan as people read it."""

from __future__ import annotations

import re

import pytest
from graphql import parse

from gateway.planning import plan
from gateway.planning.budget import Budget
from gateway.planning.errors import OperationTooLarge, UnknownOperation, UnreachableField
from gateway.planning.plan import BatchFetch, Key

PRODUCTS = """
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) {
      product: Product @join__field(graph: A)
      products: [Product] @join__field(graph: A)
    }
    type Product @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: B, key: "upc")
      @join__type(graph: C, key: "upc") {
      id: ID! @join__field(graph: A) @join__field(graph: B)
      upc: String! @join__field(graph: B) @join__field(graph: C)
      name: String @join__field(graph: A)
      stock: Int @join__field(graph: B)
      price: Int @join__field(graph: C)
    }
"""


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_one_subgraph_is_asked_once(printed):
    assert printed(PRODUCTS, "{ product { id name } }") == flat('QueryPlan { Fetch(service: "a") { { product { id name } } } }')


def test_an_entity_is_looked_up_by_its_key(printed):
    assert printed(PRODUCTS, "{ products { name stock } }") == flat(
        """QueryPlan { Sequence { Fetch(service: "a") { { products { name __typename id } } }
        Flatten(path: "products.@") { Fetch(service: "b") {
          { ... on Product { __typename id } } => { ... on Product { stock } } } } } }"""
    )


def test_a_chain_of_keys_leads_where_no_common_key_does(printed):
    assert printed(PRODUCTS, "{ product { price } }") == flat(
        """QueryPlan { Sequence { Fetch(service: "a") { { product { __typename id } } }
        Flatten(path: "product") { Fetch(service: "b") {
          { ... on Product { __typename id } } => { ... on Product { upc } } } }
        Flatten(path: "product") { Fetch(service: "c") {
          { ... on Product { __typename upc } } => { ... on Product { price } } } } } }"""
    )


def test_the_fetch_that_brings_a_key_answers_fields_too(planned):
    fetches = list(planned(PRODUCTS, "{ product { price stock } }").fetches())
    assert [fetch.service for fetch in fetches] == ["a", "b", "c"]


def test_aliases_and_variables_reach_the_subgraph(planned):
    types = """
        type Query @join__type(graph: A) { add(a: Int, b: Int = 2): Int }
    """
    (fetch,) = planned(types, "query ($x: Int = 3) { sum: add(b: 1, a: $x) other: __typename }").fetches()
    assert fetch.operation == "query($x: Int = 3) { sum: add(a: $x, b: 1) }"
    assert fetch.variables == ("x",)


def test_a_compound_nested_key_is_sent_as_an_object(printed):
    types = """
        type Query @join__type(graph: A) @join__type(graph: B) { order: Order @join__field(graph: A) }
        type Order @join__type(graph: A) @join__type(graph: B, key: "number shop { id }") {
          number: ID! shop: Shop! total: Int @join__field(graph: B)
        }
        type Shop @join__type(graph: A) @join__type(graph: B) { id: ID! }
    """
    assert printed(types, "{ order { total } }") == flat(
        """QueryPlan { Sequence { Fetch(service: "a") { { order { __typename number shop { id } } } }
        Flatten(path: "order") { Fetch(service: "b") {
          { ... on Order { __typename number shop { id } } } => { ... on Order { total } } } } } }"""
    )


REQUIRES = """
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { item: Item @join__field(graph: A) }
    type Item @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
      id: ID!
      weight: Int @join__field(graph: A) @join__field(graph: B, external: true)
      cost(currency: String): Int @join__field(graph: B, requires: "weight") @join__field(graph: C, external: true)
      total: Int @join__field(graph: C, requires: "cost(currency: \\"EUR\\")")
      rest: Int @join__field(graph: C, requires: "cost(currency: \\"USD\\")")
    }
"""


def test_a_required_field_is_fetched_before_and_sent_along(printed):
    assert printed(REQUIRES, "{ item { cost } }") == flat(
        """QueryPlan { Sequence { Fetch(service: "a") { { item { __typename id weight } } }
        Flatten(path: "item") { Fetch(service: "b") {
          { ... on Item { __typename id weight } } => { ... on Item { cost } } } } } }"""
    )


def test_a_requirement_with_a_requirement_is_a_chain(printed):
    assert printed(REQUIRES, "{ item { total } }") == flat(
        """QueryPlan { Sequence { Fetch(service: "a") { { item { __typename id weight } } }
        Flatten(path: "item") { Fetch(service: "b") { { ... on Item { __typename id weight } } =>
          { ... on Item { cost(currency: "EUR") } } } }
        Flatten(path: "item") { Fetch(service: "c") { { ... on Item { __typename id cost } } =>
          { ... on Item { total } } } } } }"""
    )


def test_one_field_required_with_two_arguments_gets_an_alias_and_two_representations(planned):
    fetches = list(planned(REQUIRES, "{ item { total rest } }").fetches())
    middle = next(fetch for fetch in fetches if fetch.service == "b")
    assert 'cost(currency: "EUR") _cost_0: cost(currency: "USD")' in middle.operation
    batch = fetches[2]
    assert isinstance(batch, BatchFetch)
    sources = [one.source for lookup in batch.lookups for one in lookup.requires[0].selections if one.name == "cost"]
    assert sources == ["cost", "_cost_0"]


def test_a_key_that_the_client_has_hidden_behind_an_alias_is_fetched_under_another(planned):
    first, second = planned(PRODUCTS, "{ product { id: name stock } }").fetches()
    assert "_id_0: id" in first.operation
    assert [(one.name, one.source) for one in second.requires[0].selections] == [("__typename", "__typename"), ("id", "_id_0")]


PROVIDES = """
    type Query @join__type(graph: A) @join__type(graph: B) {
      fast: Product @join__field(graph: A, provides: "name maker { name }")
      slow: Product @join__field(graph: A)
    }
    type Product @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID!
      name: String @join__field(graph: A, external: true) @join__field(graph: B)
      maker: Maker @join__field(graph: A)
    }
    type Maker @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID!
      name: String @join__field(graph: A, external: true) @join__field(graph: B)
    }
"""


def test_provided_fields_are_answered_on_their_path(planned):
    assert [fetch.service for fetch in planned(PROVIDES, "{ fast { name maker { name } } }").fetches()] == ["a"]


def test_provided_fields_are_external_on_other_paths(planned):
    assert [fetch.service for fetch in planned(PROVIDES, "{ slow { name maker { name } } }").fetches()] == ["a", "b"]


ABSTRACT = """
    type Query @join__type(graph: A) @join__type(graph: B) {
      nodes: [Node] @join__field(graph: A)
      found: Found @join__field(graph: A)
    }
    interface Node @join__type(graph: A) @join__type(graph: B) { id: ID! rank: Int @join__field(graph: B) }
    union Found @join__type(graph: A) @join__unionMember(graph: A, member: "Book") @join__unionMember(graph: A, member: "Film")
      = Book | Film
    type Book implements Node @join__implements(graph: A, interface: "Node") @join__implements(graph: B, interface: "Node")
      @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID! rank: Int @join__field(graph: B) title: String @join__field(graph: A)
    }
    type Film implements Node @join__implements(graph: A, interface: "Node") @join__implements(graph: B, interface: "Node")
      @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID! rank: Int @join__field(graph: B) title: String @join__field(graph: A, type: "String!")
    }
"""


def test_an_interface_field_of_another_subgraph_is_asked_type_by_type_in_one_request(printed):
    assert printed(ABSTRACT, "{ nodes { rank } }") == flat(
        """QueryPlan { Sequence { Fetch(service: "a") { { nodes { __typename id } } }
        Flatten(path: "nodes.@") { Fetch(service: "b") {
          { ... on Book { __typename id } ... on Film { __typename id } } =>
          { ... on Book { rank } ... on Film { rank } } } } } }"""
    )


def test_members_whose_fields_differ_in_type_are_asked_under_aliases_and_renamed(planned):
    (fetch,) = planned(ABSTRACT, "{ found { ... on Book { title } ... on Film { title } } }").fetches()
    assert fetch.operation == "{ found { __typename ... on Book { title } ... on Film { _title_0: title } } }"
    assert [(rename.path, rename.source, rename.name) for rename in fetch.output_rewrites] == [
        ((Key("found"),), "_title_0", "title")
    ]


def test_a_fragment_on_an_interface_inside_a_union_is_written_as_the_subgraph_knows_it(planned):
    (fetch,) = planned(ABSTRACT, "{ found { ... on Node { id } } }").fetches()
    assert fetch.operation == "{ found { __typename ... on Node { id } } }"


def test_a_condition_on_the_only_field_of_a_fetch_moves_to_the_fetch(printed):
    assert "Include(if: $b) { Flatten" in printed(PRODUCTS, "query ($b: Boolean!) { product { id stock @include(if: $b) } }")


def test_a_condition_on_one_field_is_not_taken_over_by_its_neighbours(printed):
    text = printed(PRODUCTS, "query ($b: Boolean!) { product { upc stock @skip(if: $b) } }")
    assert "Skip(" not in text
    assert "upc stock @skip(if: $b)" in text


def test_two_conditions_of_one_kind_are_nested(planned):
    query = "query ($a: Boolean!, $b: Boolean!) { product { id ... @include(if: $a) { name @include(if: $b) } } }"
    (fetch,) = planned(PRODUCTS, query).fetches()
    assert "... @include(if: $b) { name @include(if: $a) }" in fetch.operation


def test_an_unconditional_mention_wins_over_a_conditional_one(planned):
    query = "query ($a: Boolean!) { product @include(if: $a) { name } product { id } }"
    (fetch,) = planned(PRODUCTS, query).fetches()
    assert fetch.operation == "query($a: Boolean!) { product { id name @include(if: $a) } }"


MUTATIONS = """
    type Query @join__type(graph: A) @join__type(graph: B) { x: Int @join__field(graph: A) }
    type Mutation @join__type(graph: A) @join__type(graph: B) {
      a: Item @join__field(graph: A) b: Item @join__field(graph: B)
    }
    type Item @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") { id: ID! n: Int @join__field(graph: B) }
"""


def test_mutation_fields_run_in_order_and_neighbours_of_one_subgraph_share_a_request(planned):
    fetches = list(planned(MUTATIONS, "mutation { one: a { id } two: a { n } three: b { n } four: a { id } }").fetches())
    assert [(fetch.service, fetch.kind) for fetch in fetches] == [
        ("a", "mutation"),
        ("b", "query"),
        ("b", "mutation"),
        ("a", "mutation"),
    ]
    assert [fetch.depends_on for fetch in fetches] == [(), (0,), (1,), (2,)]


def test_introspection_is_left_to_the_gateway(planned):
    assert planned(PRODUCTS, "{ __typename __schema { queryType { name } } }").node is None


def test_independent_root_fields_are_fetched_at_once(printed):
    types = """
        type Query @join__type(graph: A) @join__type(graph: B) { a: Int @join__field(graph: A) b: Int @join__field(graph: B) }
    """
    assert printed(types, "{ a b }") == flat(
        'QueryPlan { Parallel { Fetch(service: "a") { { a } } Fetch(service: "b") { { b } } } }'
    )


def test_a_shared_root_field_is_asked_where_all_of_its_selection_is(planned):
    types = """
        type Query @join__type(graph: A) @join__type(graph: B) { thing: Thing }
        type Thing @join__type(graph: A) @join__type(graph: B) {
          x: Int y: Int @join__field(graph: B) z: Int @join__field(graph: B)
        }
    """
    assert [fetch.service for fetch in planned(types, "{ thing { x y z } }").fetches()] == ["b"]


def test_a_value_type_known_in_parts_is_put_together_from_both(planned):
    types = """
        type Query @join__type(graph: A) @join__type(graph: B) { thing: Thing }
        type Thing @join__type(graph: A) @join__type(graph: B) { x: Int @join__field(graph: A) y: Int @join__field(graph: B) }
    """
    fetches = list(planned(types, "{ thing { x y } }").fetches())
    assert [(fetch.service, fetch.operation) for fetch in fetches] == [("a", "{ thing { x } }"), ("b", "{ thing { y } }")]


def test_inside_an_answer_the_root_type_is_entered_again(planned):
    types = """
        type Query @join__type(graph: A) @join__type(graph: B) {
          me: Query @join__field(graph: A) b: Int @join__field(graph: B)
        }
    """
    plan_ = planned(types, "{ me { b } }")
    first, second = plan_.fetches()
    assert (first.operation, second.operation) == ("{ me { __typename } }", "{ b }")
    assert second.depends_on == (0,)
    assert second.requires == ()


OVERRIDE = """
    type Query @join__type(graph: A) @join__type(graph: B) { post: Post @join__field(graph: A) }
    type Post @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID!
      created: Int @join__field(graph: A, overrideLabel: "percent(10)")
        @join__field(graph: B, override: "a", overrideLabel: "percent(10)")
    }
"""


def test_a_progressive_override_follows_its_label(planned):
    assert [fetch.service for fetch in planned(OVERRIDE, "{ post { created } }").fetches()] == ["a"]
    moved = planned(OVERRIDE, "{ post { created } }", labels=frozenset({"percent(10)"}))
    assert [fetch.service for fetch in moved.fetches()] == ["a", "b"]


INTERFACE_OBJECT = """
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { accounts: [Account] @join__field(graph: B) }
    interface Account @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true)
      @join__type(graph: C, key: "id", isInterfaceObject: true) {
      id: ID! name: String @join__field(graph: B) active: Boolean @join__field(graph: C)
    }
    type Admin implements Account @join__implements(graph: A, interface: "Account") @join__type(graph: A, key: "id") {
      id: ID! name: String @join__field active: Boolean @join__field
    }
    type User implements Account @join__implements(graph: A, interface: "Account") @join__type(graph: A, key: "id") {
      id: ID! name: String @join__field active: Boolean @join__field
    }
"""


def test_interface_objects_find_each_other_under_the_interface_name(planned):
    first, second = planned(INTERFACE_OBJECT, "{ accounts { name active } }").fetches()
    assert (first.service, second.service) == ("b", "c")
    assert second.requires[0].possible_types == ("Account", "Admin", "User")
    assert [(one.name, one.of_types) for one in second.input_rewrites] == [("Account", ("Admin", "User"))]


def test_the_true_type_of_an_interface_object_is_asked_before_a_fragment_on_it(printed):
    assert printed(INTERFACE_OBJECT, "{ accounts { ... on Admin { active } } }") == flat(
        """QueryPlan { Sequence { Fetch(service: "b") { { accounts { __typename id } } }
        Flatten(path: "accounts.@") { Fetch(service: "a") { { ... on Account { __typename id } } =>
          { ... on Account { __typename ... on Admin { id } } } } }
        Flatten(path: "accounts.@") { Fetch(service: "c") { { ... on Admin { __typename id } } =>
          { ... on Account { active } } } } } }"""
    )


def test_a_field_that_no_key_leads_to_is_an_error_that_names_it(graph):
    types = """
        type Query @join__type(graph: A) @join__type(graph: B) {
          a: Thing @join__field(graph: A) b: Thing @join__field(graph: B)
        }
        type Thing @join__type(graph: A) @join__type(graph: B) { x: Int @join__field(graph: A) y: Int @join__field(graph: B) }
    """
    with pytest.raises(UnreachableField, match=r"Thing\.y \(at a\.y\)"):
        plan(graph(types), parse("{ a { x y } }"))


def test_the_operation_must_be_clear(graph):
    with pytest.raises(UnknownOperation, match="2 operations"):
        plan(graph(PRODUCTS), parse("query A { product { id } } query B { product { id } }"))
    with pytest.raises(UnknownOperation, match='"C"'):
        plan(graph(PRODUCTS), parse("query A { product { id } }"), "C")


def test_the_same_input_gives_the_same_plan(graph):
    document = parse("{ products { name price stock upc } product { price } }")
    assert plan(graph(PRODUCTS), document) == plan(graph(PRODUCTS), document)
    warm = graph(PRODUCTS)
    plan(warm, parse("{ product { stock price } }"))
    assert plan(warm, document) == plan(graph(PRODUCTS), document)


TREE = """
    type Query @join__type(graph: A) @join__type(graph: B) { root: Tree @join__field(graph: A) }
    type Tree @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID! left: Tree @join__field(graph: A) right: Tree @join__field(graph: A) b: Int @join__field(graph: B)
    }
"""


def test_fragments_that_spread_each_other_many_times_cost_no_more_than_their_text(planned):
    fragments = " ".join(f"fragment F{n} on Tree {{ ...F{n + 1} ...F{n + 1} left {{ ...F{n + 1} }} }}" for n in range(20))
    made = planned(TREE, f"{{ root {{ ...F0 }} }} {fragments} fragment F20 on Tree {{ id b }}")
    _, batch = made.fetches()
    assert isinstance(batch, BatchFetch)
    assert sum(len(lookup.paths) for lookup in batch.lookups) == 21


def test_an_operation_that_is_truly_too_large_is_refused(graph):
    fragments = " ".join(f"fragment F{n} on Tree {{ left {{ ...F{n + 1} }} right {{ ...F{n + 1} }} }}" for n in range(20))
    with pytest.raises(OperationTooLarge, match="fragments are spread"):
        plan(graph(TREE), parse(f"{{ root {{ ...F0 }} }} {fragments} fragment F20 on Tree {{ id }}"), budget=Budget(seconds=60))
