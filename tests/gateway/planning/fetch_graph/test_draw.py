from __future__ import annotations

from graphql import parse

from gateway.planning.budget import Budget
from gateway.planning.choose.solve import solve, start
from gateway.planning.fetch_graph.build import build_fetch_graph
from gateway.planning.fetch_graph.draw import draw_fetch_graph, fetch_graph_json, print_fetch_graph
from gateway.planning.normalise import normalise

TYPES = """
    type Query @join__type(graph: A) @join__type(graph: B) { books: [Book] @join__field(graph: A) }
    type Book @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID! title: String @join__field(graph: A) stock: Int @join__field(graph: B)
    }
"""


def built(graph, query):
    operation = normalise(graph.supergraph, parse(query))
    context = start(graph, frozenset(), Budget())
    return build_fetch_graph(graph, operation, [solve(context, graph.roots["query"], operation.selections, False)], Budget())


def test_a_step_is_told_with_its_place_inputs_and_what_it_waits_for(graph):
    made = graph(TYPES)
    text = print_fetch_graph(built(made, "query($b: Boolean!) { books { title stock @include(if: $b) } }"), made)
    assert "step 0: a at the root\n" in text
    assert "step 1: b at books.@, waits for 0\n  sends Book { __typename id }\n" in text
    assert "stock @include(if: $b)" in text


def test_as_json_and_as_a_drawing_it_is_the_same_graph(graph):
    made = graph(TYPES)
    steps = built(made, "{ books { stock } }")
    first, second = fetch_graph_json(steps, made)
    assert (first["subgraph"], first["waitsFor"], second["subgraph"], second["waitsFor"]) == ("a", [], "b", [0])
    drawing = draw_fetch_graph(steps, made)
    assert [(arrow.source, arrow.target) for arrow in drawing.arrows] == [("s0", "s1")]
    assert drawing.boxes[1].lines[:2] == ("1: b at books.@", "sends Book { __typename id }")


def test_a_graph_without_steps_says_who_answers(graph):
    made = graph(TYPES)
    assert print_fetch_graph(built(made, "{ __typename }"), made) == "no steps: the gateway answers alone"
