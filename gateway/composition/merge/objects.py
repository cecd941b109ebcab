"""Merges object types: the fields of all subgraphs, with joins that say who resolves what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gateway.composition.gathered import Gathered
from gateway.composition.merge.inputs import merge_arguments
from gateway.composition.merge.join_fields import ObjectField, is_dropped, object_joins, query_joins
from gateway.composition.merge.marks import guarded_by, merge_field_marks, merge_marks
from gateway.composition.merge.required import Required, overridden_graphs
from gateway.composition.merged import JoinField, JoinType, MergedComposite, MergedField
from gateway.composition.type_references import merge_output
from gateway.schema.subgraph import CompositeType, Field, Kind, Marks

QUERY = "Query"


@dataclass(frozen=True, slots=True)
class _Object:
    """One object type while it is merged."""

    gathered: Gathered
    required: Required
    name: str
    sources: Mapping[str, CompositeType]
    interfaces: tuple[str, ...]


def merge_object(name: str, gathered: Gathered, required: Required) -> MergedComposite:
    """One object type from all its subgraphs."""
    sources = gathered.composites(name)
    one = _Object(gathered, required, name, sources, gathered.interfaces.get(name, ()))
    fields = {field: dict(_field_sources(sources, field)) for field in _field_names(sources)}
    pending = {field: _pending(one, field, found) for field, found in fields.items()}
    joins = _type_joins(one, pending)
    merged: dict[str, MergedField] = {}
    for field, found in pending.items():
        if name == QUERY or not is_dropped(found):
            merged[field] = _merge_field(one, found, joins)
    for inherited in _from_interface_objects(one):
        merged.setdefault(inherited.name, inherited)
    marks = merge_marks(source.marks for source in sources.values())
    return MergedComposite(Kind.OBJECT, name, merged, one.interfaces, marks, sources, joins)


def _field_names(sources: Mapping[str, CompositeType]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field for source in sources.values() for field in source.fields))


def _field_sources(sources: Mapping[str, CompositeType], name: str) -> Iterator[tuple[str, Field]]:
    for graph, source in sources.items():
        if name in source.fields:
            yield graph, source.fields[name]


def _pending(one: _Object, name: str, sources: Mapping[str, Field]) -> ObjectField:
    return ObjectField(
        gathered=one.gathered,
        required=one.required,
        owners=one.sources,
        sources=sources,
        owner=one.name,
        name=name,
        type=_merged_type(one, sources),
        interface_graphs=frozenset(_interface_graphs(one, name)),
    )


def _merged_type(one: _Object, sources: Mapping[str, Field]) -> str:
    own = [field.type for graph, field in sources.items() if not _is_foreign(one, graph, field)]
    types = own or [field.type for field in sources.values()]
    # Types that do not go together are reported by a rule; the first one stands in until then.
    return merge_output(types, one.gathered.is_subtype) or types[0]


def _is_foreign(one: _Object, graph: str, field: Field) -> bool:
    """Whether the graph only repeats a type that others decide. In federation 1 only @extends makes that so."""
    if not one.gathered.graphs[graph].subgraph.is_federation_1:
        return field.external
    return field.external and is_federation_extension(one.gathered, graph, one.sources[graph])


def is_federation_extension(gathered: Gathered, graph: str, source: CompositeType) -> bool:
    """Whether the graph extends the type in federation's sense: @extends, or in federation 2 also a bare `extend type`."""
    if source.extends_directive:
        return True
    federation_1 = gathered.graphs[graph].subgraph.is_federation_1
    return source.extended and not source.defined and not federation_1


def _interface_graphs(one: _Object, field: str) -> Iterator[str]:
    for interface in one.interfaces:
        for graph, source in one.gathered.composites(interface).items():
            if field in source.fields:
                yield graph


def _type_joins(one: _Object, fields: Mapping[str, ObjectField]) -> tuple[JoinType, ...]:
    if one.name == QUERY:
        return tuple(JoinType(graph) for graph in one.gathered.graphs)
    return tuple(join for graph in one.sources if _is_kept(one, graph, fields) for join in _joins_of(one, graph))


def _joins_of(one: _Object, graph: str) -> Iterator[JoinType]:
    source = one.sources[graph]
    extension = is_federation_extension(one.gathered, graph, source)
    if not source.keys:
        yield JoinType(graph)
    for key in source.keys:
        yield JoinType(graph, key.fields.text, extension, key.resolvable)


def _is_kept(one: _Object, graph: str, fields: Mapping[str, ObjectField]) -> bool:
    """A graph that only extends the type by fields it does not resolve has no part in it."""
    source = one.sources[graph]
    return bool(source.keys) or source.defined or any(_keeps(fields[name], graph) for name in source.fields)


def _keeps(field: ObjectField, graph: str) -> bool:
    overridden = overridden_graphs(field.gathered, field.owner, field.name)
    stale = field.required.is_stale(graph, field.coordinate)
    return (
        not field.sources[graph].external
        or field.is_needed(graph)
        or (field.owners[graph].extended and not stale)
        or field.is_used_although_overridden(graph, overridden)
    )


def _merge_field(one: _Object, field: ObjectField, joins: tuple[JoinType, ...]) -> MergedField:
    is_query = one.name == QUERY
    return MergedField(
        name=field.name,
        type=field.type,
        arguments=merge_arguments(field.sources),
        marks=guarded_by(_field_marks(one, field), _interface_object_marks(one, field.name)),
        sources=field.sources,
        joins=query_joins(field, len(one.gathered.graphs)) if is_query else object_joins(field, joins),
    )


def _field_marks(one: _Object, field: ObjectField) -> Marks:
    marks = merge_field_marks(field.sources.values())
    is_entity = any(source.keys for source in one.sources.values())
    if is_entity and marks.description:
        # Whoever takes an entity's field over also takes over its words.
        for source in field.sources.values():
            if source.override and not source.shareable:
                marks = replace(marks, description=source.marks.description)
    return marks


def _interface_object_marks(one: _Object, field: str) -> Iterator[Marks]:
    """What the subgraphs that know the type's interfaces as @interfaceObject say of the field."""
    for source in _interface_objects(one):
        if field in source.fields:
            yield source.fields[field].marks


def _interface_objects(one: _Object) -> Iterator[CompositeType]:
    for interface in one.interfaces:
        sources = one.gathered.composites(interface).values()
        if any(source.interface_object for source in sources):
            yield from sources


def _from_interface_objects(one: _Object) -> Iterator[MergedField]:
    """Fields that the object has only because an @interfaceObject gives them to every implementer."""
    for interface in one.interfaces:
        sources = one.gathered.composites(interface)
        if not any(source.interface_object for source in sources.values()):
            continue
        for name in _field_names(sources):
            found = dict(_field_sources(sources, name))
            types = [field.type for field in found.values()]
            yield MergedField(
                name=name,
                type=merge_output(types, one.gathered.is_subtype) or types[0],
                arguments=merge_arguments(found),
                marks=merge_field_marks(found.values()),
                sources={},
                joins=(JoinField(),),
                from_interface_object=True,
            )
