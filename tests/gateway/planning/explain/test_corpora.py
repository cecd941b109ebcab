"""What must hold of the explanation of any plan, shown on every operation of the shared corpora."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from graphql import parse

from gateway.planning import plan
from gateway.planning.errors import UnreachableField
from gateway.planning.explain import Explanation, explain, print_explanation
from gateway.query_graph import build_query_graph


def operations(shared: Path) -> Iterator[tuple[Path, str]]:
    plans = shared / "corpora/plans"
    for case in json.loads((plans / "plans.json").read_text("utf-8")):
        yield plans / case["supergraph"], case["query"]
    for file in sorted((shared / "corpora/audit").glob("*/tests.json")):
        for case in json.loads(file.read_text("utf-8")):
            yield file.parent / "supergraph.graphql", case["query"]


def explanations(shared: Path) -> Iterator[Explanation]:
    graphs = {}
    for file, query in operations(shared):
        if file not in graphs:
            graphs[file] = build_query_graph(file.read_text("utf-8"))
        document = parse(query)
        try:
            made = plan(graphs[file], document)
        except UnreachableField:
            continue  # some of the audit's operations cannot be planned, and are not meant to be
        yield explain(graphs[file], document, made)


def test_every_request_is_explained_down_to_where_each_of_its_inputs_comes_from(shared: Path) -> None:
    explained = 0
    for explanation in explanations(shared):
        assert print_explanation(explanation)
        for request in explanation.requests:
            explained += 1
            for visit in request.visits:
                assert visit.brings or visit.helps
                assert all(entry.key for entry in visit.entries), visit
                assert all(one.source and one.purpose != "sent along" for one in visit.inputs), visit
    assert explained > 400
