"""Steps → the requests of the plan, as text and with what an executor must know.

A step alone becomes a `Fetch`. The steps of a batch become a `BatchFetch`: those that ask the same (in other places) share a
look-up, look-ups that send the same representations share a variable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from graphql import VariableDefinitionNode, print_ast

from gateway.planning.fetch_graph.fragments import Writer
from gateway.planning.fetch_graph.step import OnMask, Step, StepPath, Tree
from gateway.planning.limits import limits_of, refuse_unknown_literals
from gateway.planning.normalise.operation import Operation
from gateway.planning.plan import (
    BatchFetch,
    ContextInput,
    Dependent,
    Each,
    Fetch,
    Flatten,
    Key,
    Lookup,
    OnTypes,
    Path,
    RenameKey,
    RequiredFragment,
    SetTypename,
)
from gateway.query_graph.graph import QueryGraph

_REPRESENTATIONS = "representations"


class _Shape(NamedTuple):
    """What a look-up asks and sends, wherever its objects are."""

    requires: tuple[RequiredFragment, ...]
    input_rewrites: tuple[SetTypename, ...]
    output_rewrites: tuple[RenameKey, ...]
    dependents: tuple[Dependent, ...]
    selections: str


def make_request(
    steps: Sequence[Step], graph: QueryGraph, operation: Operation, numbers: Mapping[int, int]
) -> Fetch | Flatten | BatchFetch:
    """The plan node of the steps of one batch. `numbers`: step → the id of its request."""
    used = sorted({name for step in steps for name in _variables(step)})
    if len(steps) == 1 and (not steps[0].inputs or _REPRESENTATIONS not in used):
        fetch = _fetch(steps[0], graph, operation, numbers, used)
        return Flatten(_path(steps[0].path, graph), fetch) if steps[0].path else fetch
    return _batch(steps, graph, operation, numbers, used)


def _fetch(step: Step, graph: QueryGraph, operation: Operation, numbers: Mapping[int, int], used: Sequence[str]) -> Fetch:
    writer = Writer(graph)
    shape = _shape(step, writer)
    definitions = _definitions([step], operation, used)
    if step.inputs:
        supplied = (f"${one.variable}: {one.type}" for one in step.supplies.values())
        head = ", ".join([f"${_REPRESENTATIONS}: [_Any!]!", *supplied, *definitions])
        text = f"query({head}) {{ _entities(representations: ${_REPRESENTATIONS}) {shape.selections} }}"
    elif definitions or step.kind != "query":
        head = f"({', '.join(definitions)})" if definitions else ""
        text = f"{step.kind}{head} {shape.selections}"
    else:
        text = shape.selections
    text = writer.texts(text, fragments=not step.supplies)
    refuse_unknown_literals(graph, step.graph, text)
    return Fetch(
        id=numbers[step.id],
        service=graph.supergraph.graphs[step.graph].name,
        kind=step.kind,
        operation=text,
        variables=tuple(used),
        requires=shape.requires,
        input_rewrites=shape.input_rewrites,
        output_rewrites=shape.output_rewrites,
        depends_on=_depends_on(step, numbers),
        contexts=tuple(ContextInput(one.variable, one.type, len(one.above), one.fields) for one in step.supplies.values()),
        dependents=shape.dependents,
        limits=limits_of(graph, step.graph, operation, used),
    )


def _batch(
    steps: Sequence[Step], graph: QueryGraph, operation: Operation, numbers: Mapping[int, int], used: Sequence[str]
) -> BatchFetch:
    writer = Writer(graph)
    places: dict[_Shape, list[Path]] = {}
    for step in steps:
        places.setdefault(_shape(step, writer), []).append(_path(step.path, graph))
    variables: dict[object, str] = {}
    lookups: list[Lookup] = []
    fields: list[str] = []
    for shape, listed in places.items():
        paths = tuple(dict.fromkeys(listed))
        alias = f"_e{len(lookups)}"
        variable = variables.setdefault((paths, shape.requires, shape.input_rewrites), _free(len(variables), used))
        lookups.append(
            Lookup(alias, variable, paths, shape.requires, shape.input_rewrites, shape.output_rewrites, shape.dependents)
        )
        fields.append(f"{alias}: _entities(representations: ${variable}) {shape.selections}")
    head = ", ".join([*(f"${name}: [_Any!]!" for name in variables.values()), *_definitions(steps, operation, used)])
    text = writer.texts(f"query({head}) {{ {' '.join(fields)} }}")
    refuse_unknown_literals(graph, steps[0].graph, text)
    return BatchFetch(
        id=numbers[steps[0].id],
        service=graph.supergraph.graphs[steps[0].graph].name,
        operation=text,
        lookups=tuple(lookups),
        variables=tuple(used),
        depends_on=_depends_on(steps[0], numbers),
        limits=limits_of(graph, steps[0].graph, operation, used),
    )


def _free(number: int, used: Sequence[str]) -> str:
    """A name for the representations that is none of the client's variables."""
    name = f"{_REPRESENTATIONS}_{number}"
    while name in used:
        name = f"_{name}"
    return name


def _shape(step: Step, writer: Writer) -> _Shape:
    return _Shape(
        tuple(RequiredFragment(name, one.possible_types, one.fields) for name, one in sorted(step.inputs.items())),
        tuple(SetTypename(name, tuple(sorted(types))) for name, types in sorted(step.renamed.items())),
        tuple(one for tree in step.outputs.values() for one in _renames(tree, ())),
        tuple(
            Dependent(name, entry.key, entry.needs)
            for name, tree in sorted(step.outputs.items())
            for entry in tree.entries.values()
            if entry.needs
        ),
        writer.add(step),
    )


def _depends_on(step: Step, numbers: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(sorted(numbers[before] for before in step.waits_for))


def _definitions(steps: Sequence[Step], operation: Operation, used: Sequence[str]) -> list[str]:
    switches = {name for step in steps for name in _switches(step)}
    return [_definition(one, switches) for one in operation.variables if one.variable.name.value in used]


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
