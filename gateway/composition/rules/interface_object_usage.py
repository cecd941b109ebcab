"""INTERFACE_OBJECT_USAGE_ERROR: an @interfaceObject stands for an interface that another subgraph defines."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.gathered import Gathered
from gateway.composition.result import CompositionError
from gateway.composition.wording import listed, names
from gateway.schema.subgraph import CompositeType, Kind

_CODE = "INTERFACE_OBJECT_USAGE_ERROR"


def check(gathered: Gathered) -> Iterator[CompositionError]:
    """Some subgraph has the real interface, and who abstracts from the implementers does not define them."""
    for name in gathered.types:
        sources = gathered.composites(name)
        objects = {graph: one for graph, one in sources.items() if one.interface_object}
        if not objects:
            continue
        if len(objects) == len(sources):
            message = (
                f'Type "{name}" is declared with @interfaceObject in all the subgraphs in which it is defined:'
                " at least one subgraph must define it as an interface"
            )
            yield CompositionError(_CODE, message, names(gathered, objects))
        yield from _with_implementers(gathered, name, objects)


def _with_implementers(gathered: Gathered, name: str, objects: dict[str, CompositeType]) -> Iterator[CompositionError]:
    for graph in objects:
        own = gathered.graphs[graph].subgraph
        found = [one for one in gathered.implementers.get(name, ()) if _is_object(own.composite(one))]
        if found:
            message = (
                f'[{own.name}] Interface type "{name}" is defined as an @interfaceObject in subgraph "{own.name}" so that'
                f' subgraph should not define any of the implementation types of "{name}", but it defines'
                f" type{'s' if len(found) > 1 else ''} {listed(found)}"
            )
            yield CompositionError(_CODE, message, (own.name,))


def _is_object(one: CompositeType | None) -> bool:
    return one is not None and one.kind is Kind.OBJECT and not one.interface_object
