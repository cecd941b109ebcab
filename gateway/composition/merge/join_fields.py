"""When does a merged field need @join__field, and what does it say for each graph?

Nothing is said where every graph of the type resolves the field in the same way. Otherwise every graph that takes part gets
one @join__field; graphs that only mention the field (an unused @external, an overridden source) get none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.composition.gathered import Gathered
from gateway.composition.merge.contexts import context_arguments
from gateway.composition.merge.field_sets import provided_text, required_text
from gateway.composition.merge.required import Required, overridden_graphs
from gateway.composition.merged import JoinField, JoinType
from gateway.schema.subgraph import CompositeType, Field


@dataclass(frozen=True, slots=True)
class ObjectField:
    """One field of an object while its joins are decided: `sources` is graph → field, `owners` graph → type."""

    gathered: Gathered
    required: Required
    owners: Mapping[str, CompositeType]
    sources: Mapping[str, Field]
    owner: str
    name: str
    type: str
    interface_graphs: frozenset[str]
    """Graphs in which an interface of the type declares the field, so that the object must have it there."""

    @property
    def coordinate(self) -> str:
        """`Type.field`."""
        return f"{self.owner}.{self.name}"

    def is_key(self, graph: str) -> bool:
        """Whether a key of the type in that graph contains the field."""
        usage = self.gathered.graphs[graph].subgraph.usage
        return bool(self.owners[graph].keys) and self.coordinate in usage.keys

    def is_needed(self, graph: str) -> bool:
        """Whether a field set of the graph provides or requires the field, or an argument takes it from a context."""
        usage = self.gathered.graphs[graph].subgraph.usage
        return self.coordinate in usage.provides | usage.contexts or self.required.is_live(graph, self.coordinate)

    def is_external(self, graph: str) -> bool:
        """Whether the join must say external: the graph knows the field but does not resolve it.

        A key field of an extension counts as the graph's own, for compatibility with federation 1.
        """
        if not self.sources[graph].external or self.required.is_stale(graph, self.coordinate):
            return False
        if self.coordinate in self.gathered.graphs[graph].subgraph.usage.provides:
            return True
        return not (self.is_key(graph) and self.owners[graph].extended)

    def is_used_although_overridden(self, graph: str, overridden: Mapping[str, str | None]) -> bool:
        """Whether the graph still needs its copy of an overridden field: for its key or its interface."""
        own_key = self.is_key(graph) and not self.sources[graph].external
        return graph in overridden and (own_key or graph in self.interface_graphs)


def is_dropped(field: ObjectField) -> bool:
    """Whether the field vanishes: its only graph is a federation 1 one that declares it external and never uses it."""
    if len(field.sources) != 1:
        return False
    graph = next(iter(field.sources))
    return _is_unused_external_of_federation_1(field, graph, overridden_graphs(field.gathered, field.owner, field.name))


def object_joins(field: ObjectField, types: tuple[JoinType, ...]) -> tuple[JoinField, ...]:
    """The joins of a field of any object but the query root; `types` are the joins of the type itself."""
    overridden = overridden_graphs(field.gathered, field.owner, field.name)
    everywhere = len(field.sources) == len(field.owners)
    overrides = any(source.override for source in field.sources.values())
    if overrides and not overridden and everywhere and not any(_differs(field, graph) for graph in field.sources):
        return ()
    if overrides:
        joins = _override_joins(field, overridden)
        alone = len(joins) == 1 and len(types) == 1 and joins[0].graph == types[0].graph
        return () if everywhere and alone else _without_needless(joins, types)
    if everywhere and not any(_differs(field, graph) for graph in field.sources):
        return ()
    kept = (graph for graph in field.sources if not _is_silent(field, graph, overridden))
    joins = tuple(_join(field, graph, overridden) for graph in kept)
    return _without_needless(joins, types)


def query_joins(field: ObjectField, graph_count: int) -> tuple[JoinField, ...]:
    """The joins of a field of the query root, which belongs to every graph."""
    if graph_count == 1:
        return ()
    overridden = overridden_graphs(field.gathered, field.owner, field.name)
    if any(source.override for source in field.sources.values()):
        labelled = _labels(field, overridden)
        kept = (
            graph
            for graph, source in field.sources.items()
            if source.override or graph in labelled or (source.shareable and graph not in overridden)
        )
        return tuple(_labelled_join(field, graph, overridden) for graph in kept)
    joins = tuple(_join(field, graph, overridden) for graph in field.sources)
    everywhere = len(field.sources) == graph_count
    return () if everywhere and all(join.is_plain for join in joins) else joins


def _without_needless(joins: tuple[JoinField, ...], types: tuple[JoinType, ...]) -> tuple[JoinField, ...]:
    return () if len(joins) == 1 and len(types) == 1 and joins[0].is_plain else joins


def _differs(field: ObjectField, graph: str) -> bool:
    source = field.sources[graph]
    key_of_extension = field.is_key(graph) and field.owners[graph].extended
    external = source.external and not key_of_extension
    contextual = any(one.context is not None for one in source.arguments.values())
    return bool(external or source.provides or source.requires or contextual or source.type != field.type)


def _is_silent(field: ObjectField, graph: str, overridden: Mapping[str, str | None]) -> bool:
    """Whether the graph only mentions the field without resolving or using it."""
    if _is_unused_external_of_federation_1(field, graph, overridden):
        return True
    source = field.sources[graph]
    if not source.external or _says_more(field, graph, overridden):
        return False
    if field.is_needed(graph) or graph in field.interface_graphs:
        return False
    if field.is_external(graph):
        return field.owners[graph].extended
    return field.required.is_stale(graph, field.coordinate)


def _says_more(field: ObjectField, graph: str, overridden: Mapping[str, str | None]) -> bool:
    join = _join(field, graph, overridden)
    return bool(join.type or join.override or join.provides or join.requires or join.used_overridden)


def _is_unused_external_of_federation_1(field: ObjectField, graph: str, overridden: Mapping[str, str | None]) -> bool:
    return (
        field.gathered.graphs[graph].subgraph.is_federation_1
        and field.sources[graph].external
        and not field.is_key(graph)
        and not field.is_needed(graph)
        and not field.is_used_although_overridden(graph, overridden)
    )


def _join(field: ObjectField, graph: str, overridden: Mapping[str, str | None]) -> JoinField:
    source = field.sources[graph]
    subgraph = field.gathered.graphs[graph].subgraph
    differs = any(one.type != field.type for one in field.sources.values())
    return JoinField(
        graph=graph,
        type=source.type if differs else None,
        override=source.override.source if source.override else None,
        override_label=source.override.label if source.override else None,
        used_overridden=field.is_used_although_overridden(graph, overridden),
        external=field.is_external(graph),
        provides=provided_text(subgraph, source),
        requires=required_text(field.owners[graph], source),
        context_arguments=context_arguments(subgraph, source),
    )


def _labels(field: ObjectField, overridden: Mapping[str, str | None]) -> dict[str, str]:
    """The label of each graph that takes part in a progressive override, source and destination."""
    labels = {graph: label for graph, label in overridden.items() if label}
    labels |= {graph: one.override.label for graph, one in field.sources.items() if one.override and one.override.label}
    return labels


def _labelled_join(field: ObjectField, graph: str, overridden: Mapping[str, str | None]) -> JoinField:
    join = _join(field, graph, overridden)
    needed = graph in overridden and field.required.is_live(graph, field.coordinate) and not join.external
    return replace(
        join,
        override_label=_labels(field, overridden).get(graph),
        used_overridden=join.used_overridden or needed,
    )


def _override_joins(field: ObjectField, overridden: Mapping[str, str | None]) -> tuple[JoinField, ...]:
    joins = (_labelled_join(field, graph, overridden) for graph in field.sources)
    return tuple(join for join in joins if join.graph is not None and _takes_part(field, join, overridden))


def _takes_part(field: ObjectField, join: JoinField, overridden: Mapping[str, str | None]) -> bool:
    assert join.graph is not None
    needed = join.external and field.required.is_live(join.graph, field.coordinate)
    return bool(needed or join.override_label or join.used_overridden or join.graph not in overridden)
