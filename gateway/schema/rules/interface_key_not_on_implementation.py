"""INTERFACE_KEY_NOT_ON_IMPLEMENTATION: who can look an interface up by a key can look its objects up by that key."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.field_sets import leaf_paths
from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import CompositeType, Key, Kind, Subgraph
from gateway.schema.versions import Version


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Each key of an interface is also on every object that implements it here, resolvable where the interface's is."""
    if subgraph.version < Version(2, 3):
        return
    for interface in subgraph.composites():
        if interface.kind is not Kind.INTERFACE:
            continue
        objects = [one for one in subgraph.composites() if one.kind is Kind.OBJECT and interface.name in one.interfaces]
        for key in interface.keys:
            for one in objects:
                yield from _check(interface, key, one)


def _check(interface: CompositeType, key: Key, one: CompositeType) -> Iterator[Problem]:
    wanted = leaf_paths(key.fields.selections)
    same = [other for other in one.keys if leaf_paths(other.fields.selections) == wanted]
    place = f'Key @key(fields: "{key.fields.text}") on interface type "{interface.name}"'
    if not same:
        message = f'{place} is missing on implementation type "{one.name}".'
        yield problem("INTERFACE_KEY_NOT_ON_IMPLEMENTATION", message, interface.node)
    elif key.resolvable and not any(other.resolvable for other in same):
        message = f'{place} should be resolvable on all implementation types, but is declared non-resolvable on "{one.name}".'
        yield problem("INTERFACE_KEY_NOT_ON_IMPLEMENTATION", message, interface.node)
