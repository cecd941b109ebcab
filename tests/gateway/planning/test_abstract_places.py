"""Interfaces and unions where subgraphs and the client's schema do not say the same."""

from __future__ import annotations

import pytest

EDGES = """
type Query { nodes: Pages }
interface Node { id: ID! }
type User implements Node { id: ID! name: String }
interface Pages { edges: [Node] }
type UserPages implements Pages { edges: [User] }
"""


@pytest.mark.parametrize(
    "query",
    [
        "{ nodes { ... on UserPages { edges { name } } } }",
        "{ nodes { edges { id } ... on UserPages { edges { name } } } }",
        "{ nodes { edges { id } ... on Pages { edges { ... on User { name } } } } }",
    ],
)
async def test_a_members_narrower_field_is_asked_of_the_member(world, query):
    rows = {"Query": {"nodes": {"__typename": "UserPages", "edges": [{"__typename": "User", "id": "1", "name": "Anna"}]}}}
    made = world({"a": EDGES}, {"a": rows})
    (edge,) = (await made.data(query))["nodes"]["edges"]
    assert edge == ({"id": "1", "name": "Anna"} if "id" in query else {"name": "Anna"})


PRODUCTS = """
type Query { products: [Product] }
interface Product { id: ID! size: Size }
type Size { high: Int wide: Int }
type Book implements Product @key(fields: "id") { id: ID! size: Size }
type Film implements Product @key(fields: "id") { id: ID! size: Size }
"""
STOCK = """
type Size { high: Int @external wide: Int @external }
type Book @key(fields: "id") { id: ID! size: Size @external room: Int @requires(fields: "size { high wide }") }
type Film @key(fields: "id") { id: ID! size: Size @external room: Int @requires(fields: "size { high wide }") }
"""


@pytest.mark.parametrize("beside", ["size { high }", "size { __typename }", "... on Book { size { wide } }", ""])
async def test_what_is_required_inside_an_object_is_fetched_beside_what_the_client_asks_there(world, beside):
    size = {"high": 2, "wide": 3}
    listed = [{"__typename": "Book", "id": "1", "size": size}, {"__typename": "Film", "id": "2", "size": size}]
    room = {"room": lambda one: one["size"]["high"] * one["size"]["wide"]}
    rows_b = {"Book": [{"id": "1", **room}], "Film": [{"id": "2", **room}]}
    made = world({"a": PRODUCTS, "b": STOCK}, {"a": {"Query": {"products": listed}}, "b": rows_b})
    query = f"{{ products {{ {beside} ... on Book {{ room }} ... on Film {{ room }} }} }}"
    assert [one["room"] for one in (await made.data(query))["products"]] == [6, 6]


NARROW = """
type Query { viewer: Viewer }
type Viewer { media: Book @shareable }
type Book { title: String @shareable }
"""
WIDE = """
type Query { other: Viewer }
type Viewer { media: Media @shareable }
union Media = Book | Song
type Book { title: String @shareable }
type Song { id: ID }
"""


@pytest.mark.parametrize(
    ("query", "media"),
    [
        ("{ viewer { media { ... on Song { id } ... on Book { title } } } }", {"title": "Sea"}),
        ("{ viewer { media { ... on Song { id } ... on Book { __typename } } } }", {"__typename": "Book"}),
        ("query($b: Boolean!) { viewer { media { ... on Song { x: id } ... on Book @include(if: $b) { __typename } } } }", {}),
    ],
)
async def test_a_type_that_a_subgraph_fixes_and_the_client_does_not_is_told(world, query, media):
    rows = {"Query": {"viewer": {"media": {"title": "Sea"}}}}
    made = world({"a": NARROW, "b": WIDE}, {"a": rows})
    variables = {"b": False} if "$b" in query else {}
    assert await made.data(query, **variables) == {"viewer": {"media": media}}
