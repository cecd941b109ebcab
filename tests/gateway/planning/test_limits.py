"""A subgraph is never sent an enum value or an input field that it does not know."""

from __future__ import annotations

import asyncio

import pytest
from graphql import parse

from gateway.execution import Call, execute
from gateway.planning import plan
from gateway.planning.errors import UnknownInput

TYPES = """
type Query @join__type(graph: A) @join__type(graph: B) {
  a(size: Size, box: Box, boxes: [Box!]): Int @join__field(graph: A)
  b(size: Size, box: Box): Int @join__field(graph: B)
}
enum Size @join__type(graph: A) @join__type(graph: B) {
  SMALL @join__enumValue(graph: A) @join__enumValue(graph: B)
  HUGE @join__enumValue(graph: B)
}
input Box @join__type(graph: A) @join__type(graph: B) {
  size: Size
  colour: String @join__field(graph: B)
  inner: Box
}
"""


SDL_B = """
enum Size { SMALL HUGE }
input Box { size: Size colour: String inner: Box }
type Query { b(size: Size, box: Box): Int }
"""


async def ask(subgraph, graph, query, **variables):
    made = graph(TYPES)
    a = subgraph(
        "enum Size { SMALL } input Box { size: Size inner: Box } type Query { a(size: Size, box: Box, boxes: [Box!]): Int }",
        {"Query.a": lambda _s, **_: 1},
    )
    b = subgraph(SDL_B, {"Query.b": lambda _s, **_: 2})
    call = Call(asyncio.get_running_loop().time() + 5)
    raw = await execute(plan(made, parse(query)), made.supergraph.api_schema, variables, {"a": a, "b": b}, call)
    return raw, len(a.requests), len(b.requests)


@pytest.mark.parametrize(
    ("variables", "unknown"),
    [
        ({"size": "HUGE"}, "Size.HUGE, which $size"),
        ({"box": {"colour": "red"}}, "Box.colour, which $box"),
        ({"box": {"inner": {"inner": {"size": "HUGE"}}}}, "Size.HUGE, which $box"),
        ({"boxes": [{"size": "SMALL"}, {"size": "HUGE"}]}, "Size.HUGE, which $boxes"),
    ],
)
async def test_a_request_is_not_sent_with_what_its_subgraph_does_not_know(subgraph, graph, variables, unknown):
    query = "query($size: Size $box: Box $boxes: [Box!]) { a(size: $size box: $box boxes: $boxes) b(size: $size box: $box) }"
    raw, to_a, to_b = await ask(subgraph, graph, query, **variables)
    assert (to_a, to_b) == (0, 1)
    assert raw.data == {"b": 2}
    assert [(error.path, error.code) for error in raw.errors] == [(("a",), "INPUT_UNKNOWN_TO_SUBGRAPH")]
    assert unknown in raw.errors[0].detail


async def test_what_all_know_is_sent(subgraph, graph):
    query = "query($size: Size, $box: Box) { a(size: $size, box: $box) b(size: $size, box: $box) }"
    raw, to_a, to_b = await ask(subgraph, graph, query, size="SMALL", box={"inner": {"size": "SMALL"}})
    assert (raw.data, to_a, to_b) == ({"a": 1, "b": 2}, 1, 1)


@pytest.mark.parametrize("argument", ["size: HUGE", 'box: { colour: "red" }', "box: { inner: { size: HUGE } }"])
def test_a_literal_that_is_not_known_is_refused_when_planning(graph, argument):
    assert plan(graph(TYPES), parse(f"{{ b({argument}) }}"))
    with pytest.raises(UnknownInput, match="subgraph a does not know"):
        plan(graph(TYPES), parse(f"{{ a({argument}) }}"))
