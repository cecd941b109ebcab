"""DIRECTIVE_COMPOSITION_ERROR: a composed directive is one directive: of one specification, major version, and name."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.gathered import Gathered
from gateway.composition.merge.directives import composed_names, imported_as
from gateway.composition.result import CompositionError
from gateway.composition.wording import differing, names
from gateway.schema.links import Import, Link

_CODE = "DIRECTIVE_COMPOSITION_ERROR"


def check(gathered: Gathered) -> Iterator[CompositionError]:
    """Check the specifications of composed directives across subgraphs."""
    composed = list(_composed(gathered))
    identities = dict.fromkeys(link.identity for _, link, _ in composed)
    for identity in identities:
        yield from _check_major_versions(gathered, identity)
        yield from _check_names(
            gathered, identity, {imported.name for _, link, imported in composed if link.identity == identity}
        )
    yield from _check_specifications(gathered, composed)


def _composed(gathered: Gathered) -> Iterator[tuple[str, Link, Import]]:
    for graph in gathered.graphs.values():
        for name in composed_names(graph):
            found = imported_as(graph, name)
            if found is not None:
                yield graph.id, *found


def _check_major_versions(gathered: Gathered, identity: str) -> Iterator[CompositionError]:
    versions = {
        graph.id: str(link.version)
        for graph in gathered.graphs.values()
        for link in graph.subgraph.links
        if link.identity == identity and link.version and any(one.is_directive for one in link.imports)
    }
    if len({version.split(".")[0] for version in versions.values()}) > 1:
        message = (
            f'Core feature "{identity}" requested to be merged has major version mismatch across subgraphs: it is linked as'
            f" {differing(gathered, versions, '')}"
        )
        yield CompositionError(_CODE, message, names(gathered, versions))


def _check_names(gathered: Gathered, identity: str, wanted: set[str]) -> Iterator[CompositionError]:
    for name in sorted(wanted):
        aliases = {
            graph.id: f'"{imported.alias}"'
            for graph in gathered.graphs.values()
            for link in graph.subgraph.links
            if link.identity == identity
            for imported in link.imports
            if imported.name == name
        }
        if len(set(aliases.values())) > 1:
            message = (
                f'Composed directive "{name}" has incompatible name across subgraphs: it has'
                f" {differing(gathered, aliases, 'name ')}. Composed directive must have the same name across all subgraphs."
            )
            yield CompositionError(_CODE, message, names(gathered, aliases))


def _check_specifications(gathered: Gathered, composed: list[tuple[str, Link, Import]]) -> Iterator[CompositionError]:
    by_alias: dict[str, dict[str, str]] = {}
    for graph, link, imported in composed:
        by_alias.setdefault(imported.alias, {})[graph] = f'"{link.identity}"'
    for alias, identities in by_alias.items():
        if len(set(identities.values())) > 1:
            message = (
                f'Composed directive "{alias}" is not linked by the same core feature in every subgraph: it comes from'
                f" {differing(gathered, identities, '')}"
            )
            yield CompositionError(_CODE, message, names(gathered, identities))
