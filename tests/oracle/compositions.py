"""Checks composition alone, on many splits: `python -m tests.oracle.compositions [--splits N] [--seed S] [--edits N]`.

Each split is drawn from its own seed and valid by construction, so it composes, in any order to the same supergraph; that is
valid GraphQL, reads back, shows clients the whole schema, and lets every field be planned. Then it is edited: whatever still
composes must read back and be planned as well, and of what satisfiability refuses the planner must not find a plan either.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from graphql import (
    GraphQLSchema,
    build_ast_schema,
    build_schema,
    lexicographic_sort_schema,
    parse,
    print_schema,
    validate_schema,
)

from gateway.composition import Composed, Failed, compose
from gateway.composition.gathered import gather
from gateway.composition.graphs import name_graphs
from gateway.composition.merge import merge
from gateway.composition.printing import print_supergraph
from gateway.planning import plan
from gateway.planning.errors import OperationTooLarge, UnreachableField
from gateway.query_graph import QueryGraph, build_query_graph
from gateway.schema import read_subgraph
from gateway.schema.subgraph import Subgraph
from tests.oracle.compare import visible
from tests.oracle.draw_world import draw_world
from tests.oracle.edit_split import edit_split
from tests.oracle.probes import probes
from tests.oracle.world import World

_QUERY = re.compile(r"supergraph API query:\n(.*?)\ncannot be satisfied", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """What composition did wrong. `about`: the operation or the error that shows it."""

    kind: str
    about: str


def check_split(world: World) -> Fault | None:
    """A valid split: it composes, and to the whole schema."""
    subgraphs = _read(world.subgraphs)
    found = compose(subgraphs)
    if isinstance(found, Failed):
        return Fault(f"refused: {found.errors[0].code}", found.errors[0].message)
    if compose(subgraphs[::-1]) != found:
        return Fault("order", "The reversed list of subgraphs composes to something else.")
    return _check_composed(found, build_ast_schema(visible(parse(world.schema, no_location=True)), assume_valid_sdl=True))


def check_edited(sdls: Mapping[str, str]) -> tuple[str, Fault | None]:
    """Any split: what came of it ("composed", or the first error's code), and what is wrong about that."""
    try:
        subgraphs = _read(sdls)
        found = compose(subgraphs)
        match found:
            case Composed():
                return "composed", _check_composed(found, None)
            case Failed():
                codes = {error.code for error in found.errors}
                only = codes == {"SATISFIABILITY_ERROR"}
                return found.errors[0].code, _check_refused(subgraphs, found) if only else None
    except Exception:  # noqa: BLE001 - whatever composition raises is a fault
        return "raises", Fault("raises", traceback.format_exc())


def _read(sdls: Mapping[str, str]) -> list[Subgraph]:
    return [_read_one(name, sdl) for name, sdl in sdls.items()]


@lru_cache(maxsize=32)
def _read_one(name: str, sdl: str) -> Subgraph:
    """Most subgraphs of an edited split are as they were."""
    return read_subgraph(name, sdl, f"http://{name}")


def _check_composed(found: Composed, whole: GraphQLSchema | None) -> Fault | None:
    errors = validate_schema(build_schema(found.supergraph_sdl))
    if errors:
        return Fault("supergraph is not valid", str(errors[0]))
    graph = build_query_graph(found.supergraph_sdl)
    schema = graph.supergraph.api_schema
    for name in graph.supergraph.subgraphs:
        graph.supergraph.subgraph_schema(name)
    if whole is not None:
        expected, got = (print_schema(lexicographic_sort_schema(one)) for one in (whole, schema))
        if expected != got:
            return Fault("schema", f"expected:\n{expected}\ngot:\n{got}")
    errors = validate_schema(schema)
    if errors:
        return Fault("clients' schema is not valid", str(errors[0]))
    for query in probes(schema):
        fault = _unplanned(graph, query)
        if fault:
            return Fault("composed, not planned", f"{query}\n{fault}")
    return None


def _unplanned(graph: QueryGraph, query: str) -> str:
    """Why no plan was found, empty when there is one with no label, any one and all of them."""
    document = parse(query, no_location=True)
    for labels in _decisions(graph.labels):
        try:
            plan(graph, document, active_labels=labels)
        except OperationTooLarge:
            continue
        except UnreachableField as error:
            if "supplies the context" not in str(error):  # a way on which nothing sets a context is refused when it is asked
                return str(error)
    return ""


def _decisions(labels: tuple[str, ...]) -> Iterator[frozenset[str]]:
    yield frozenset()
    yield from (frozenset({label}) for label in labels)
    if len(labels) > 1:
        yield frozenset(labels)


def _check_refused(subgraphs: list[Subgraph], found: Failed) -> Fault | None:
    """Satisfiability refused: put the supergraph together nevertheless, and plan what it says cannot be answered."""
    graph = build_query_graph(print_supergraph(merge(gather(name_graphs(subgraphs)))))
    for error in found.errors:
        named = _QUERY.search(error.message)
        if named is None or "context" in error.message:
            continue
        query = re.sub(r"\(.*?\)", "", named[1]).replace("...\n", "__typename\n")
        if not _unplanned(graph, query):
            return Fault("refused, yet planned", error.message)
    return None


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="compositions", description="Check composition on random splits.")
    parser.add_argument("--splits", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the first split's seed (default: the time)")
    parser.add_argument("--edits", type=int, default=5, help="edited copies of each split (default 5)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after this time")
    parser.add_argument("--most", type=int, default=20, help="stop after so many faults (default 20)")
    options = parser.parse_args()
    came: Counter[str] = Counter()
    started, faults, splits = time.monotonic(), 0, 0
    for seed in range(options.seed, options.seed + options.splits):
        for sdls, outcome, fault in check_seed(seed, options.edits):
            came[outcome] += 1
            if fault is not None:
                faults += 1
                _say(f"\n#### split of seed {seed}: {fault.kind}\n{fault.about}\n{_shown(sdls)}")
        splits += 1
        if splits % 200 == 0:
            _say(f"{splits} splits, {faults} faults")
        if faults >= options.most or time.monotonic() - started > options.seconds:
            break
    seconds = time.monotonic() - started
    _say(f"{splits} splits and {came.total() - splits} edited ones in {seconds:.0f} s, {faults} faults")
    _say("  ".join(f"{outcome} {count}" for outcome, count in came.most_common()))
    return 1 if faults else 0


def check_seed(seed: int, edits: int) -> Iterator[tuple[Mapping[str, str], str, Fault | None]]:
    """The split of a seed and edited copies of it: subgraphs, what came of them, and what is wrong."""
    random = Random(seed)
    world = draw_world(random)
    yield world.subgraphs, "valid", check_split(world)
    for _ in range(edits):
        sdls = edit_split(random, world.subgraphs)
        while random.random() < 0.3:
            sdls = edit_split(random, sdls)
        outcome, fault = check_edited(sdls)
        yield sdls, outcome, fault


def _shown(sdls: Mapping[str, str]) -> str:
    return "\n".join(f"# {name}\n{sdl}" for name, sdl in sdls.items())


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
