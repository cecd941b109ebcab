"""What must hold of the candidate paths of any operation."""

from __future__ import annotations

import json
import time

from graphql import parse

from gateway.query_graph import build_query_graph
from saite.cli.dev.candidates import leaves
from saite.cli.dev.stages import walk


def test_whatever_is_chosen_is_a_path_and_every_leaf_that_is_planned_has_one(shared):
    folder, graphs = shared / "corpora/plans", {}
    for case in json.loads((folder / "plans.json").read_text("utf-8")):
        file = case["supergraph"]
        if file not in graphs:
            graphs[file] = build_query_graph((folder / file).read_text("utf-8"))
        for leaf in leaves(walk(graphs[file], parse(case["query"]), None, frozenset()), 12):
            assert leaf.chosen, (case["test"], leaf.place)
            assert all(path.requests >= 1 for path in (*leaf.chosen, *leaf.paths))
            assert leaf.types


def test_many_subgraphs_that_share_everything_are_listed_up_to_the_limit_in_no_time():
    names = [f"G{number}" for number in range(12)]
    joins = " ".join(f'@join__type(graph: {name}, key: "id")' for name in names)
    roots = " ".join(f"@join__type(graph: {name})" for name in names)
    enum = " ".join(f'{name} @join__graph(name: "{name.lower()}", url: "http://x")' for name in names)
    graph = build_query_graph(
        'schema @link(url: "https://specs.apollo.dev/join/v0.3") { query: Query }'
        f" enum join__Graph {{ {enum} }} type Query {roots} {{ node: Node }} type Node {joins} {{ id: ID! next: Node }}"
    )
    query = "{ node " + "{ next " * 8 + "{ id }" + " }" * 8 + " }"
    started = time.process_time()
    (leaf,) = leaves(walk(graph, parse(query), None, frozenset()), 5)
    assert (len(leaf.paths), leaf.left_out > 0) == (5, True)
    assert time.process_time() - started < 5
