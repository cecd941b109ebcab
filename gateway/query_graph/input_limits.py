"""What of the input types one subgraph does not know: enum values and input fields that only others have.

A composer that follows the rules lets clients send only what all know; a supergraph may come from any. In: a supergraph and a
value of `join__Graph`. Out: for each input type through which something unknown could be sent, where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.query_graph.definitions import Kind, TypeDef, named_type
from gateway.query_graph.supergraph import Supergraph


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InputLimits:
    """An input type as one subgraph knows it: what it lacks, and the limits of the types of its `fields`."""

    type_name: str
    lacks: frozenset[str]
    fields: dict[str, InputLimits] = field(default_factory=dict)

    def unknown_in(self, value: Any) -> str | None:
        """The first enum value or input field (`Type.name`) in a JSON value that the subgraph does not know."""
        if isinstance(value, list):
            return next((found for one in value if (found := self.unknown_in(one)) is not None), None)
        if isinstance(value, str):
            return f"{self.type_name}.{value}" if value in self.lacks else None
        if not isinstance(value, dict):
            return None
        for name, inner in value.items():
            if name in self.lacks:
                return f"{self.type_name}.{name}"
            found = self.fields[name].unknown_in(inner) if name in self.fields else None
            if found is not None:
                return found
        return None


def input_limits(supergraph: Supergraph, graph: str) -> dict[str, InputLimits]:
    """Input type → its limits in that subgraph, for types that have any, themselves or further inside."""
    inputs = [one for one in supergraph.types.values() if one.kind in (Kind.ENUM, Kind.INPUT) and graph in one.joins]
    made = {one.name: InputLimits(one.name, _lacks(one, graph)) for one in inputs}
    for one in inputs:
        for argument in one.inputs:
            inner = made.get(named_type(argument.type))
            if inner is not None:
                made[one.name].fields[argument.name] = inner
    limited = {name for name, one in made.items() if one.lacks}
    grown = True
    while grown:
        more = {name for name, one in made.items() if any(inner.type_name in limited for inner in one.fields.values())}
        grown = not more <= limited
        limited |= more
    return {name: made[name] for name in sorted(limited)}


def _lacks(type_: TypeDef, graph: str) -> frozenset[str]:
    values = (name for name, graphs in type_.values.items() if graph not in graphs)
    fields = (one.name for one in type_.inputs if one.graphs is not None and graph not in one.graphs)
    return frozenset((*values, *fields))
