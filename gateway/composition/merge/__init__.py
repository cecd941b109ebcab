"""Merging: every subgraph's types side by side → one supergraph, one file per kind of type.

Precondition: a type name has the same kind everywhere (the rules before merging see to it).
"""

from __future__ import annotations

from gateway.composition.gathered import Gathered, kind_in_supergraph
from gateway.composition.merge.directives import composed_links, merge_directives
from gateway.composition.merge.enums import merge_enum
from gateway.composition.merge.inputs import merge_input_object
from gateway.composition.merge.interfaces import merge_interface
from gateway.composition.merge.objects import merge_object
from gateway.composition.merge.required import read_required
from gateway.composition.merge.unions import merge_scalar, merge_union
from gateway.composition.merged import Merged, MergedComposite, MergedType
from gateway.schema.subgraph import Kind


def merge(gathered: Gathered) -> Merged:
    """Merge all types and directives."""
    required = read_required(gathered)
    kinds = {name: kind_in_supergraph(next(iter(sources.values()))) for name, sources in gathered.types.items()}
    objects = {name: merge_object(name, gathered, required) for name, kind in kinds.items() if kind is Kind.OBJECT}
    types = {name: _merge_type(name, kind, gathered, objects) for name, kind in kinds.items()}
    directives = merge_directives(gathered)
    return Merged(gathered, types, directives, composed_links(gathered, directives))


def _merge_type(name: str, kind: Kind, gathered: Gathered, objects: dict[str, MergedComposite]) -> MergedType:
    match kind:
        case Kind.OBJECT:
            return objects[name]
        case Kind.INTERFACE:
            return merge_interface(name, gathered, objects)
        case Kind.UNION:
            return merge_union(name, gathered)
        case Kind.ENUM:
            return merge_enum(name, gathered)
        case Kind.INPUT_OBJECT:
            return merge_input_object(name, gathered)
        case Kind.SCALAR:
            return merge_scalar(name, gathered)
