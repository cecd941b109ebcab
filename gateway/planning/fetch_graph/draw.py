"""The fetch graph for people: as text, as JSON values and as a drawing.

In: a `FetchGraph` at any moment between `build_fetch_graph` and `assemble`. Out: its steps with their places, inputs,
selections and what they wait for. Step numbers are those of the fetch graph, not yet those of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import parse, print_ast

from gateway.planning.fetch_graph.step import FetchGraph, OnMask, Step, StepPath
from gateway.planning.fetch_graph.write import write_outputs
from gateway.planning.plan import Each, Key, RequiredField, RequiredFragment
from gateway.query_graph.drawing import Arrow, Box, Drawing
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.selection_text import condition_text

Json = dict[str, Any]


def print_fetch_graph(fetch_graph: FetchGraph, graph: QueryGraph) -> str:
    """Every step: where it asks, what it waits for, what it sends and what it selects."""
    lines: list[str] = []
    for step in _ordered(fetch_graph):
        waits = f", waits for {', '.join(map(str, sorted(step.waits_for)))}" if step.waits_for else ""
        lines.append(f"step {step.id}: {_service(graph, step)} at {_place(graph, step)}{waits}{_kind(step)}")
        lines += [f"  sends {line}" for line in _inputs(step)]
        lines += [f"  {line}" for line in _selections(step, graph)]
    return "\n".join(lines) or "no steps: the gateway answers alone"


def fetch_graph_json(fetch_graph: FetchGraph, graph: QueryGraph) -> list[Json]:
    """The steps as JSON values."""
    return [
        {
            "step": step.id,
            "subgraph": _service(graph, step),
            "kind": step.kind,
            "path": _place(graph, step),
            "waitsFor": sorted(step.waits_for),
            "inputs": _inputs(step),
            "conditions": [{"variable": one.variable, "value": one.value} for one in step.conditions],
            "selections": " ".join(line.strip() for line in _selections(step, graph)),
        }
        for step in _ordered(fetch_graph)
    ]


def draw_fetch_graph(fetch_graph: FetchGraph, graph: QueryGraph) -> Drawing:
    """Steps as boxes; an arrow leads from a step to those that wait for it, with what it brings them."""
    boxes = []
    for step in _ordered(fetch_graph):
        title = f"{step.id}: {_service(graph, step)} at {_place(graph, step)}{_kind(step)}"
        boxes.append(Box(f"s{step.id}", (title, *(f"sends {line}" for line in _inputs(step)), *_selections(step, graph))))
    arrows = [Arrow(f"s{before}", f"s{step.id}") for step in _ordered(fetch_graph) for before in sorted(step.waits_for)]
    return Drawing(tuple(boxes), tuple(arrows))


def _ordered(fetch_graph: FetchGraph) -> list[Step]:
    depths = fetch_graph.depths()
    return sorted(fetch_graph.steps.values(), key=lambda step: (depths[step.id], step.id))


def _service(graph: QueryGraph, step: Step) -> str:
    return graph.supergraph.graphs[step.graph].name


def _kind(step: Step) -> str:
    kind = f", {step.kind}" if step.kind != "query" else ""
    batch = f", in one request with step {step.batch}" if step.batch != step.id else ""
    return f"{kind}{f', only{condition_text(step.conditions)}' if step.conditions else ''}{batch}"


def _place(graph: QueryGraph, step: Step) -> str:
    return _path_text(graph, step.path) or "the root"


def _path_text(graph: QueryGraph, path: StepPath) -> str:
    text = ""
    for one in path:
        match one:
            case Key(name):
                text += f".{name}" if text else name
            case Each():
                text += ".@"
            case OnMask(mask):
                text += f"|[{'|'.join(graph.supergraph.names(mask))}]"
    return text


def _inputs(step: Step) -> list[str]:
    return [f"{name} {{ {' '.join(_required(one.fields))} }}" for name, one in sorted(step.inputs.items())]


def _required(fields: Iterable[RequiredField | RequiredFragment]) -> Iterator[str]:
    for one in fields:
        inner = f" {{ {' '.join(_required(one.selections))} }}" if one.selections else ""
        match one:
            case RequiredField(name, source):
                yield (name if name == source else f"{name}: {source}") + inner
            case RequiredFragment(condition):
                yield f"... on {condition}{inner}"


def _selections(step: Step, graph: QueryGraph) -> list[str]:
    return print_ast(parse(write_outputs(step, graph), no_location=True)).split("\n")
