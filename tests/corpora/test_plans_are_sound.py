"""Every plan of every corpus answers its operation: the plan checker finds no fault.

The corpora: the operations with reference plans, the audit's cases over the given supergraphs and over our own composition of
the same subgraphs, and the tour through our own schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from graphql import DocumentNode, parse, validate

from gateway.composition import Composed, compose
from gateway.planning import plan, print_plan
from gateway.planning.check import check_plan
from gateway.planning.errors import UnreachableField
from gateway.query_graph import QueryGraph, build_query_graph
from gateway.schema import read_subgraph
from saite.graph import shipped_graph
from saite.tour import COUNTED, LINKED

Case = tuple[str, QueryGraph, DocumentNode]


def plan_cases(shared: Path) -> Iterator[Case]:
    """The operations with reference plans. Some declare `$b: Boolean` for `@include`, so they are not validated."""
    folder = shared / "corpora/plans"
    graphs: dict[str, QueryGraph] = {}
    for case in json.loads((folder / "plans.json").read_text(encoding="utf-8")):
        file = case["supergraph"]
        if file not in graphs:
            graphs[file] = build_query_graph((folder / file).read_text(encoding="utf-8"))
        yield case["test"], graphs[file], parse(case["query"])


def audit_cases(folder: Path, graph: QueryGraph) -> Iterator[Case]:
    """The cases of one suite of the audit that are valid against the API schema."""
    for case in json.loads((folder / "tests.json").read_text(encoding="utf-8")):
        document = parse(case["query"])
        if not validate(graph.supergraph.api_schema, document):
            yield f"{folder.name}/{case['id']}", graph, document


def suites(shared: Path) -> list[Path]:
    return sorted(path.parent for path in (shared / "corpora/audit").glob("*/tests.json"))


def our_supergraph(folder: Path) -> str | None:
    """Our own composition of a suite's subgraphs, where it composes."""
    subgraphs = json.loads((folder / "subgraphs.json").read_text(encoding="utf-8"))
    texts = [(one["name"], (folder / one["sdl_file"]).read_text(encoding="utf-8"), one["url"]) for one in subgraphs]
    made = compose([read_subgraph(*text) for text in texts])
    return made.supergraph_sdl if isinstance(made, Composed) else None


def faults_of(cases: Iterator[Case]) -> tuple[list[str], int]:
    """What is wrong with the plans of some cases, and how many plans there were."""
    found, count = [], 0
    for name, graph, document in cases:
        try:
            made = plan(graph, document)
        except UnreachableField:  # the audit has operations that cannot be answered
            continue
        count += 1
        faults = check_plan(graph, document, None, made)
        found += [f"{name}: {fault}\n{print_plan(made)}" for fault in faults]
    return found, count


def test_the_plans_of_the_plan_corpus_are_sound(shared: Path) -> None:
    found, count = faults_of(plan_cases(shared))
    assert not found, "\n".join(found)
    assert count == 86


def test_the_plans_of_the_audit_are_sound(shared: Path) -> None:
    counts = 0
    for folder in suites(shared):
        graph = build_query_graph((folder / "supergraph.graphql").read_text(encoding="utf-8"))
        found, count = faults_of(audit_cases(folder, graph))
        assert not found, "\n".join(found)
        counts += count
    assert counts > 125


def test_the_plans_over_our_own_composition_of_the_audit_are_sound(shared: Path) -> None:
    counts = 0
    for folder in suites(shared):
        sdl = our_supergraph(folder)
        if sdl is None:
            continue
        found, count = faults_of(audit_cases(folder, build_query_graph(sdl)))
        assert not found, "\n".join(found)
        counts += count
    assert counts > 125


def test_the_plans_of_our_own_tour_are_sound() -> None:
    graph = shipped_graph()
    found, count = faults_of((query, graph, parse(query)) for query in (LINKED, COUNTED))
    assert not found, "\n".join(found)
    assert count == 2
