"""Merges unions (all members of all subgraphs) and scalars."""

from __future__ import annotations

from gateway.composition.gathered import Gathered
from gateway.composition.merge.marks import merge_marks
from gateway.composition.merged import MergedScalar, MergedUnion
from gateway.schema.subgraph import ScalarType, UnionType


def merge_union(name: str, gathered: Gathered) -> MergedUnion:
    """One union from all its subgraphs."""
    sources = {graph: one for graph, one in gathered.types[name].items() if isinstance(one, UnionType)}
    return MergedUnion(name, gathered.members.get(name, ()), merge_marks(one.marks for one in sources.values()), sources)


def merge_scalar(name: str, gathered: Gathered) -> MergedScalar:
    """One custom scalar from all its subgraphs."""
    sources = {graph: one for graph, one in gathered.types[name].items() if isinstance(one, ScalarType)}
    return MergedScalar(name, merge_marks(one.marks for one in sources.values()), sources)
