"""Several entity look-ups of one subgraph that can start together are one request."""

from __future__ import annotations

import pytest

from gateway.planning import print_plan, to_json
from gateway.planning.plan import BatchFetch, Condition, Fetch, Key

A = """
type Query { book: Product magazine: Product hidden: Product pair: Pair }
type Pair { left: Product right: Maker }
type Product @key(fields: "id") { id: ID! }
type Maker @key(fields: "id") { id: ID! }
"""
B = """
type Product @key(fields: "id") { id: ID! stock(at: String): Int late: String }
type Maker @key(fields: "id") { id: ID! town: String }
"""
ROWS_A = {
    "Query": {
        "book": {"id": "1"},
        "magazine": {"id": "2"},
        "hidden": None,
        "pair": {"left": {"id": "1"}, "right": {"id": "9"}},
    }
}
ROWS_B = {
    "Product": [{"id": "1", "stock": lambda _p, at=None: 10 if at is None else 11}, {"id": "2", "stock": 20}],
    "Maker": [{"id": "9", "town": "Cēsis"}],
}


@pytest.fixture
def shop(world):
    return world({"a": A, "b": B}, {"a": ROWS_A, "b": ROWS_B})


def last(made):
    *_, fetch = made.fetches()
    return fetch


async def test_one_selection_at_two_places_is_one_lookup_with_two_paths(shop):
    batch = last(shop.plan("{ book { stock } magazine { stock } }"))
    assert isinstance(batch, BatchFetch)
    assert [(one.alias, one.paths) for one in batch.lookups] == [("_e0", ((Key("book"),), (Key("magazine"),)))]
    assert await shop.data("{ book { stock } magazine { stock } }") == {"book": {"stock": 10}, "magazine": {"stock": 20}}
    assert shop.asked() == {"a": 1, "b": 1}


async def test_different_selections_are_lookups_of_their_own_in_one_request(shop):
    query = "query($at: String) { book { stock(at: $at) } magazine { stock } pair { right { town } } }"
    batch = last(shop.plan(query))
    assert batch.operation == (
        "query($representations_0: [_Any!]!, $representations_1: [_Any!]!, $representations_2: [_Any!]!, $at: String) "
        "{ _e0: _entities(representations: $representations_0) { ... on Product { stock(at: $at) } } "
        "_e1: _entities(representations: $representations_1) { ... on Product { stock } } "
        "_e2: _entities(representations: $representations_2) { ... on Maker { town } } }"
    )
    assert await shop.data(query, at="Rīga") == {
        "book": {"stock": 11},
        "magazine": {"stock": 20},
        "pair": {"right": {"town": "Cēsis"}},
    }
    assert shop.asked() == {"a": 1, "b": 1}


async def test_a_lookup_that_nobody_needs_is_sent_empty_and_a_request_that_nobody_needs_not_at_all(shop):
    assert await shop.data("{ hidden { stock late } book { stock } }") == {"hidden": None, "book": {"stock": 10}}
    assert shop.subgraphs["b"].requests[0]["variables"] == {
        "representations_0": [],
        "representations_1": [{"__typename": "Product", "id": "1"}],
    }
    assert await shop.data("{ hidden { stock } more: hidden { late } }") == {"hidden": None, "more": None}
    assert shop.asked() == {"a": 1}


async def test_lookups_under_different_conditions_stay_requests_of_their_own(shop):
    query = (
        "query($b: Boolean!) { book { stock @include(if: $b) } magazine { stock } pair { left { stock @include(if: $b) } } }"
    )
    made = shop.plan(query)
    kinds = [type(node) for node in made.node.nodes[1].nodes]
    assert kinds[0] is Condition
    assert len(list(made.fetches())) == 3
    assert await shop.data(query, b=False) == {"book": {}, "magazine": {"stock": 20}, "pair": {"left": {}}}
    assert await shop.data(query, b=True) == {"book": {"stock": 10}, "magazine": {"stock": 20}, "pair": {"left": {"stock": 10}}}


async def test_a_clients_variable_may_have_any_name(shop):
    for name in ("representations", "representations_0"):
        query = f"query(${name}: String) {{ book {{ stock(at: ${name}) }} magazine {{ stock(at: ${name}) }} }}"
        assert await shop.data(query, **{name: "x"}) == {"book": {"stock": 11}, "magazine": {"stock": 20}}
        single = f"query(${name}: String) {{ book {{ stock(at: ${name}) }} }}"
        assert await shop.data(single, **{name: "x"}) == {"book": {"stock": 11}}


def test_one_lookup_alone_is_a_plain_fetch(shop):
    assert isinstance(last(shop.plan("{ book { stock } }")), Fetch)


def test_a_batch_waits_for_what_each_of_its_lookups_waits_for_and_no_chain_gets_longer(world):
    made = world(
        {
            "a": 'type Query { x: X } type X @key(fields: "id") { id: ID! }',
            "b": 'type Query { y: Y } type Y @key(fields: "id") { id: ID! }',
            "c": 'type X @key(fields: "id") { id: ID! n: Int } type Y @key(fields: "id") { id: ID! n: Int }',
        },
        {},
    ).plan("{ x { n } y { n } }")
    assert [(one.service, one.depends_on) for one in made.fetches()] == [("a", ()), ("b", ()), ("c", (0, 1))]


def test_a_batch_is_printed_and_drawn_as_tools_know_it(shop):
    made = shop.plan("{ book { stock } magazine { late } }")
    assert print_plan(made).endswith(
        """\
    BatchFetch(service: "b") {
      {
        _e0 {
          paths: [
            "book"
          ]
          {
            ... on Product {
              __typename
              id
            }
          }
        }
        _e1 {
          paths: [
            "magazine"
          ]
          {
            ... on Product {
              __typename
              id
            }
          }
        }
      }
      query ($representations_0: [_Any!]!, $representations_1: [_Any!]!) {
        _e0: _entities(representations: $representations_0) {
          ... on Product {
            stock
          }
        }
        _e1: _entities(representations: $representations_1) {
          ... on Product {
            late
          }
        }
      }
    },
  },
}"""
    )
    node = to_json(made)["node"]["nodes"][1]
    assert (node["kind"], node["serviceName"], node["dependsOn"]) == ("BatchFetch", "b", [0])
    assert [(one["alias"], one["representationsVariableName"], one["paths"]) for one in node["entityBatch"]["aliases"]] == [
        ("_e0", "representations_0", [["book"]]),
        ("_e1", "representations_1", [["magazine"]]),
    ]
