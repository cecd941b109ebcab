"""Selection sets that a request repeats are written once, where that makes it smaller."""

from __future__ import annotations

import pytest

from gateway.planning import print_plan

A = """
type Query { one: Item two: Item three: Item top: Node }
interface Node { id: ID! name: String maker: Maker }
type Item implements Node @key(fields: "id") { id: ID! name: String maker: Maker part: Item }
type Maker { town: String street(number: Int): String zip: String }
"""
B = """
type Item @key(fields: "id") { id: ID! stock: Stock reserve: Stock }
type Stock { amount: Int where: String since: String until: String }
"""
MAKER = {"town": "Cēsis", "street": lambda _m, number=None: f"Rīgas {number}", "zip": "LV-4101"}
PART = {"__typename": "Item", "id": "9", "name": "part", "maker": MAKER, "part": None}
ITEM = {"__typename": "Item", "id": "1", "name": "item", "maker": MAKER, "part": PART}
STOCK = {"amount": 1, "where": "a", "since": "b", "until": "c"}


@pytest.fixture
def items(world):
    rows = {"Item": [{"id": n, "stock": STOCK, "reserve": STOCK} for n in ("1", "9")]}
    return world({"a": A, "b": B}, {"a": {"Query": {"one": ITEM, "two": ITEM, "three": PART, "top": ITEM}}, "b": rows})


MADE = "maker { town street(number: $n) zip }"
SHOWN = {"maker": {"town": "Cēsis", "street": "Rīgas 5", "zip": "LV-4101"}}


async def test_what_is_repeated_is_a_fragment(items):
    query = f"query($n: Int) {{ one {{ {MADE} }} two {{ {MADE} }} three {{ {MADE} }} top {{ {MADE} }} }}"
    (fetch,) = items.plan(query).fetches()
    assert fetch.operation == (
        "query($n: Int) { one { ...f0 } two { ...f0 } three { ...f0 } "
        "top { __typename maker { town street(number: $n) zip } } } "
        "fragment f0 on Item { maker { town street(number: $n) zip } }"
    )
    assert await items.data(query, n=5) == {"one": SHOWN, "two": SHOWN, "three": SHOWN, "top": SHOWN}


async def test_what_is_short_is_not(items):
    (fetch,) = items.plan("{ one { id name } two { id name } }").fetches()
    assert fetch.operation == "{ one { id name } two { id name } }"


async def test_entity_requests_and_batches_have_them_too(items):
    stock = "amount where since until"
    query = f"{{ one {{ stock {{ {stock} }} reserve {{ {stock} }} part {{ reserve {{ {stock} }} }} }} }}"
    *_, last = items.plan(query).fetches()
    assert last.operation.count("...f0") == 3
    assert "fragment f0 on Stock {" in print_plan(items.plan(query))
    assert await items.data(query) == {"one": {"stock": STOCK, "reserve": STOCK, "part": {"reserve": STOCK}}}


async def test_conditions_go_along(items):
    inner = "town @include(if: $a) street zip @skip(if: $a)"
    query = (
        f"query($a: Boolean!) {{ one {{ maker {{ {inner} }} }} two {{ maker {{ {inner} }} }} three {{ maker {{ {inner} }} }} }}"
    )
    (fetch,) = items.plan(query).fetches()
    assert "fragment" in fetch.operation
    shown = {"maker": {"street": "Rīgas None", "zip": "LV-4101"}}
    assert await items.data(query, a=False) == {"one": shown, "two": shown, "three": shown}
