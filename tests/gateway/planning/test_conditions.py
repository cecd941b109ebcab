"""`@skip` and `@include` with variables: each field under its own conditions, nothing under a neighbour's."""

from __future__ import annotations

from itertools import product

import pytest

A = """
type Query { items: [Item] node: Node }
interface Node { id: ID! }
type Item implements Node @key(fields: "id") {
  id: ID! weight: Int price(currency: String): Int category: Category name: String
}
type Category @key(fields: "id") { id: ID! average: Int }
"""
B = """
type Item @key(fields: "id") {
  id: ID!
  weight: Int @external
  price(currency: String): Int @external
  category: Category @external
  tax: Int @requires(fields: "price(currency: \\"EUR\\")")
  postage: Int @requires(fields: "weight")
  dear: Boolean @requires(fields: "category { average }")
  stock: Int
}
type Category @key(fields: "id") { id: ID! average: Int @external }
"""
C = 'type Item @key(fields: "id") { id: ID! tax: Int @external net: Int @requires(fields: "tax") }'
ITEM = {
    "__typename": "Item",
    "id": "1",
    "weight": 3,
    "price": lambda _i, currency=None: 100 if currency == "EUR" else 7,
    "category": {"id": "c", "average": 50},
    "name": "pen",
}
ITEM_B = {
    "id": "1",
    "stock": 4,
    "tax": lambda item: item["price"] // 10,
    "postage": lambda item: item["weight"] * 2,
    "dear": lambda item: item["category"]["average"] > 20,
}
WHOLE = {"id": "1", "weight": 3, "tax": 10, "postage": 6, "dear": True, "stock": 4, "net": 1010, "name": "pen"}


@pytest.fixture
def items(world):
    rows_c = {"Item": [{"id": "1", "net": lambda item: item["tax"] + 1000}]}
    return world(
        {"a": A, "b": B, "c": C}, {"a": {"Query": {"items": [ITEM], "node": ITEM}}, "b": {"Item": [ITEM_B]}, "c": rows_c}
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("tax dear @skip(if: $a)", lambda a, b: ["tax"] + ["dear"] * (not a)),
        ("tax @include(if: $a) postage @include(if: $b)", lambda a, b: ["tax"] * a + ["postage"] * b),
        ("tax @include(if: $a) net @include(if: $b)", lambda a, b: ["tax"] * a + ["net"] * b),
        ("net @include(if: $a) @skip(if: $b) stock", lambda a, b: ["net"] * (a and not b) + ["stock"]),
        ("weight @include(if: $a) postage", lambda a, b: ["weight"] * a + ["postage"]),
        ("id @skip(if: $a) stock", lambda a, b: ["id"] * (not a) + ["stock"]),
        ("... @include(if: $a) { id stock } ... @include(if: $b) { tax }", lambda a, b: ["id", "stock"] * a + ["tax"] * b),
        ("... on Item @include(if: $a) { ...F } ...F @include(if: $b)", lambda a, b: ["id", "net"] * (a or b)),
        ("name @include(if: $a) ... @skip(if: $a) { name }", lambda a, b: ["name"]),
    ],
)
async def test_every_combination_shows_what_it_should(items, query, shown):
    fragment = "fragment F on Item { id net }" if "...F" in query else ""
    text = f"query($a: Boolean!, $b: Boolean!) {{ items {{ {query} }} }} {fragment}"
    used = "" if "$b" in query else "query($a: Boolean!)"
    text = text if not used else text.replace("query($a: Boolean!, $b: Boolean!)", used)
    for a, b in product((True, False), repeat=2):
        variables = {"a": a, "b": b} if "$b" in query else {"a": a}
        expected = {key: WHOLE[key] for key in shown(a, b)}
        assert await items.data(text, **variables) == {"items": [expected]}, variables


async def test_a_requirement_is_not_fetched_when_nobody_wants_it(items):
    query = "query($a: Boolean!) { items { name net @include(if: $a) } }"
    assert await items.data(query, a=False) == {"items": [{"name": "pen"}]}
    assert items.asked() == {"a": 1}


async def test_a_condition_on_a_whole_object_is_not_its_fetches_neighbours(items):
    query = "query($a: Boolean!) { items { stock } node { ... on Item @include(if: $a) { stock tax } } }"
    assert await items.data(query, a=False) == {"items": [{"stock": 4}], "node": {}}
    assert await items.data(query, a=True) == {"items": [{"stock": 4}], "node": {"stock": 4, "tax": 10}}


def test_what_contradicts_a_condition_further_up_is_not_planned(items):
    query = "query($a: Boolean!) { items @include(if: $a) { name @include(if: $a) ... @skip(if: $a) { stock tax id } } }"
    (fetch,) = items.plan(query).fetches()
    assert fetch.operation == "{ items { name } }"


async def test_an_object_of_which_nothing_is_asked_is_there_nevertheless(items):
    query = "query($a: Boolean!) { items @include(if: $a) { name @skip(if: $a) } }"
    assert await items.data(query, a=True) == {"items": [{}]}
    assert await items.data(query, a=False) == {}


PRICED = """
type Item @key(fields: "id") {
  id: ID!
  weight: Int @external
  price(currency: String): Int @external
  eur: Int @requires(fields: "price(currency: \\"EUR\\") weight")
  usd: Int @requires(fields: "price(currency: \\"USD\\") weight")
  heavy: Boolean @requires(fields: "weight")
}
"""


@pytest.mark.parametrize(
    "fields", ["heavy eur @include(if: $a) usd @skip(if: $b)", "eur @skip(if: $b) usd @include(if: $a) heavy"]
)
async def test_requirements_that_disagree_never_share_a_representation(world, fields):
    row = {
        "id": "1",
        "heavy": lambda item: item["weight"] > 2,
        "eur": lambda item: item["price"],
        "usd": lambda item: item["price"],
    }
    made = world({"a": A, "p": PRICED}, {"a": {"Query": {"items": [ITEM]}}, "p": {"Item": [row]}})
    query = f"query($a: Boolean!, $b: Boolean!) {{ items {{ {fields} }} }}"
    assert await made.data(query, a=True, b=False) == {"items": [{"heavy": True, "eur": 100, "usd": 7}]}
