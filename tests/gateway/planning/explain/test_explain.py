"""Explanations as people read them: one golden file per case, `golden/<case>.txt`: the operation, a line of dashes, the words.

A golden file that is wrong on purpose is written anew by `SAITE_WRITE_GOLDEN=1 pytest tests/gateway/planning/explain`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from graphql import parse, validate

from gateway.composition import Composed, compose
from gateway.planning import plan
from gateway.planning.explain import Explanation, explain, explanation_json, print_explanation
from gateway.query_graph import QueryGraph, build_query_graph
from gateway.schema import read_subgraph

GOLDEN = Path(__file__).with_name("golden")
IMPORTS = (
    '["@key", "@external", "@requires", "@provides", "@override", "@shareable", "@interfaceObject", "@context", "@fromContext"]'
)
LINK = f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: {IMPORTS})\n'
RULE = "-" * 40

SHOP = {
    "products": """
        type Query { products: [Product] product(id: ID!): Product }
        type Mutation { rename(id: ID!, name: String!): Product }
        type Product @key(fields: "id") {
          id: ID! name: String weight: Int price: Int @shareable maker: Maker @provides(fields: "name") }
        type Maker @key(fields: "id") { id: ID! name: String @external }""",
    "inventory": """
        type Mutation { order(id: ID!): Product }
        type Product @key(fields: "id") {
          id: ID! weight: Int @external inStock: Boolean shipping: Int @requires(fields: "weight") rating: Int }""",
    "sales": """
        type Query { best: Product offers: [Offer] }
        type Offer { product: Product }
        type Product @key(fields: "id") {
          id: ID! price: Int @shareable rating: Int @override(from: "inventory", label: "percent(50)")
          inStock: Boolean @override(from: "inventory") }""",
    "makers": """
        type Maker @key(fields: "id") { id: ID! name: String @shareable country: String }""",
}
LIBRARY = {
    "catalogue": """
        type Query { media: [Media] }
        interface Media @key(fields: "id") { id: ID! title: String }
        type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
        type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }""",
    "loans": """
        type Query { loaned: [Media] }
        type Media @interfaceObject @key(fields: "id") { id: ID! dueDate: String }""",
}
FAIR = {
    "stalls": """
        type Query { stalls: [Stall] }
        type Subscription { opened: Stall }
        type Stall @key(fields: "id") @context(name: "stall") { id: ID! currency: String @external goods: [Good] }
        type Good @key(fields: "id") { id: ID! price(in: String @fromContext(field: "$stall { currency }")): Int }""",
    "towns": """
        type Stall @key(fields: "id") { id: ID! currency: String }""",
}
CASES = {
    "a_key_and_required_fields": (SHOP, "{ products { name shipping } }", ()),
    "a_bridge": (SHOP, "{ best { maker { name country } } }", ()),
    "fields_given_away": (SHOP, "{ product(id: 1) { inStock rating } }", ()),
    "a_label_that_is_on": (SHOP, "{ product(id: 1) { inStock rating } }", ("percent(50)",)),
    "several_places_in_one_request": (SHOP, "{ best { name shipping } offers { product { name shipping } } }", ()),
    "several_things_in_one_request": (SHOP, "{ best { name } offers { product { weight } } }", ()),
    "conditions": (
        SHOP,
        "query($a: Boolean!, $b: Boolean!) { products { name shipping @include(if: $a) @skip(if: $b) price } }",
        (),
    ),
    "mutations": (SHOP, 'mutation { rename(id: 1, name: "x") { name inStock } order(id: 2) { shipping } }', ()),
    "interface_objects": (LIBRARY, "{ loaned { dueDate ... on Book { pages } } media { title dueDate } }", ()),
    "contexts": (FAIR, "{ stalls { goods { price } } }", ()),
    "subscriptions": (FAIR, "subscription { opened { currency } }", ()),
    "an_alias": (SHOP, "{ all: products { called: name can: shipping } }", ()),
    "nothing_to_ask": (SHOP, "{ __typename }", ()),
}


def graph_of(subgraphs: dict[str, str]) -> QueryGraph:
    composed = compose([read_subgraph(name, LINK + sdl) for name, sdl in subgraphs.items()])
    assert isinstance(composed, Composed), composed
    return build_query_graph(composed.supergraph_sdl)


def explained(subgraphs: dict[str, str], query: str, labels: tuple[str, ...] = ()) -> Explanation:
    graph, document, on = graph_of(subgraphs), parse(query), frozenset(labels)
    assert validate(graph.supergraph.api_schema, document) == []
    return explain(graph, document, plan(graph, document, active_labels=on), active_labels=on)


@pytest.mark.parametrize("name", CASES)
def test_the_explanation_reads_as_its_golden_file(name: str) -> None:
    subgraphs, query, labels = CASES[name]
    head = query + (f"\n# labels that are on: {', '.join(labels)}" if labels else "")
    text = f"{head}\n{RULE}\n{print_explanation(explained(subgraphs, query, labels))}\n"
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("SAITE_WRITE_GOLDEN") == "1":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_case() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(CASES)


def test_as_data_every_input_names_the_requests_that_bring_it() -> None:
    fetches = explanation_json(explained(SHOP, "{ products { name shipping } }"))["fetches"]
    assert fetches[1]["places"][0]["inputs"] == [
        {"type": "Product", "field": "id", "for": "the key", "from": [0]},
        {"type": "Product", "field": "weight", "for": "required by Product.shipping", "from": [0]},
    ]
    assert fetches[1]["waitsFor"][0]["fetch"] == 0


def test_fragments_that_spread_each_other_are_explained_as_fast_as_they_are_planned() -> None:
    levels = "".join(f"fragment F{n} on Product {{ ...F{n + 1} ...F{n + 1} }} " for n in range(40))
    made = explained(SHOP, f"{{ products {{ ...F0 }} }} {levels} fragment F40 on Product {{ shipping }}")
    assert [request.subgraph for request in made.requests] == ["products", "inventory"]
