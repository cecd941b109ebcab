"""Which directive definitions the supergraph has: composed ones, and executable ones that all subgraphs share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import DirectiveLocation

from gateway.composition.gathered import Gathered
from gateway.composition.graphs import Graph
from gateway.composition.merge.inputs import merge_input_value
from gateway.composition.merged import ComposedLink, MergedDirective, MergedInput
from gateway.schema.links import Import, Link
from gateway.schema.subgraph import Directive

EXECUTABLE = (
    DirectiveLocation.QUERY,
    DirectiveLocation.MUTATION,
    DirectiveLocation.SUBSCRIPTION,
    DirectiveLocation.FIELD,
    DirectiveLocation.FRAGMENT_DEFINITION,
    DirectiveLocation.FRAGMENT_SPREAD,
    DirectiveLocation.INLINE_FRAGMENT,
    DirectiveLocation.VARIABLE_DEFINITION,
)
EXECUTABLE_LOCATIONS = frozenset(location.name for location in EXECUTABLE)


def composed_names(graph: Graph) -> tuple[str, ...]:
    """The directives that the subgraph asks to compose, by their names there, without `@`."""
    return tuple(name for name in graph.subgraph.directives if name in graph.subgraph.names.composed)


def imported_as(graph: Graph, directive: str) -> tuple[Link, Import] | None:
    """The link and import that bring a directive of that local name into the subgraph."""
    for link in graph.subgraph.links:
        for imported in link.imports:
            if imported.alias == f"@{directive}":
                return link, imported
        if link.namespace and directive.startswith(f"{link.namespace}__"):
            name = directive.removeprefix(f"{link.namespace}__")
            return link, Import(f"@{name}", f"@{directive}")
        if link.namespace == directive:
            return link, Import(f"@{directive}", f"@{directive}")
    return None


def merge_directives(gathered: Gathered) -> dict[str, MergedDirective]:
    """Every directive definition of the supergraph."""
    merged: dict[str, MergedDirective] = {}
    for name in _names(gathered):
        composed = _composing(gathered, name)
        executable = _executable_locations(gathered, name)
        locations = tuple(_all_locations(composed, executable))
        if locations:
            merged[name] = _merge(name, composed, locations, composed=True)
        elif executable:
            sources = {graph.id: graph.subgraph.directives[name] for graph in gathered.graphs.values()}
            merged[name] = _merge(name, sources, executable, composed=False)
    return merged


def composed_links(gathered: Gathered, directives: Mapping[str, MergedDirective]) -> tuple[ComposedLink, ...]:
    """One @link per specification of the composed `directives`, with the newest version that a subgraph links."""
    newest: dict[str, Link] = {}
    imports: dict[str, dict[tuple[str, str], None]] = {}
    for graph in gathered.graphs.values():
        for name in composed_names(graph):
            found = imported_as(graph, name)
            if found is None or name not in directives:
                continue
            link, imported = found
            known = newest.get(link.identity)
            if known is None or (link.version or (0, 0)) > (known.version or (0, 0)):
                newest[link.identity] = link
            imports.setdefault(link.identity, {})[imported.name, imported.alias] = None
    return tuple(ComposedLink(link.url, tuple(imports[identity])) for identity, link in newest.items())


def _names(gathered: Gathered) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for graph in gathered.graphs.values() for name in graph.subgraph.directives))


def _composing(gathered: Gathered, name: str) -> dict[str, Directive]:
    return {graph.id: graph.subgraph.directives[name] for graph in gathered.graphs.values() if name in composed_names(graph)}


def _executable_locations(gathered: Gathered, name: str) -> tuple[str, ...]:
    """The executable locations that all subgraphs allow; none when one lacks the directive or differs in arguments."""
    sources = [graph.subgraph.directives.get(name) for graph in gathered.graphs.values()]
    present = [source for source in sources if source is not None]
    if len(present) != len(sources):
        return ()
    signatures = {tuple(sorted((one.name, one.type) for one in source.arguments.values())) for source in present}
    if len(signatures) > 1:
        return ()
    shared = frozenset.intersection(*(frozenset(source.locations) for source in present))
    return tuple(location for location in present[0].locations if location in shared & EXECUTABLE_LOCATIONS)


def _all_locations(sources: Mapping[str, Directive], executable: tuple[str, ...]) -> Iterator[str]:
    written = dict.fromkeys(location for source in sources.values() for location in source.locations)
    yield from (location for location in written if location not in EXECUTABLE_LOCATIONS or location in executable)


def _merge(name: str, sources: Mapping[str, Directive], locations: tuple[str, ...], *, composed: bool) -> MergedDirective:
    arguments: dict[str, MergedInput] = {}
    for argument in dict.fromkeys(argument for source in sources.values() for argument in source.arguments):
        values = {graph: one.arguments[argument] for graph, one in sources.items() if argument in one.arguments}
        arguments[argument] = merge_input_value(argument, values)
    repeatable = any(source.repeatable for source in sources.values())
    return MergedDirective(name, locations, repeatable, arguments, sources, composed)
