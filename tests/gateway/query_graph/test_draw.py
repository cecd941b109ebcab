from __future__ import annotations

from gateway.query_graph import build_query_graph
from gateway.query_graph.draw import draw_query_graph, query_graph_json

SUPERGRAPH = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query }
enum join__Graph { A @join__graph(name: "store", url: "http://a.test") B @join__graph(name: "stock", url: "http://b.test") }
type Query @join__type(graph: A) @join__type(graph: B) { product: Product @join__field(graph: A) }
type Product @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  weight: Int @join__field(graph: A) @join__field(graph: B, external: true)
  shelf: String @join__field(graph: B, requires: "weight")
}
"""


def test_a_type_is_drawn_with_its_nodes_in_every_subgraph_and_the_keys_that_lead_there():
    drawing = draw_query_graph(build_query_graph(SUPERGRAPH), "Product")
    boxes = {(box.group, box.lines) for box in drawing.boxes}
    assert boxes == {
        ("store", ("Product", "id: ID!", "weight: Int")),
        ("stock", ("Product", "id: ID!", "shelf: String requires { weight }")),
        ("", ("find Product",)),
    }
    assert [arrow.label for arrow in drawing.arrows if arrow.source == "find_Product"] == ["key id", "key id"]


def test_as_json_each_move_names_its_requirement_and_target():
    made = query_graph_json(build_query_graph(SUPERGRAPH))
    by_place = {(node["type"], node["subgraph"]): node for node in made["nodes"]}
    shelf = next(field for field in by_place["Product", "stock"]["fields"] if field["name"] == "shelf")
    assert shelf == {"name": "shelf", "type": "String", "target": None, "requirement": "requires { weight }"}
    product = next(field for field in by_place["Query", "store"]["fields"] if field["name"] == "product")
    assert product["target"] == by_place["Product", "store"]["number"]
    assert {move["key"] for move in made["entityMoves"] if move["type"] == "Product"} == {"id"}
