"""`@context` and `@fromContext`: a field's argument comes from an ancestor of the object, wherever that one's fields are."""

from __future__ import annotations

import pytest

from gateway.planning import to_json
from gateway.planning.errors import UnreachableField

SHOPS = """
type Query { shop: Shop shops: [Shop] grid: [[Shop]] any: [Any] node: [Node] }
type Shop @key(fields: "id") @context(name: "shop") @context(name: "any") {
  id: ID! currency: String offers: [Offer] best: Offer inner: Shop rates: Rates mixed: [Mixed] either: [Either]
}
type Rates { main: Rate list: [Rate] }
type Rate { percent: Int }
union Mixed = Shop | Plain
type Plain { offer: Offer }
union Any = Shop | Fair
type Fair @key(fields: "id") @context(name: "any") { id: ID! money: String either: [Either] shops: [Shop] }
interface Node @context(name: "node") { zone: String inner: Zone }
type East implements Node { zone: String inner: Zone }
type West implements Node { zone: String inner: Zone }
type Offer @key(fields: "id") {
  id: ID!
  price(currency: String @fromContext(field: "$shop { currency }"), digits: Int): String
  rate(percent: Int @fromContext(field: "$shop { rates { main { percent } } }")): Int
  rates(percents: [Int] @fromContext(field: "$shop { rates { list { percent } } }")): [Int]
  part: Part
}
type Either @key(fields: "id") {
  id: ID! value(money: String @fromContext(field: "$any ... on Shop { currency } ... on Fair { money }")): String
}
type Zone @key(fields: "id") { id: ID! name(zone: String @fromContext(field: "$node { zone }")): String }
type Part @key(fields: "id") { id: ID! price(currency: String @fromContext(field: "$shop { currency }")): String }
"""
STOCK = """
type Offer @key(fields: "id") { id: ID! stock: Int }
"""


def offer(number):
    return {
        "id": str(number),
        "price": lambda _o, currency=None, digits=None: f"{number} {currency}{'' if digits is None else digits}",
        "rate": lambda _o, percent=None: None if percent is None else number * percent,
        "rates": lambda _o, percents=None: percents,
        "part": {"id": f"p{number}"},
    }


def shop(number, currency, *offers, **more):
    return {
        "__typename": "Shop",
        "id": str(number),
        "currency": currency,
        "offers": [offer(one) for one in offers],
        "either": [{"id": str(one)} for one in offers],
        "rates": {"main": {"percent": number}, "list": [{"percent": 1}, None, {"percent": number}]},
        **more,
    }


SHOP_2 = shop(2, "USD", 2, 3, best=offer(3), inner=None)
MIXED = [SHOP_2, {"__typename": "Plain", "offer": offer(1)}]
SHOP_1 = shop(1, "EUR", 1, 2, best=offer(1), inner=shop(3, "SEK", 1), mixed=MIXED)
FAIR = {"__typename": "Fair", "id": "f", "money": "LVL", "either": [{"id": "1"}], "shops": [SHOP_1]}
ROWS = {
    "shops": {
        "Query": {
            "shop": SHOP_1,
            "shops": [SHOP_1, None, SHOP_2],
            "grid": [[SHOP_1], [], [SHOP_2, SHOP_1]],
            "any": [SHOP_2, FAIR],
            "node": [
                {"__typename": "East", "zone": "e", "inner": {"id": "1"}},
                {"__typename": "West", "zone": "w", "inner": {"id": "2"}},
            ],
        },
        "Offer": [offer(1), offer(2), offer(3)],
        "Either": [{"id": str(n), "value": lambda one, money=None: f"{one['id']} {money}"} for n in (1, 2, 3)],
        "Zone": [{"id": str(n), "name": lambda one, zone=None: f"{one['id']} {zone}"} for n in (1, 2)],
        "Part": [{"id": f"p{n}", "price": lambda part, currency=None: f"{part['id']} {currency}"} for n in (1, 2, 3)],
    },
    "stock": {"Offer": [{"id": str(n), "stock": n * 10} for n in (1, 2, 3)]},
}


@pytest.fixture
def shops(world):
    return world({"shops": SHOPS, "stock": STOCK}, ROWS)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        pytest.param("{ shop { best { price } } }", {"shop": {"best": {"price": "1 EUR"}}}, id="from the parent"),
        pytest.param(
            "{ shop { best { part { price } } } }", {"shop": {"best": {"part": {"price": "p1 EUR"}}}}, id="from the grandparent"
        ),
        pytest.param(
            "{ shop { offers { p: price(digits: 2) id } } }",
            {"shop": {"offers": [{"p": "1 EUR2", "id": "1"}, {"p": "2 EUR2", "id": "2"}]}},
            id="beside the client's arguments, under the client's alias",
        ),
        pytest.param(
            "{ shops { offers { price stock } } }",
            {
                "shops": [
                    {"offers": [{"price": "1 EUR", "stock": 10}, {"price": "2 EUR", "stock": 20}]},
                    None,
                    {"offers": [{"price": "2 USD", "stock": 20}, {"price": "3 USD", "stock": 30}]},
                ]
            },
            id="one entity under two ancestors has two values",
        ),
        pytest.param(
            "{ grid { best { price } } }",
            {"grid": [[{"best": {"price": "1 EUR"}}], [], [{"best": {"price": "3 USD"}}, {"best": {"price": "1 EUR"}}]]},
            id="in lists of lists",
        ),
        pytest.param(
            "{ shop { inner { offers { price } } best { price } } }",
            {"shop": {"inner": {"offers": [{"price": "1 SEK"}]}, "best": {"price": "1 EUR"}}},
            id="from the nearest",
        ),
        pytest.param(
            "{ shops { offers { rate } best { rate } } }",
            {
                "shops": [
                    {"offers": [{"rate": 1}, {"rate": 2}], "best": {"rate": 1}},
                    None,
                    {"offers": [{"rate": 4}, {"rate": 6}], "best": {"rate": 6}},
                ]
            },
            id="from objects inside the ancestor",
        ),
        pytest.param(
            "{ shops { best { rates } } }",
            {"shops": [{"best": {"rates": [1, None, 1]}}, None, {"best": {"rates": [1, None, 2]}}]},
            id="a list, nulls at their places",
        ),
        pytest.param(
            "{ any { ... on Shop { either { value } } ... on Fair { o: either { value } } } }",
            {"any": [{"either": [{"value": "2 USD"}, {"value": "3 USD"}]}, {"o": [{"value": "1 LVL"}]}]},
            id="by the ancestor's type",
        ),
        pytest.param(
            "{ any { ... on Fair { shops { either { value } } either { value } } } }",
            {"any": [{}, {"shops": [{"either": [{"value": "1 EUR"}, {"value": "2 EUR"}]}], "either": [{"value": "1 LVL"}]}]},
            id="nearest of two types",
        ),
        pytest.param(
            "{ shop { mixed { ... on Shop { best { price } } ... on Plain { offer { price } } } } }",
            {"shop": {"mixed": [{"best": {"price": "3 USD"}}, {"offer": {"price": "1 EUR"}}]}},
            id="from further above where only some members supply",
        ),
        pytest.param(
            "{ node { inner { name } } }",
            {"node": [{"inner": {"name": "1 e"}}, {"inner": {"name": "2 w"}}]},
            id="from every implementation of an interface",
        ),
        pytest.param(
            "{ shop { currency: id c: currency best { price: id cost: price } } }",
            {"shop": {"currency": "1", "c": "EUR", "best": {"price": "1", "cost": "1 EUR"}}},
            id="under names that the client uses otherwise",
        ),
    ],
)
async def test_a_value_comes(shops, query, wanted):
    assert await shops.data(query) == wanted


async def test_entities_with_one_value_are_one_lookup_and_others_go_along_in_the_same_request(shops):
    await shops.data("{ shops { offers { price } } }")
    *_, last = shops.subgraphs["shops"].requests
    assert {name: value for name, value in last["variables"].items() if name.startswith("context")} == {
        "contextualArgument_0_0": "EUR",
        "contextualArgument_0_1": "USD",
    }
    assert shops.asked() == {"shops": 2}
    await shops.data("{ shop { offers { price } } }")
    assert shops.subgraphs["shops"].requests[-1]["variables"] == {
        "representations": [{"__typename": "Offer", "id": "1"}, {"__typename": "Offer", "id": "2"}],
        "contextualArgument_0": "EUR",
    }


async def test_a_clients_variable_may_have_any_name(shops):
    query = "query($contextualArgument_0: Int) { shop { best { price(digits: $contextualArgument_0) } } }"
    assert await shops.data(query, contextualArgument_0=7) == {"shop": {"best": {"price": "1 EUR7"}}}


async def test_conditions_stay_with_their_fields(shops):
    query = "query($b: Boolean!) { shop { best { price @include(if: $b) stock } } }"
    assert await shops.data(query, b=False) == {"shop": {"best": {"stock": 10}}}
    assert await shops.data(query, b=True) == {"shop": {"best": {"price": "1 EUR", "stock": 10}}}


async def test_the_plan_tells_what_is_supplied(shops):
    fetches = list(shops.plan("{ shop { offers { price } } }").fetches())
    assert [fetch.service for fetch in fetches] == ["shops", "shops"]
    assert fetches[1].operation == (
        "query($representations: [_Any!]!, $contextualArgument_0: String) { _entities(representations: $representations) "
        "{ ... on Offer { price(currency: $contextualArgument_0) } } }"
    )
    node = to_json(shops.plan("{ shop { offers { price } } }"))["node"]["nodes"][1]["node"]
    assert node["contextInputs"] == [
        {
            "variable": "contextualArgument_0",
            "type": "String",
            "above": 1,
            "selections": [{"kind": "Field", "name": "currency"}],
        }
    ]


A = """
type Top @key(fields: "id") @context(name: "top") {
  id: ID! word: String @shareable must: String @shareable low: Low needs: Low2
}
type Low @key(fields: "id") { id: ID! said(word: String @fromContext(field: "$top { word }")): String }
type Low2 @key(fields: "id") { id: ID! said(word: String! @fromContext(field: "$top { must }")): String }
"""
B = 'type Query { tops: [Top] } type Top @key(fields: "id") { id: ID! word: String @shareable must: String @shareable }'


@pytest.fixture
def tops(world):
    low = {"id": "l", "said": lambda _low, word: f"<{word}>"}
    rows = [
        {"id": "1", "word": "one", "must": "a"},
        {"id": "2", "word": None, "must": "b"},
        {"id": "3", "word": ValueError("no word"), "must": ValueError("no must")},
    ]
    listed = [{"id": str(n), "low": {"id": "l"}, "needs": {"id": "l"}} for n in (1, 2, 3)]
    return world({"a": A, "b": B}, {"a": {"Top": listed, "Low": [low], "Low2": [low]}, "b": {"Query": {"tops": rows}}})


async def test_what_another_subgraph_holds_is_fetched_first_and_null_is_a_value(tops):
    answer = await tops.ask("{ tops { low { said } } }")
    assert answer["data"] == {"tops": [{"low": {"said": "<one>"}}, {"low": {"said": "<None>"}}, {"low": {"said": None}}]}
    assert [(error["message"], error["path"]) for error in answer["errors"]] == [("no word", ["tops", 2, "low", "said"])]
    assert tops.asked() == {"a": 2, "b": 1}


async def test_without_a_value_that_must_not_be_null_the_entity_is_not_asked(tops):
    answer = await tops.ask("{ tops { needs { said } } }")
    assert answer["data"] == {"tops": [{"needs": {"said": "<a>"}}, {"needs": {"said": "<b>"}}, {"needs": {"said": None}}]}
    assert [error["path"] for error in answer["errors"]] == [["tops", 2, "needs", "said"]]


UNSUPPLIED = """
    type Query @join__type(graph: A) { low: Low }
    type Low @join__type(graph: A, key: "id") {
      id: ID!
      said: String @join__field(graph: A,
        contextArguments: [{ context: "a__top", name: "word", type: "String", selection: "{ x }" }])
    }
"""


def test_a_field_without_an_ancestor_that_supplies_is_unreachable(planned):
    with pytest.raises(UnreachableField, match="a__top"):
        planned(UNSUPPLIED, "{ low { said } }")
