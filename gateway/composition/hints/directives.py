"""INCONSISTENT_{EXECUTABLE,TYPE_SYSTEM}_DIRECTIVE_{PRESENCE,REPEATABLE,LOCATIONS}, NO_EXECUTABLE_DIRECTIVE_INTERSECTION,
DIRECTIVE_COMPOSITION_{INFO,WARN}: what becomes of the directives that subgraphs define."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import StringValueNode

from gateway.composition.merge.directives import EXECUTABLE_LOCATIONS
from gateway.composition.merged import Merged
from gateway.composition.result import Hint
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import Directive


def check(merged: Merged) -> Iterator[Hint]:
    """Directives that subgraphs define differently, and requests to compose that change nothing."""
    graphs = merged.gathered.graphs
    for name in dict.fromkeys(name for graph in graphs.values() for name in graph.subgraph.directives):
        sources = {graph.id: graph.subgraph.directives[name] for graph in graphs.values() if name in graph.subgraph.directives}
        composed = name in merged.directives and merged.directives[name].composed
        if composed:
            yield from _differences(merged, name, sources, "TYPE_SYSTEM")
        elif any(EXECUTABLE_LOCATIONS.intersection(source.locations) for source in sources.values()):
            yield from _executable(merged, name, sources)
    yield from _needless(merged)


def _executable(merged: Merged, name: str, sources: dict[str, Directive]) -> Iterator[Hint]:
    gathered = merged.gathered
    missing = [graph for graph in gathered.graphs if graph not in sources]
    if missing:
        message = (
            f'Executable directive "@{name}" will not be part of the supergraph as it does not appear in all subgraphs: it is'
            f" defined in {in_graphs(gathered, sources)} but not in {in_graphs(gathered, missing)}."
        )
        yield Hint("INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", message, names(gathered, gathered.graphs))
    elif name not in merged.directives:
        message = (
            f'Executable directive "@{name}" has no location that is common to all subgraphs: it will not be in the supergraph'
            " as there is no intersection between its definitions."
        )
        yield Hint("NO_EXECUTABLE_DIRECTIVE_INTERSECTION", message, names(gathered, sources))
    else:
        yield from _differences(merged, name, sources, "EXECUTABLE")


def _differences(merged: Merged, name: str, sources: dict[str, Directive], kind: str) -> Iterator[Hint]:
    involved = names(merged.gathered, sources)
    if len({source.repeatable for source in sources.values()}) > 1:
        repeatable = [graph for graph, source in sources.items() if source.repeatable]
        message = f'Directive "@{name}" is repeatable only in {in_graphs(merged.gathered, repeatable)}.'
        yield Hint(f"INCONSISTENT_{kind}_DIRECTIVE_REPEATABLE", message, involved)
    if len({frozenset(source.locations) for source in sources.values()}) > 1:
        used = ", ".join(merged.directives[name].locations)
        message = f'Directive "@{name}" has inconsistent locations across subgraphs: the supergraph has {used}.'
        yield Hint(f"INCONSISTENT_{kind}_DIRECTIVE_LOCATIONS", message, involved)


def _needless(merged: Merged) -> Iterator[Hint]:
    """@composeDirective for directives that federation merges anyway; and directives that stay behind their own name."""
    for graph in merged.gathered.graphs.values():
        for one in graph.subgraph.composed:
            name = one.value("name")
            if isinstance(name, StringValueNode) and name.value.removeprefix("@") in graph.subgraph.names.directives:
                message = (
                    f'Directive "{name.value}" should not be explicitly manually composed since it is a federation directive'
                    " composed by default."
                )
                yield Hint("DIRECTIVE_COMPOSITION_INFO", message, (graph.name,))
        for name_here in graph.subgraph.directives:
            found = merged.directives.get(name_here)
            if found is not None and found.composed and graph.id not in found.sources:
                message = (
                    f'Composed directive "@{name_here}" is named differently or not composed in subgraph "{graph.name}": its'
                    " applications there will not appear in the supergraph."
                )
                yield Hint("DIRECTIVE_COMPOSITION_WARN", message, (graph.name,))
