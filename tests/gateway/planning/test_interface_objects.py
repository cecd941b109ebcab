"""`@interfaceObject`: one subgraph sees a single type where others see an interface with implementations."""

from __future__ import annotations

import pytest

A = """
type Query { media: [Media] first: Media book: Book shelf: Shelf any: [Any] }
union Any = Book | Film | Note
type Note { text: String }
type Shelf { top: Media items: [[Media]] }
interface Media @key(fields: "id") { id: ID! title: String }
type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }
"""
B = """
type Query { latest: [Media] best: Media deep: [[Media]] list: MediaList }
type MediaList { items: [Media] total: Int }
type Media @interfaceObject @key(fields: "id") {
  id: ID!
  title: String @external
  score: Int
  label: String @requires(fields: "title")
  reviews: [Review]
  next: Media
}
type Review { text: String of: Media }
"""
C = """
type Media @interfaceObject @key(fields: "id") {
  id: ID! score: Int @external rank: Int @requires(fields: "score") owner: Owner
}
type Owner @key(fields: "id") { id: ID! favourite: Media }
"""
BOOK = {"__typename": "Book", "id": "1", "title": "Sea", "pages": 90}
FILM = {"__typename": "Film", "id": "2", "title": "Sky", "minutes": 60}
REF = [{"id": "2"}, {"id": "1"}]
SCORES = {"1": 5, "2": 8}


def in_b(number):
    return {
        "id": number,
        "score": SCORES[number],
        "label": lambda media: f"<{media['title']}>",
        "reviews": [{"text": "good", "of": {"id": number}}],
        "next": lambda _m: in_b("2" if number == "1" else "1"),
    }


ROWS = {
    "a": {
        "Query": {
            "media": [BOOK, None, FILM],
            "first": FILM,
            "book": BOOK,
            "shelf": {"top": BOOK, "items": [[FILM], [], [BOOK, None]]},
            "any": [BOOK, {"__typename": "Note", "text": "n"}, FILM],
        },
        "Media": [BOOK, FILM],
        "Book": [BOOK],
        "Film": [FILM],
    },
    "b": {
        "Query": {
            "latest": [in_b("2"), in_b("1")],
            "best": in_b("1"),
            "deep": [[in_b("1")], [None, in_b("2")]],
            "list": {"items": [in_b("2"), in_b("1")], "total": 2},
        },
        "Media": [in_b("1"), in_b("2")],
    },
    "c": {
        "Media": [
            {"id": number, "rank": lambda media: media["score"] * 10, "owner": {"id": "o", "favourite": {"id": "2"}}}
            for number in ("1", "2")
        ],
        "Owner": [{"id": "o", "favourite": {"id": "2"}}],
    },
}


@pytest.fixture
def media(world):
    return world({"a": A, "b": B, "c": C}, ROWS)


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("{ media { id score } }", {"media": [{"id": "1", "score": 5}, None, {"id": "2", "score": 8}]}),
        ("{ first { __typename score } }", {"first": {"__typename": "Film", "score": 8}}),
        ("{ book { score label } }", {"book": {"score": 5, "label": "<Sea>"}}),
        (
            "{ latest { __typename id } }",
            {"latest": [{"__typename": "Film", "id": "2"}, {"__typename": "Book", "id": "1"}]},
        ),
        ("{ latest { id score } }", {"latest": [{"id": "2", "score": 8}, {"id": "1", "score": 5}]}),
        ("{ latest { ... on Book { pages } } }", {"latest": [{}, {"pages": 90}]}),
        (
            "{ latest { score ... on Book { score pages } ... on Film { __typename minutes } } }",
            {"latest": [{"score": 8, "__typename": "Film", "minutes": 60}, {"score": 5, "pages": 90}]},
        ),
        ("{ latest { ... on Film { score label } } }", {"latest": [{"score": 8, "label": "<Sky>"}, {}]}),
        ("{ latest { title rank } }", {"latest": [{"title": "Sky", "rank": 80}, {"title": "Sea", "rank": 50}]}),
        ("{ best { ... on Media { title ... on Film { id } } } }", {"best": {"title": "Sea"}}),
        ("{ best { ... on Book { ... on Media { ... on Film { id } ... on Book { rank } } } } }", {"best": {"rank": 50}}),
        (
            "{ best { next { __typename next { title ... on Book { rank } } } } }",
            {"best": {"next": {"__typename": "Film", "next": {"title": "Sea", "rank": 50}}}},
        ),
        (
            "{ media { reviews { text of { __typename ... on Film { minutes } } } } }",
            {
                "media": [
                    {"reviews": [{"text": "good", "of": {"__typename": "Book"}}]},
                    None,
                    {"reviews": [{"text": "good", "of": {"__typename": "Film", "minutes": 60}}]},
                ]
            },
        ),
        (
            "{ deep { __typename score } }",
            {"deep": [[{"__typename": "Book", "score": 5}], [None, {"__typename": "Film", "score": 8}]]},
        ),
        ("{ shelf { items { label } } }", {"shelf": {"items": [[{"label": "<Sky>"}], [], [{"label": "<Sea>"}, None]]}}),
        ("{ shelf { top { rank ... on Book { pages } } } }", {"shelf": {"top": {"rank": 50, "pages": 90}}}),
        (
            "{ any { ... on Media { score __typename } ... on Note { text } } }",
            {"any": [{"score": 5, "__typename": "Book"}, {"text": "n"}, {"score": 8, "__typename": "Film"}]},
        ),
        ("{ any { ... on Film { rank } ... on Book { label } } }", {"any": [{"label": "<Sea>"}, {}, {"rank": 80}]}),
        (
            "{ list { total items { __typename title reviews { text } } } }",
            {
                "list": {
                    "total": 2,
                    "items": [
                        {"__typename": "Film", "title": "Sky", "reviews": [{"text": "good"}]},
                        {"__typename": "Book", "title": "Sea", "reviews": [{"text": "good"}]},
                    ],
                }
            },
        ),
        (
            "{ book { owner { favourite { __typename title score } } } }",
            {"book": {"owner": {"favourite": {"__typename": "Film", "title": "Sky", "score": 8}}}},
        ),
        (
            "{ latest { t: __typename a: score } b: best { t: __typename } }",
            {
                "latest": [{"t": "Film", "a": 8}, {"t": "Book", "a": 5}],
                "b": {"t": "Book"},
            },
        ),
    ],
)
async def test_an_interface_objects_true_type_is_found_where_it_matters(media, query, data):
    assert await media.data(query) == data


async def test_the_true_type_is_not_asked_where_it_does_not_matter(media):
    await media.data("{ latest { id score reviews { text } } }")
    assert media.asked() == {"b": 1}


HUB = """
interface I @key(fields: "id") { id: ID! }
type A implements I @key(fields: "id") { id: ID! @external }
type B implements I @key(fields: "id") { id: ID! @external }
type C implements I @key(fields: "id") { id: ID! name: ID! }
"""
SEEN = 'type Query { it: I all: [I] } type I @key(fields: "id") @interfaceObject { id: ID! next: I }'
SIZES = 'type A @key(fields: "id") { id: ID! size: Int box: Box } type Box @key(fields: "id") { id: ID! width: Int }'


@pytest.fixture
def hub(world):
    row = {"id": "1", "next": {"id": "2", "next": {"id": "3"}}}
    seen = {"Query": {"it": row, "all": [row, None, {"id": "2"}, {"id": "3"}]}, "I": [row, row["next"], {"id": "3"}]}
    told = [{"__typename": name, "id": str(number), "name": name} for number, name in enumerate("ACB", 1)]
    sizes = {"A": [{"id": "1", "size": 4, "box": {"id": "b", "width": 3}}]}
    return world({"seen": SEEN, "hub": HUB, "sizes": SIZES}, {"seen": seen, "hub": {"I": told}, "sizes": sizes})


@pytest.mark.parametrize(
    ("query", "data", "asked"),
    [
        ("{ it { id ... on A { id } } }", {"it": {"id": "1"}}, {"seen": 1}),
        ("{ it { ... on B { id } } }", {"it": {}}, {"seen": 1, "hub": 1}),
        (
            "{ it { i: id ... on A { a: id } ... on C { a: name } } }",
            {"it": {"i": "1", "a": "1"}},
            {"seen": 1, "hub": 1, "sizes": 1},
        ),
        (
            "{ all { ... on A { k: id size } ... on B { k: id } ... on C { k: name } } }",
            {"all": [{"k": "1", "size": 4}, None, {"k": "C"}, {"k": "3"}]},
            {"seen": 2, "hub": 1, "sizes": 1},
        ),
        (
            "{ it { ... on A { box { width } } next { next { __typename ... on B { b: id } } } } }",
            {"it": {"box": {"width": 3}, "next": {"next": {"__typename": "B", "b": "3"}}}},
            {"seen": 2, "hub": 1, "sizes": 1},
        ),
    ],
)
async def test_a_key_that_the_hub_has_as_external_is_the_interface_objects(hub, query, data, asked):
    assert await hub.data(query) == data
    assert hub.asked() == asked
