from __future__ import annotations

from textwrap import dedent

from gateway.query_graph.drawing import Arrow, Box, Drawing, to_dot, to_mermaid

DRAWING = Drawing(
    (Box("a", ("Product", 'name: "x"'), "store"), Box("b", ("find <Product>",), round=True)),
    (Arrow("a", "b", dashed=True), Arrow("b", "a", "key { id }")),
)


def test_graphviz_frames_groups_and_escapes_what_it_reads_as_markup():
    assert to_dot(DRAWING, "query graph") == dedent(
        r"""
        digraph "query graph" {
          rankdir=LR;
          node [shape=box, fontname="monospace", fontsize=10];
          edge [fontname="monospace", fontsize=9];
          subgraph cluster_0 {
            label="store";
            a [label="Product\lname: \"x\"\l"];
          }
          b [label="find <Product>", shape=ellipse];
          a -> b [style=dashed];
          b -> a [label="key { id }"];
        }"""
    ).lstrip("\n")


def test_mermaid_writes_its_own_signs_as_entities():
    assert to_mermaid(DRAWING) == dedent(
        """
        flowchart LR
          subgraph group0["store"]
            a["Product<br/>name: #quot;x#quot;"]
          end
          b(["find #lt;Product#gt;"])
          a -.-> b
          b -->|"key { id }"| a"""
    ).lstrip("\n")
