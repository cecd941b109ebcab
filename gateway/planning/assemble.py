"""Fetch graph → plan nodes.

Steps are numbered and laid out in layers by the longest chain that leads to them; a fetch also names what it waits for, so
that it can start before its layer does. Conditions become nodes around the fetch.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import VariableDefinitionNode, print_ast

from gateway.planning.fetch_graph.step import FetchGraph, OnMask, Step, StepPath, Tree
from gateway.planning.fetch_graph.write import write_outputs
from gateway.planning.normalise.operation import Operation
from gateway.planning.plan import (
    Condition,
    Each,
    Fetch,
    Flatten,
    Key,
    OnTypes,
    Parallel,
    Path,
    PlanNode,
    QueryPlan,
    RenameKey,
    RequiredFragment,
    Sequence,
    SetTypename,
)
from gateway.query_graph.graph import QueryGraph


def assemble(fetch_graph: FetchGraph, graph: QueryGraph, operation: Operation) -> QueryPlan:
    """The frozen plan of a fetch graph on which all passes have run."""
    depths = fetch_graph.depths()
    order = sorted(fetch_graph.steps.values(), key=lambda step: (depths[step.id], step.id))
    numbers = {step.id: number for number, step in enumerate(order)}
    layers: dict[int, list[PlanNode]] = {}
    for step in order:
        node = _node(step, graph, operation, numbers)
        layers.setdefault(depths[step.id], []).append(node)
    return QueryPlan(operation.kind, _sequence([_parallel(nodes) for _, nodes in sorted(layers.items())]))


def _parallel(nodes: list[PlanNode]) -> PlanNode:
    return nodes[0] if len(nodes) == 1 else Parallel(tuple(nodes))


def _sequence(nodes: list[PlanNode]) -> PlanNode | None:
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else Sequence(tuple(nodes))


def _node(step: Step, graph: QueryGraph, operation: Operation, numbers: dict[int, int]) -> PlanNode:
    fetch = _fetch(step, graph, operation, numbers)
    node: PlanNode = fetch if not step.path else Flatten(_path(step.path, graph), fetch)
    for condition in reversed(step.conditions):
        node = Condition(condition.variable, node if condition.value else None, None if condition.value else node)
    return node


def _fetch(step: Step, graph: QueryGraph, operation: Operation, numbers: dict[int, int]) -> Fetch:
    used = sorted(_variables(step))
    switches = _switches(step)
    definitions = [_definition(one, switches) for one in operation.variables if one.variable.name.value in used]
    selections = write_outputs(step, graph)
    if step.inputs:
        head = ", ".join(["$representations: [_Any!]!", *definitions])
        text = f"query({head}) {{ _entities(representations: $representations) {selections} }}"
    elif definitions or step.kind != "query":
        head = f"({', '.join(definitions)})" if definitions else ""
        text = f"{step.kind}{head} {selections}"
    else:
        text = selections
    return Fetch(
        id=numbers[step.id],
        service=graph.supergraph.graphs[step.graph].name,
        kind=step.kind,
        operation=text,
        variables=tuple(used),
        requires=tuple(RequiredFragment(name, one.possible_types, one.fields) for name, one in sorted(step.inputs.items())),
        input_rewrites=tuple(SetTypename(name, tuple(sorted(types))) for name, types in sorted(step.renamed.items())),
        output_rewrites=tuple(one for tree in step.outputs.values() for one in _renames(tree, ())),
        depends_on=tuple(sorted(numbers[before] for before in step.waits_for)),
    )


def _variables(step: Step) -> set[str]:
    found: set[str] = set()
    for tree in step.outputs.values():
        for entry in tree.walk():
            found.update(entry.arguments.variables)
            found.update(condition.variable for condition in entry.conditions)
    return found


def _switches(step: Step) -> set[str]:
    entries = (entry for tree in step.outputs.values() for entry in tree.walk())
    return {condition.variable for entry in entries for condition in entry.conditions}


def _definition(node: VariableDefinitionNode, switches: set[str]) -> str:
    default = f" = {print_ast(node.default_value)}" if node.default_value is not None else ""
    type_text = print_ast(node.type)
    if node.variable.name.value in switches and not default and not type_text.endswith("!"):
        type_text += "!"  # clients in the wild declare `$b: Boolean` for @include; a subgraph need not accept that
    return f"${node.variable.name.value}: {type_text}{default}"


def _renames(tree: Tree, path: Path) -> Iterator[RenameKey]:
    """The renames of a tree, innermost first: their paths use the keys under which the subgraph answers."""
    for entry in tree.entries.values():
        if entry.child is not None:
            yield from _renames(entry.child, (*path, Key(entry.key), *(Each(),) * entry.shape.count("[")))
    for entry in tree.entries.values():
        if entry.rename_to is not None:
            yield RenameKey(path, entry.key, entry.rename_to)


def _path(path: StepPath, graph: QueryGraph) -> Path:
    return tuple(OnTypes(graph.supergraph.names(one.mask)) if isinstance(one, OnMask) else one for one in path)
