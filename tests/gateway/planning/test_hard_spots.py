"""Where federated gateways went wrong, each as its smallest case: composed, planned, executed, and the answer looked at."""

from __future__ import annotations

import pytest

from gateway.operation.errors import NotValid

# One field with different arguments, on merged selections and in requirements.
PRICED = {
    "a": """
    type Query { item: Item items: [Item] }
    type Item @key(fields: "id") { id: ID! }
    """,
    "b": """
    type Item @key(fields: "id") {
      id: ID!
      price(currency: String = "EUR"): Int @external
      eur: Int @requires(fields: "price(currency: \\"EUR\\")")
      usd: Int @requires(fields: "price(currency: \\"USD\\")")
      plain: Int @requires(fields: "price")
    }
    """,
    "c": 'type Item @key(fields: "id") { id: ID! price(currency: String = "EUR"): Int _price_0: Int }',
    "d": 'type Item @key(fields: "id") { id: ID! eur: Int @external usd: Int @external sum: Int @requires(fields: "eur usd") }',
}
PRICES = {"EUR": 10, "USD": 12, "SEK": 110}
PRICED_ROWS = {
    "a": {"Query": {"item": {"id": "1"}, "items": [{"id": "1"}, None]}},
    "b": {
        "Item": [
            {
                "id": "1",
                "eur": lambda item: item["price"],
                "usd": lambda item: item["price"],
                "plain": lambda item: item["price"],
            }
        ]
    },
    "c": {"Item": [{"id": "1", "price": lambda _i, currency: PRICES[currency], "_price_0": -1}]},
    "d": {"Item": [{"id": "1", "sum": lambda item: item["eur"] + item["usd"]}]},
}


@pytest.mark.parametrize(
    ("query", "item"),
    [
        ('{ item { price(currency: "SEK") eur usd } }', {"price": 110, "eur": 10, "usd": 12}),
        ("{ item { price eur usd plain } }", {"price": 10, "eur": 10, "usd": 12, "plain": 10}),
        ('{ item { usd price: id _price_0 p: price(currency: "USD") } }', {"usd": 12, "price": "1", "_price_0": -1, "p": 12}),
        ("{ item { sum } }", {"sum": 22}),
        ('{ item { sum eur: usd usd: eur price(currency: "SEK") } }', {"sum": 22, "eur": 12, "usd": 10, "price": 110}),
        (
            "query($c: String) { item { price(currency: $c) ... on Item { eur } ...F } } fragment F on Item { usd }",
            {"price": 110, "eur": 10, "usd": 12},
        ),
    ],
)
async def test_a_field_required_with_arguments_never_meets_the_clients_own(world, query, item):
    made = world(PRICED, PRICED_ROWS)
    assert await made.data(query, **({"c": "SEK"} if "$c" in query else {})) == {"item": item}


async def test_beside_a_null_in_a_list_required_values_are_as_they_should_be(world):
    assert await world(PRICED, PRICED_ROWS).data("{ items { sum plain } }") == {"items": [{"sum": 22, "plain": 10}, None]}


# Requirements through lists, fragments, objects of other subgraphs, and chains.
LISTS = {
    "a": """
    type Query { box: Box }
    type Box @key(fields: "id") { id: ID! tags: [String] grid: [[Int]] parts: [Part] thing: Thing }
    type Part @key(fields: "id") { id: ID! }
    interface Thing { id: ID! }
    type Ball implements Thing @key(fields: "id") { id: ID! round: Int }
    type Cube implements Thing @key(fields: "id") { id: ID! edges: Int }
    """,
    "b": """
    type Box @key(fields: "id") {
      id: ID!
      tags: [String] @external
      grid: [[Int]] @external
      parts: [Part] @external
      thing: Thing @external
      shown: String @requires(fields: "tags grid")
      weight: Int @requires(fields: "parts { weight }")
      what: String @requires(fields: "thing { id ... on Ball { round } ... on Cube { edges } }")
    }
    type Part @key(fields: "id") { id: ID! weight: Int @external }
    interface Thing { id: ID! }
    type Ball implements Thing @key(fields: "id") { id: ID! @external round: Int @external }
    type Cube implements Thing @key(fields: "id") { id: ID! @external edges: Int @external }
    """,
    "c": 'type Part @key(fields: "id") { id: ID! weight: Int }',
}


def box(thing):
    return {
        "a": {
            "Query": {
                "box": {
                    "id": "1",
                    "tags": ["x", None, "y"],
                    "grid": [[1, None], None, []],
                    "parts": [{"id": "p"}, None, {"id": "q"}],
                    "thing": thing,
                }
            }
        },
        "b": {
            "Box": [
                {
                    "id": "1",
                    "shown": lambda one: f"{one['tags']} {one['grid']}",
                    "weight": lambda one: sum(part["weight"] for part in one["parts"] if part),
                    "what": lambda one: "-".join(f"{key}={one['thing'][key]}" for key in sorted(one["thing"])),
                }
            ]
        },
        "c": {"Part": [{"id": "p", "weight": 3}, {"id": "q", "weight": 4}]},
    }


async def test_nulls_inside_required_lists_stay_where_they_are(world):
    made = world(LISTS, box(None))
    assert await made.data("{ box { shown weight } }") == {
        "box": {"shown": "['x', None, 'y'] [[1, None], None, []]", "weight": 7}
    }


@pytest.mark.parametrize(
    ("thing", "what"),
    [
        ({"__typename": "Ball", "id": "5", "round": 9}, "__typename=Ball-id=5-round=9"),
        ({"__typename": "Cube", "id": "6", "edges": 12}, "__typename=Cube-edges=12-id=6"),
    ],
)
async def test_what_is_required_in_fragments_is_sent_for_the_type_at_hand(world, thing, what):
    assert await world(LISTS, box(thing)).data("{ box { what } }") == {"box": {"what": what}}


CHAIN = {
    "a": 'type Query { one: One } type One @key(fields: "id") { id: ID! base: Int }',
    "b": """
    type One @key(fields: "id") { id: ID! base: Int @external
      first: Int @requires(fields: "base") third: Int @requires(fields: "second") second: Int @external }
    """,
    "c": """
    type One @key(fields: "id") { id: ID! first: Int @external third: Int @external
      second: Int @requires(fields: "first") last: Int @requires(fields: "third") }
    """,
}
CHAIN_ROWS = {
    "a": {"Query": {"one": {"id": "1", "base": 1}}},
    "b": {"One": [{"id": "1", "first": lambda one: one["base"] + 10, "third": lambda one: one["second"] + 1000}]},
    "c": {"One": [{"id": "1", "second": lambda one: one["first"] + 100, "last": lambda one: one["third"] + 10000}]},
}


@pytest.mark.parametrize(
    ("fields", "one"),
    [
        ("last", {"last": 11111}),
        ("last first", {"last": 11111, "first": 11}),
        ("second third first last base", {"second": 111, "third": 1111, "first": 11, "last": 11111, "base": 1}),
        ("base: last first: base", {"base": 11111, "first": 1}),
    ],
)
async def test_each_link_of_a_chain_of_requirements_gets_its_own_inputs(world, fields, one):
    assert await world(CHAIN, CHAIN_ROWS).data(f"{{ one {{ {fields} }} }}") == {"one": one}


# Keys and required fields that are null, missing or failed.
BROKEN = {
    "a": 'type Query { all: [Thing] } type Thing @key(fields: "id") { id: ID need: Int }',
    "b": 'type Thing @key(fields: "id") { id: ID need: Int @external made: Int @requires(fields: "need") plain: Int }',
}


async def test_an_entity_whose_key_failed_is_not_asked_and_one_whose_input_failed_only_for_what_needs_it(world):
    rows = [
        {"id": "1", "need": 1},
        {"id": None, "need": 2},
        {"id": ValueError("no id"), "need": 3},
        {"id": "4", "need": ValueError("no need")},
        {"id": "5", "need": None},
    ]
    made = {"made": lambda thing: -1 if thing["need"] is None else thing["need"] * 10, "plain": 7}
    world_ = world(BROKEN, {"a": {"Query": {"all": rows}}, "b": {"Thing": [{"id": n, **made} for n in ("1", "4", "5")]}})
    answer = await world_.ask("{ all { made plain } }")
    assert answer["data"] == {
        "all": [
            {"made": 10, "plain": 7},
            {"made": None, "plain": None},
            {"made": None, "plain": None},
            {"made": None, "plain": 7},
            {"made": -1, "plain": 7},
        ]
    }
    assert sorted((error["message"], error["path"]) for error in answer["errors"]) == [
        ("no id", ["all", 2, "made"]),
        ("no id", ["all", 2, "plain"]),
        ("no need", ["all", 3, "made"]),
    ]


# Interfaces of which a subgraph knows only a part.
PARTIAL = {
    "a": """
    type Query { nodes: [Node] found: [Found] }
    interface Node { id: ID! }
    interface Named { name: String }
    union Found = Cat | Dog
    type Cat implements Node & Named @key(fields: "id") { id: ID! name: String }
    type Dog implements Node @key(fields: "id") { id: ID! }
    """,
    "b": """
    type Query { pets: [Named] }
    interface Named { name: String age: Int }
    type Dog implements Named @key(fields: "id") { id: ID! name: String age: Int }
    type Cat implements Named @key(fields: "id") { id: ID! name: String @external age: Int }
    """,
}
CAT, DOG = {"__typename": "Cat", "id": "1", "name": "Muris"}, {"__typename": "Dog", "id": "2"}
PARTIAL_ROWS = {
    "a": {"Query": {"nodes": [CAT, DOG], "found": [DOG, CAT]}, "Cat": [CAT], "Dog": [DOG]},
    "b": {"Dog": [{"id": "2", "name": "Duksis", "age": 4}], "Cat": [{"id": "1", "age": 9}]},
}


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("{ nodes { ... on Named { name } } }", {"nodes": [{"name": "Muris"}, {"name": "Duksis"}]}),
        (
            "{ nodes { ... on Named { age name } id } }",
            {"nodes": [{"age": 9, "name": "Muris", "id": "1"}, {"age": 4, "name": "Duksis", "id": "2"}]},
        ),
        (
            "{ found { ... on Node { id ... on Named { name } } } }",
            {"found": [{"id": "2", "name": "Duksis"}, {"id": "1", "name": "Muris"}]},
        ),
        (
            "{ found { __typename ... on Named { ... on Dog { age } } } }",
            {"found": [{"__typename": "Dog", "age": 4}, {"__typename": "Cat"}]},
        ),
    ],
)
async def test_an_interface_is_never_sent_where_it_would_miss_types_or_be_refused(world, query, data):
    assert await world(PARTIAL, PARTIAL_ROWS).data(query) == data


# Members whose fields differ in nullability, list depth or type.
SHAPES = {
    "a": """
    type Query { things: [Thing] faces: [Face] }
    union Thing = One | Two | Three
    interface Face { kind: String }
    type One implements Face { kind: String @shareable f: String! @shareable g: [[Int!]] @shareable h: In! @shareable }
    type Two implements Face { kind: String! @shareable f: String @shareable g: [[Int]!] @shareable h: In @shareable }
    type Three implements Face { kind: String @shareable f: Int g: [[Int]]! @shareable h: In @shareable }
    type In { x: Int @shareable y: String! @shareable }
    """,
    "b": """
    type Query { b: Int }
    type One { kind: String @shareable f: String @shareable g: [[Int]] @shareable h: In @shareable }
    type Two { kind: String @shareable f: String @shareable g: [[Int]] @shareable h: In @shareable }
    type Three { kind: String @shareable g: [[Int]] @shareable h: In @shareable }
    type In { x: Int @shareable y: String @shareable }
    """,
}
SHAPED = [
    {"__typename": "One", "kind": "1", "f": "one", "g": [[1], None], "h": {"x": 1, "y": "y"}},
    {"__typename": "Two", "kind": "2", "f": "two", "g": [[2, None]], "h": None},
    {"__typename": "Three", "kind": None, "f": 3, "g": [None], "h": {"x": 3, "y": "z"}},
]


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("{ things { ... on One { f } ... on Two { f } } }", {"things": [{"f": "one"}, {"f": "two"}, {}]}),
        ("{ faces { kind ... on Two { kind } } }", {"faces": [{"kind": "1"}, {"kind": "2"}, {"kind": None}]}),
        (
            "{ things { ... on One { v: f w: g } ... on Three { w: g } ... on Two { w: g v: f } } }",
            {"things": [{"v": "one", "w": [[1], None]}, {"w": [[2, None]], "v": "two"}, {"w": [None]}]},
        ),
        (
            "{ things { ... on One { h { x y } } ... on Two { h { x } } ... on Three { h { z: y } } } }",
            {"things": [{"h": {"x": 1, "y": "y"}}, {"h": None}, {"h": {"z": "z"}}]},
        ),
        (
            "{ things { ... on One { _f_0: kind f } ... on Two { f } } }",
            {"things": [{"_f_0": "1", "f": "one"}, {"f": "two"}, {}]},
        ),
    ],
)
async def test_one_key_with_several_shapes_is_asked_under_several_and_renamed_back(world, query, data):
    made = world(SHAPES, {"a": {"Query": {"things": SHAPED, "faces": SHAPED}}})
    assert await made.data(query) == data


async def test_an_error_under_a_renamed_key_is_told_under_the_clients(world):
    broken = [{"__typename": "One", "f": "one"}, {"__typename": "Two", "f": ValueError("no f")}]
    made = world(SHAPES, {"a": {"Query": {"things": broken}}})
    answer = await made.ask("{ things { ... on One { f } ... on Two { f } } }")
    assert answer["data"] == {"things": [{"f": "one"}, {"f": None}]}
    assert [error["path"] for error in answer["errors"]] == [["things", 1, "f"]]


# Unions whose members differ by subgraph, shared root fields, keys that are no way on.
UNIONS = {
    "a": """
    type Query { media: Media @shareable mine: Media }
    union Media = Book | Song
    type Book @key(fields: "id") { id: ID! title: String @shareable }
    type Song { length: Int @shareable }
    """,
    "b": """
    type Query { media: Media @shareable other: Media }
    union Media = Book | Film
    type Book @key(fields: "id") { id: ID! title: String @shareable pages: Int }
    type Film { length: Int }
    """,
}


async def test_members_that_a_subgraph_does_not_know_are_not_asked_of_it(world):
    book = {"__typename": "Book", "id": "1", "title": "Sea"}
    rows = {
        "a": {"Query": {"media": book, "mine": {"__typename": "Song", "length": 3}}},
        "b": {
            "Query": {"media": {**book, "pages": 7}, "other": {"__typename": "Film", "length": 90}},
            "Book": [{"id": "1", "pages": 7}],
        },
    }
    made = world(UNIONS, rows)
    query = "{ %s { __typename ... on Book { title pages } ... on Song { s: length } ... on Film { f: length } } }"
    assert await made.data(query % "mine") == {"mine": {"__typename": "Song", "s": 3}}
    assert await made.data(query % "other") == {"other": {"__typename": "Film", "f": 90}}
    assert await made.data(query % "media") == {"media": {"__typename": "Book", "title": "Sea", "pages": 7}}


SHARED = {
    "a": """
    type Query { me: User @shareable }
    type User @key(fields: "id") { id: ID! @shareable name: String @shareable a: Int }
    """,
    "b": """
    type Query { me: User @shareable }
    type User @key(fields: "id") { id: ID! @shareable name: String @shareable b: Int c: Int }
    """,
}


async def test_a_shared_root_field_is_asked_whole_of_one_subgraph(world):
    rows = {
        "a": {"Query": {"me": {"id": "1", "name": "Anna", "a": 1}}, "User": [{"id": "1", "name": "Anna", "a": 1}]},
        "b": {
            "Query": {"me": {"id": "1", "name": "Anna", "b": 2, "c": 3}},
            "User": [{"id": "1", "name": "Anna", "b": 2, "c": 3}],
        },
    }
    made = world(SHARED, rows)
    assert await made.data("{ me { name b c } }") == {"me": {"name": "Anna", "b": 2, "c": 3}}
    assert made.asked() == {"b": 1}
    assert await made.data("{ me { a name b } }") == {"me": {"a": 1, "name": "Anna", "b": 2}}


STOPS = {
    "a": 'type Query { user: User } type User @key(fields: "id", resolvable: false) { id: ID! }',
    "b": """
    type Query { post: Post }
    type Post { author: User }
    type User @key(fields: "id") @key(fields: "mail") { id: ID! mail: String }
    """,
    "c": 'type User @key(fields: "mail") @key(fields: "address { zip street }") { mail: String address: Address score: Int } '
    "type Address @shareable { zip: String street: String }",
    "d": 'type User @key(fields: "address { zip street }") { address: Address rank: Int } '
    "type Address @shareable { zip: String street: String }",
}


async def test_a_key_leads_on_over_several_subgraphs_and_never_into_one_that_cannot_resolve_it(world):
    address = {"zip": "LV-1001", "street": "Brīvības"}
    rows = {
        "a": {"Query": {"user": {"id": "1"}}},
        "b": {"Query": {"post": {"author": {"id": "1", "mail": "a@b"}}}, "User": [{"id": "1", "mail": "a@b"}]},
        "c": {"User": [{"mail": "a@b", "address": address, "score": 5}]},
        "d": {"User": [{"address": address, "rank": 9}]},
    }
    made = world(STOPS, rows)
    assert await made.data("{ user { rank score } }") == {"user": {"rank": 9, "score": 5}}
    assert await made.data("{ post { author { rank } } }") == {"post": {"author": {"rank": 9}}}


# Provided paths.
PROVIDED = {
    "a": """
    type Query { top: Post @provides(fields: "author { name } media { ... on Image { url } }") all: [Post] }
    type Post @key(fields: "id") { id: ID! author: User media: Media }
    union Media = Image | Clip
    type Image @key(fields: "id") { id: ID! url: String @external }
    type Clip @key(fields: "id") { id: ID! }
    type User @key(fields: "id") { id: ID! name: String @external }
    """,
    "b": """
    type User @key(fields: "id") { id: ID! name: String shout: String }
    type Image @key(fields: "id") { id: ID! url: String }
    type Clip @key(fields: "id") { id: ID! url: String }
    """,
    "c": 'type User @key(fields: "id") { id: ID! name: String @external loud: String @requires(fields: "name") }',
}


async def test_what_a_path_provides_is_used_there_and_nowhere_else(world):
    post = {"id": "1", "author": {"id": "u", "name": "Anna"}, "media": {"__typename": "Image", "id": "i", "url": "near"}}
    rows = {
        "a": {"Query": {"top": post, "all": [post]}},
        "b": {"User": [{"id": "u", "name": "Anna", "shout": "!"}], "Image": [{"id": "i", "url": "far"}]},
        "c": {"User": [{"id": "u", "loud": lambda user: user["name"].upper()}]},
    }
    made = world(PROVIDED, rows)
    assert await made.data("{ top { author { name } media { ... on Image { url } ... on Clip { url } } } }") == {
        "top": {"author": {"name": "Anna"}, "media": {"url": "near"}}
    }
    assert await made.data("{ all { author { name } media { ... on Image { url } } } }") == {
        "all": [{"author": {"name": "Anna"}, "media": {"url": "far"}}]
    }
    assert await made.data("{ top { author { loud } } }") == {"top": {"author": {"loud": "ANNA"}}}
    assert made.asked() == {"a": 1, "c": 1}


async def test_what_an_interface_is_asked_for_may_be_left_out_by_a_type_that_a_subgraph_does_not_count_in(world):
    a = """
    type Query { things: [Thing] }
    union Thing = Cat | Dog
    interface Named { name: String }
    type Cat implements Named { name: String @shareable }
    type Dog @key(fields: "id") { id: ID! name: String @shareable }
    """
    b = """
    type Query { named: Named }
    interface Named { name: String }
    type Dog implements Named @key(fields: "id") { id: ID! name: String @shareable }
    """
    rows = {"things": [{"__typename": "Dog", "id": "1", "name": "Duksis"}, {"__typename": "Cat", "name": "Muris"}]}
    made = world({"a": a, "b": b}, {"a": {"Query": rows}, "b": {"Dog": [{"id": "1", "name": "Duksis"}]}})
    query = "query($b: Boolean!) { things { ... on Named { name @include(if: $b) } ... on Named { n: name } } }"
    assert await made.data(query, b=True) == {"things": [{"name": "Duksis", "n": "Duksis"}, {"name": "Muris", "n": "Muris"}]}


# What no subgraph, or not every subgraph, may be asked for.
CLOSED = {
    "a": """
    type Query { find(by: Filter, kind: Kind = BIG): Item @shareable }
    input Filter { name: String = "x" only: Int }
    enum Kind { BIG SMALL MINE }
    type Item @key(fields: "id") { id: ID! secret: String @inaccessible kind: Colour hidden: Int @inaccessible }
    enum Colour { RED BLUE }
    """,
    "b": """
    type Query { find(by: Filter, kind: Kind = BIG): Item @shareable }
    input Filter { name: String = "x" }
    enum Kind { BIG SMALL }
    type Item @key(fields: "id") { id: ID! secret: String @external open: String @requires(fields: "secret") }
    """,
}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ find { secret } }", "secret"),
        ("{ find(by: { only: 1 }) { id } }", "only"),
        ("{ find(kind: MINE) { id } }", "MINE"),
        ('{ __type(name: "Item") { name } find { hidden } }', "hidden"),
    ],
)
async def test_what_clients_must_not_see_and_what_not_all_subgraphs_know_is_invalid(world, query, message):
    with pytest.raises(NotValid) as raised:
        await world(CLOSED, {}).ask(query)
    assert message in str([entry["message"] for entry in raised.value.entries()])


async def test_what_is_inaccessible_may_be_required(world):
    item = {"id": "1", "secret": "s", "kind": "RED"}
    rows = {
        "a": {"Query": {"find": lambda _q, by=None, kind=None: item}, "Item": [item]},
        "b": {"Query": {"find": {"id": "1"}}, "Item": [{"id": "1", "open": lambda one: one["secret"] * 2}]},
    }
    query = "query($k: Kind) { find(by: { name: null }, kind: $k) { kind open } }"
    assert await world(CLOSED, rows).data(query, k="SMALL") == {"find": {"kind": "RED", "open": "ss"}}


# A field that an interface has nullable and a type of it not: asked for twice, in two shapes, it is one value.
NULLABLE_ABOVE = {
    "a": """
    type Query { things: [Thing] }
    interface Thing { id: ID! whole: Part }
    type Box implements Thing @key(fields: "id") { id: ID! whole: Part! }
    type Bag implements Thing { id: ID! whole: Part! }
    type Part { size: Int! colour: String! }
    """,
    "b": """
    type Box @key(fields: "id") { id: ID! whole: Part! @external price: Int @requires(fields: "whole { colour }") }
    type Part { colour: String! @external }
    """,
}


async def test_what_a_type_has_to_send_leaves_the_clients_own_fields_of_its_interface_as_they_are(world):
    rows = {
        "a": {"Query": {"things": [{"__typename": "Box", "id": "1", "whole": {"size": 3, "colour": "red"}}]}},
        "b": {"Box": [{"id": "1", "price": lambda one: len(one["whole"]["colour"])}]},
    }
    answer = {"things": [{"whole": {"size": 3}, "price": 3}]}
    assert await world(NULLABLE_ABOVE, rows).data("{ things { whole { size } ... on Box { price } } }") == answer
