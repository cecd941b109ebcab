"""How long planning takes and how much a kept plan weighs, against the budgets of docs/planning.md.

    python -m bench.planning [--plans DIR] [--query FILE] [--rounds 5]

Plans every operation of a corpus (`plans.json` and its supergraphs: median, worst), a query with the `supergraph.graphql`
beside it, 500 fields over 20 subgraphs, flat and in two levels, wide interfaces at several levels, and a fragment bomb. Prints
one line of JSON; times in milliseconds of one processor, memory in KiB.
"""

from __future__ import annotations

import argparse
import gc
import json
import tracemalloc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median
from time import process_time

from graphql import DocumentNode, parse

from gateway.execution import compile_plan
from gateway.execution.keys import keys_of
from gateway.execution.members import members_of
from gateway.planning import plan
from gateway.planning.errors import OperationTooLarge
from gateway.query_graph import QueryGraph, build_query_graph

HEAD = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{{ query: Query }}
enum join__Graph {{ {} }}
"""

KEY = ', key: "id"'


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=Path, default=Path(__file__).resolve().parents[2] / "shared/corpora/plans")
    parser.add_argument("--query", type=Path, default=Path(__file__).resolve().parents[2] / "shared/bench/query.graphql")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    found: dict[str, object] = {}
    if given.plans.is_dir():
        found |= _corpus(given.plans, given.rounds)
    if given.query.is_file():
        graph = build_query_graph((given.query.parent / "supergraph.graphql").read_text(encoding="utf-8"))
        found["the benchmark query"] = _milliseconds(graph, parse(given.query.read_text(encoding="utf-8")), given.rounds)
    for name, graph, document in made_cases():
        found[name] = _milliseconds(graph, document, given.rounds)
    print(json.dumps(found))


def _corpus(folder: Path, rounds: int) -> dict[str, object]:
    graphs = cache(lambda name: build_query_graph((folder / name).read_text(encoding="utf-8")))
    times: dict[str, float] = {}
    weights: dict[str, float] = {}
    for case in json.loads((folder / "plans.json").read_text(encoding="utf-8")):
        graph, document = graphs(case["supergraph"]), parse(case["query"])
        found = _milliseconds(graph, document, rounds)
        assert isinstance(found, float), found
        times[case["test"]] = found
        weights[case["test"]] = _kibibytes(graph, document)
    slowest, heaviest = max(times, key=times.__getitem__), max(weights, key=weights.__getitem__)
    return {
        "corpus": {"median": round(median(times.values()), 2), "worst": times[slowest], "which": slowest},
        "memory": {"median": round(median(weights.values()), 1), "worst": weights[heaviest], "which": heaviest},
    }


def _milliseconds(graph: QueryGraph, document: DocumentNode, rounds: int) -> float | str:
    """The best of several rounds; the first one warms the graph's memory up."""
    best = float("inf")
    for _ in range(rounds + 1):
        started = process_time()
        try:
            plan(graph, document)
        except OperationTooLarge as error:
            return error.message
        best = min(best, process_time() - started)
    return round(best * 1000, 2)


def _kibibytes(graph: QueryGraph, document: DocumentNode) -> float:
    """What a plan and its compiled form hold on to."""
    gc.collect()
    tracemalloc.start()
    made = compile_plan(
        plan(graph, document), graph.supergraph.api_schema, keys_of(graph.supergraph), members_of(graph.supergraph)
    )
    gc.collect()
    weight = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del made
    return round(weight / 1024, 1)


def made_cases() -> Iterator[tuple[str, QueryGraph, DocumentNode]]:
    """Operations that are large in one way each."""
    users = many_subgraphs(20, 25)
    fields = " ".join(f"f{i}_{j}" for i in range(20) for j in range(25))
    yield "500 fields over 20 subgraphs", users, parse(f"{{ user {{ {fields} }} }}")
    half = " ".join(f"f{i}_{j}" for i in range(20) for j in range(12))
    yield "500 fields over 20 subgraphs in two levels", users, parse(f"{{ user {{ {half} friend {{ {half} }} }} }}")
    yield "15 levels shared by 20 subgraphs", users, parse(f"{{ user {{ {'friend { f0_0 f7_1 ' * 15} id {'}' * 15} }} }}")
    for members, subgraphs, levels in ((30, 5, 1), (30, 5, 2), (30, 5, 3), (100, 5, 2), (100, 20, 2), (50, 20, 3)):
        name = f"an interface of {members} types over {subgraphs} subgraphs, {levels} levels"
        text = f"{{ nodes {'{ a b next ' * levels}{{ id }}{'}' * levels} }}"
        yield name, wide_interface(members, subgraphs), parse(text)
    bomb = " ".join(f"fragment F{n} on User {{ ...F{n + 1} ...F{n + 1} friend {{ ...F{n + 1} }} }}" for n in range(20))
    yield "fragment bomb", users, parse(f"{{ user {{ ...F0 }} }} {bomb} fragment F20 on User {{ id f3_3 }}")


def many_subgraphs(subgraphs: int, fields: int) -> QueryGraph:
    """One entity that every subgraph has, each with fields of its own."""
    names = [f"S{number}" for number in range(subgraphs)]
    own = " ".join(f"f{i}_{j}: Int @join__field(graph: S{i})" for i in range(subgraphs) for j in range(fields))
    types = [
        f"type Query {_joins(names)} {{ user: User @join__field(graph: S0) }}",
        f"type User {_joins(names, KEY)} {{ id: ID! {own} friend: User }}",
    ]
    return build_query_graph("\n".join([_head(names), *types]))


def wide_interface(members: int, subgraphs: int) -> QueryGraph:
    """An interface whose members' fields are each in another subgraph."""
    names = [f"S{number}" for number in range(subgraphs)]
    implements = " ".join(f'@join__implements(graph: {name}, interface: "Node")' for name in names)
    types = [
        f"type Query {_joins(names)} {{ nodes: [Node] @join__field(graph: S0) }}",
        f"interface Node {_joins(names)} {{ id: ID! next: Node a: Int b: Int }}",
    ]
    for number in range(members):
        where = [f"@join__field(graph: S{(number + shift) % subgraphs})" for shift in range(3)]
        fields = f"id: ID! next: Node {where[0]} a: Int {where[1]} b: Int {where[2]}"
        types.append(f"type T{number} implements Node {implements} {_joins(names, KEY)} {{ {fields} }}")
    return build_query_graph("\n".join([_head(names), *types]))


def _head(names: list[str]) -> str:
    return HEAD.format(" ".join(f'{name} @join__graph(name: "{name.lower()}", url: "")' for name in names))


def _joins(names: list[str], more: str = "") -> str:
    return " ".join(f"@join__type(graph: {name}{more})" for name in names)


if __name__ == "__main__":
    main()
