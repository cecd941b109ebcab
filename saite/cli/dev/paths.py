"""`saite dev paths`: every way on which a leaf could be answered, and the chosen one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.dev.inputs import (
    ConfigOption,
    LabelOption,
    OperationOption,
    QueryOption,
    SupergraphOption,
    VariablesOption,
    read_document,
    read_graph,
    read_labels,
)
from saite.cli.output import NO, Format, FormatOption, clear_errors, complain, print_json

if TYPE_CHECKING:
    from saite.cli.dev.candidates import Hop, Leaf, Path
    from saite.cli.dev.stages import Walked

Json = dict[str, Any]


@clear_errors
def paths(
    query: QueryOption,
    supergraph: SupergraphOption = None,
    config: ConfigOption = None,
    operation: OperationOption = None,
    variables: VariablesOption = None,
    label: LabelOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many paths to keep for a field; the rest is counted.")] = 12,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Print, for each leaf, every path on which it could be answered, with its cost; `*` marks what the planner chose.

    `→ products@store ⇒ info by { id } → name@info` reads: ask `products` in store, look the product up in info by its key, ask `name`. A path is costed
    alone (a request is worth about 1000): the chosen one may be dearer alone, and cheaper since other leaves need its requests anyway.

    Exit code 1 when a leaf has no path that can be chosen.

    Example: `saite dev paths --supergraph supergraph.graphql --query query.graphql`
    """
    from saite.cli.dev.candidates import leaves
    from saite.cli.dev.stages import walk

    graph = read_graph(supergraph, config)
    walked = walk(graph, read_document(graph, query, operation, variables), operation, read_labels(graph, label))
    found = leaves(walked, limit)
    unreached = list(_unreached(walked))
    if format_ is Format.JSON:
        print_json({"leaves": [_leaf_json(leaf) for leaf in found], "unanswered": unreached, **_effort(walked)})
    else:
        typer.echo("\n".join(line for leaf in found for line in _lines(leaf)))
    for text in unreached:
        complain(f"no subgraph on the way can answer {text}")
    if walked.context.exhausted:
        complain("the search ran out of steps: the choice is the best that was found, perhaps not the best there is")
    if unreached:
        raise typer.Exit(NO)


def _effort(walked: Walked) -> Json:
    return {"stepsLeft": walked.context.budget.search_steps, "exhausted": walked.context.exhausted > 0}


def _unreached(walked: Walked) -> Iterator[str]:
    from gateway.query_graph.selection_text import selection_line

    for solution in walked.solutions:
        if solution.rest is not None:
            yield f"{{ {selection_line(walked.context.graph.supergraph, solution.rest)} }} on {solution.rest.type_name}"


def _lines(leaf: Leaf) -> Iterator[str]:
    yield f"{'.'.join(leaf.place)}  ({' | '.join(f'{name}.{leaf.field}' for name in leaf.types)})"
    yield from (f"  * {_path_text(path, types, leaf)}" for path, types in leaf.chosen.items())
    yield from (f"    {_path_text(path, types, leaf)}" for path, types in leaf.paths.items() if path not in leaf.chosen)
    if leaf.left_out:
        yield f"    and {leaf.left_out} more (see --limit)"
    yield ""


def _path_text(path: Path, types: tuple[str, ...], leaf: Leaf) -> str:
    requests = f"{path.requests} request{'s' if path.requests != 1 else ''}"
    only = "" if types == leaf.types else f", for {' | '.join(types)}"
    return f"{requests}, cost {path.cost}{only}: {' '.join(_hop_text(hop) for hop in path.hops)}"


def _hop_text(hop: Hop) -> str:
    if hop.key is None:
        return f"→ {hop.field}@{hop.subgraph}"
    by = f" by {{ {hop.key} }}" if hop.key else ""
    return f"⇒ {hop.subgraph}{by}{f' with {{ {hop.requires} }}' if hop.requires else ''}"


def _leaf_json(leaf: Leaf) -> Json:
    return {
        "place": list(leaf.place),
        "fields": [f"{name}.{leaf.field}" for name in leaf.types],
        "chosen": [_path_json(path, types) for path, types in leaf.chosen.items()],
        "candidates": [_path_json(path, types) for path, types in leaf.paths.items()],
        "leftOut": leaf.left_out,
    }


def _path_json(path: Path, types: tuple[str, ...]) -> Json:
    hops = [_hop_json(hop) for hop in path.hops]
    return {"requests": path.requests, "cost": path.cost, "types": list(types), "hops": hops}


def _hop_json(hop: Hop) -> Json:
    if hop.key is None:
        return {"field": hop.field, "subgraph": hop.subgraph}
    return {"lookUp": hop.key or None, "requires": hop.requires or None, "subgraph": hop.subgraph}
