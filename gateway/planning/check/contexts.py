"""Arguments that an ancestor supplies (`@fromContext`): is it the nearest one, and does it send what the context means?

What comes in: an arrival with the things on its way. What goes out: for each supplied argument the ancestor and the field set
whose value it must be; faults where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import VariableNode

from gateway.planning.check.fault import FaultKind, Faults
from gateway.planning.check.fields import Part
from gateway.planning.check.service import Services
from gateway.planning.check.source import Entry, read_source
from gateway.planning.check.thing import Arrival, Thing
from gateway.planning.plan import ContextInput
from gateway.query_graph.definitions import ContextArgument


@dataclass(frozen=True, slots=True)
class Supply:
    """A value that is sent: `given` of the objects that `ancestor` stands for, which must be `wanted` of them."""

    given: ContextInput
    ancestor: Thing
    wanted: Part


def supplies_of(services: Services, arrival: Arrival, thing: Thing, faults: Faults) -> Iterator[Supply]:
    """What the fields that a delivery selects of its own object take from contexts."""
    for entry in read_source(arrival.source) if arrival.source is not None else ():
        join = entry.source.service.join(entry.source.runtime, entry.name)
        for argument in join.context_arguments if join is not None else ():
            found = _supply(services, arrival, entry, argument)
            if isinstance(found, Supply):
                yield found
            else:
                name = f"{entry.source.runtime}.{entry.name}({argument.name})"
                faults.add(FaultKind.INPUT, arrival.delivery.id, thing.path, f"{name} {found}")


def _supply(services: Services, arrival: Arrival, entry: Entry, argument: ContextArgument) -> Supply | str:
    """The supply of one argument, or what is wrong with it."""
    variables = {
        one.value.name.value if isinstance(one.value, VariableNode) else None
        for node, _ in entry.nodes
        for one in node.arguments or ()
        if one.name.value == argument.name
    }
    given = next((one for one in arrival.delivery.contexts if variables == {one.variable}), None)
    if given is None:
        return "is given no value from a context"
    if given.type != argument.type:
        return f"wants {argument.type} and is given {given.type}"
    types = services.supergraph.context_types.get(argument.context, 0)
    ancestors = [one for one in arrival.way if services.supergraph.possible(one.thing.type) & types]
    if not ancestors:
        return f"has no ancestor with the context {argument.context}"
    nearest = ancestors[-1]
    if not nearest.entered <= given.above <= nearest.left:
        return f"takes its value from another object than the nearest {nearest.thing.type}"
    return Supply(given, nearest.thing, services.field_sets.read(argument.selection))
