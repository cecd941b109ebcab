"""Merges interface types, objects that stand for them (@interfaceObject) included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.composition.gathered import Gathered
from gateway.composition.merge.field_sets import provided_text, required_text
from gateway.composition.merge.inputs import merge_arguments
from gateway.composition.merge.marks import guarded_by, merge_field_marks, merge_marks
from gateway.composition.merged import JoinField, JoinType, MergedComposite, MergedField
from gateway.composition.type_references import merge_output
from gateway.schema.subgraph import CompositeType, Field, Kind


def merge_interface(name: str, gathered: Gathered, objects: Mapping[str, MergedComposite]) -> MergedComposite:
    """One interface from all its subgraphs; `objects` are the merged object types, whose rights it inherits."""
    sources = gathered.composites(name)
    implementers = [objects[one] for one in gathered.implementers.get(name, ()) if one in objects]
    names = dict.fromkeys(field for source in sources.values() for field in source.fields)
    fields = {field: _merge_field(field, sources, gathered, implementers) for field in names}
    marks = merge_marks(source.marks for source in sources.values())
    return MergedComposite(
        kind=Kind.INTERFACE,
        name=name,
        fields=fields,
        interfaces=gathered.interfaces.get(name, ()),
        marks=guarded_by(marks, (one.marks for one in implementers)),
        sources=sources,
        joins=tuple(join for graph, source in sources.items() for join in _joins(gathered, graph, source)),
    )


def _joins(gathered: Gathered, graph: str, source: CompositeType) -> Iterator[JoinType]:
    # Federation 1 wrote keys on interfaces as documentation only.
    if not source.keys or gathered.graphs[graph].subgraph.is_federation_1:
        yield JoinType(graph)
        return
    for key in source.keys:
        yield JoinType(graph, key.fields.text, source.extended, key.resolvable, source.interface_object)


def _merge_field(
    name: str, owners: Mapping[str, CompositeType], gathered: Gathered, implementers: list[MergedComposite]
) -> MergedField:
    sources = {graph: owner.fields[name] for graph, owner in owners.items() if name in owner.fields}
    types = [field.type for field in sources.values()]
    merged_type = merge_output(types, gathered.is_subtype) or types[0]
    joins = tuple(_join(gathered, graph, owners[graph], field, merged_type) for graph, field in sources.items())
    everywhere = len(sources) == len(owners)
    # Whoever may not read an implementer's field may not read it through the interface (GHSA-x33c-7c2v-mrj9).
    guards = [one.fields[name].marks for one in implementers if name in one.fields]
    return MergedField(
        name=name,
        type=merged_type,
        arguments=merge_arguments(sources),
        marks=guarded_by(merge_field_marks(sources.values()), guards),
        sources=sources,
        joins=() if everywhere and all(join.is_plain for join in joins) else joins,
    )


def _join(gathered: Gathered, graph: str, owner: CompositeType, field: Field, merged_type: str) -> JoinField:
    return JoinField(
        graph=graph,
        type=None if field.type == merged_type else field.type,
        override=field.override.source if field.override else None,
        override_label=field.override.label if field.override else None,
        external=field.external,
        provides=provided_text(gathered.graphs[graph].subgraph, field),
        requires=required_text(owner, field),
    )
