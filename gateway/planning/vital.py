"""The fields of a mutation whose null makes the whole answer null: they must not be null, and nothing above them may be.

Once one of them is, the client will be told `data: null`: by the specification nothing is changed any more. The executor looks
at them between the groups of a mutation's root fields.
Source: GraphQL specification, 6.2.2 "Mutation" and 6.4.4 "Handling Execution Errors".
"""

from __future__ import annotations

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    is_list_type,
    is_non_null_type,
)

from gateway.planning.normalise.operation import Operation
from gateway.planning.plan import Vital
from gateway.query_graph.selections import Selection, SelectionSet
from gateway.query_graph.supergraph import Supergraph


def find_vital(supergraph: Supergraph, operation: Operation) -> tuple[Vital, ...]:
    """The vital root fields of a mutation, each with what is vital below it; nothing for other operations."""
    if operation.kind != "mutation":
        return ()
    return _Finder(supergraph).of_set(operation.selections)


class _Finder:
    def __init__(self, supergraph: Supergraph) -> None:
        self._supergraph = supergraph
        self._schema: GraphQLSchema = supergraph.api_schema
        self._known: dict[SelectionSet, tuple[Vital, ...]] = {}

    def of_set(self, wanted: SelectionSet) -> tuple[Vital, ...]:
        known = self._known.get(wanted)
        if known is None:
            whole = self._supergraph.possible(wanted.type_name)
            known = tuple(vital for selection in wanted.selections for vital in self._of(selection, whole))
            self._known[wanted] = known
        return known

    def _of(self, selection: Selection, whole: int) -> list[Vital]:
        types: dict[tuple[int, bool], list[str]] = {}
        for name in self._supergraph.names(selection.types):
            kind = self._field_type(name, selection.name)
            if kind is not None and is_non_null_type(kind):
                types.setdefault(_non_null_levels(kind), []).append(name)
        found = []
        for (depth, is_whole), names in types.items():
            below = self.of_set(selection.children) if is_whole and selection.children is not None else ()
            on = () if self._supergraph.mask(names) == whole else tuple(names)
            found.append(Vital(selection.key, on, tuple(selection.conditions), depth, below))
        return found

    def _field_type(self, type_name: str, field: str) -> GraphQLOutputType | None:
        kind = self._schema.get_type(type_name)
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or field not in kind.fields:
            return None
        found: GraphQLOutputType = kind.fields[field].type
        return found


def _non_null_levels(kind: GraphQLOutputType) -> tuple[int, bool]:
    """For a type that is not null: in how many levels of lists no item may be null, and whether that goes down to the bottom.

    `T!` and `Json!` → 0, yes; `[T!]!` → 1, yes; `[[T]!]!` → 1, no. What is inside of a scalar is no level.
    """
    depth = 0
    inner = kind.of_type if is_non_null_type(kind) else kind
    while is_list_type(inner):
        item = inner.of_type
        if not is_non_null_type(item):
            return depth, False
        depth, inner = depth + 1, item.of_type
    return depth, True
