"""Why a subgraph does not answer a field: the facts of the supergraph, most telling first.

In: a field of a type, what is selected inside it, a subgraph. Out: a reason in words, or None when nothing stands against it.
Where the reason names the field it says `FIELD`, so that fields with the same reason can be told together.
"""

from __future__ import annotations

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from gateway.query_graph.definitions import FieldDef, JoinField, TypeDef, named_type
from gateway.query_graph.graph import Labels, QueryGraph

FIELD = "%FIELD%"


class Reasons:
    """The facts of one supergraph under the override labels that are on."""

    def __init__(self, graph: QueryGraph, labels: Labels) -> None:
        self._supergraph = graph.supergraph
        self._graph = graph
        self._labels = labels
        self._owners_of: dict[str, tuple[TypeDef, ...]] = {}

    def holders(self, type_name: str, field: str) -> dict[str, None]:
        """The subgraphs (as `join__Graph` values) that have something to do with the field, interface objects included."""
        found: dict[str, None] = {}
        for owner in self._owners(type_name):
            if field in owner.fields:
                definition = owner.fields[field]
                found.update(dict.fromkeys(graph for graph in definition.joins if self._is_here(owner, type_name, graph)))
                overridden = (join.override for join in definition.joins.values() if join.override)
                names = {service.name: graph for graph, service in self._supergraph.graphs.items()}
                found.update(dict.fromkeys(names[name] for name in overridden if name in names))
        return found

    def join(self, type_name: str, field: str, graph: str) -> JoinField | None:
        """How a subgraph holds the field of that type, perhaps as an interface object's."""
        for owner in self._owners(type_name):
            definition = owner.fields.get(field)
            if definition is not None and graph in definition.joins and self._is_here(owner, type_name, graph):
                return definition.joins[graph]
        return None

    def why_not(self, type_name: str, node: FieldNode, graph: str) -> str | None:
        """Why the subgraph does not answer the field with all that is selected inside."""
        field = node.name.value
        if field == "__typename":
            return None
        if not any(graph in owner.joins for owner in self._owners(type_name)):
            return f"does not know {type_name}"
        join = self.join(type_name, field, graph)
        if join is None:
            taker = self._taker(type_name, field, graph)
            if taker:
                return f"gave {FIELD} to {taker} (@override)"
            return f"{self._opaque(type_name, graph)}has no {FIELD}"
        reason = self._against(type_name, field, join, graph)
        if reason is not None or node.selection_set is None:
            return reason
        definition = self._definition(type_name, field)
        inner = join.type if join.type is not None else definition.type if definition is not None else None
        below = self._inside(named_type(inner), node.selection_set, graph) if inner is not None else None
        return f"{below}, which is asked inside {FIELD}" if below else None

    def entry_keys(self, type_name: str, graph: str) -> tuple[str, ...]:
        """The keys by which an object of the type can be looked up in a subgraph."""
        moves = (*self._graph.entity_moves.get(type_name, ()), *self._graph.reveals.get(type_name, ()))
        return tuple(dict.fromkeys(move.key_text for move in moves if move.target.graph == graph and move.key is not None))

    def _opaque(self, type_name: str, graph: str) -> str:
        """That the subgraph sees an interface object, where it does: it cannot tell which type an object is."""
        owners = self._owners(type_name)
        if graph in owners[0].joins and not owners[0].interface_object_in(graph):
            return ""
        seen = next((owner.name for owner in owners if owner.interface_object_in(graph)), None)
        return f"sees {seen} as one type (@interfaceObject) and " if seen else ""

    def _against(self, type_name: str, field: str, join: JoinField, graph: str) -> str | None:
        if join.external:
            return f"has {FIELD} only as @external"
        if join.override_label is not None:
            is_on = join.override_label in self._labels
            if is_on is not (join.override is not None):
                state = "on" if is_on else "off"
                return f"does not answer {FIELD} while the label {join.override_label!r} is {state} (@override)"
        elif join.used_overridden:
            taker = self._taker(type_name, field, graph) or "another subgraph"
            return f"gave {FIELD} to {taker} (@override)"
        return None

    def _inside(self, type_name: str, node: SelectionSetNode, graph: str) -> str | None:
        for one in node.selections:
            if isinstance(one, FieldNode):
                reason = self.why_not(type_name, one, graph)
            elif isinstance(one, InlineFragmentNode):
                name = one.type_condition.name.value if one.type_condition else type_name
                known = graph in self._supergraph.types[name].joins
                reason = self._inside(name, one.selection_set, graph) if known else f"does not know {name}"
            else:
                continue
            if reason is not None:
                return reason.replace(FIELD, f"{type_name}.{one.name.value}") if isinstance(one, FieldNode) else reason
        return None

    def _taker(self, type_name: str, field: str, graph: str) -> str | None:
        definition = self._definition(type_name, field)
        if definition is None:
            return None
        name = self._supergraph.graphs[graph].name
        takers = (taker for taker, join in definition.joins.items() if join.override == name)
        return next((self._supergraph.graphs[taker].name for taker in takers), None)

    def _definition(self, type_name: str, field: str) -> FieldDef | None:
        return next((owner.fields[field] for owner in self._owners(type_name) if field in owner.fields), None)

    def _owners(self, type_name: str) -> tuple[TypeDef, ...]:
        """The type, then the interfaces that may be interface objects for it."""
        known = self._owners_of.get(type_name)
        if known is None:
            types, implementers = self._supergraph.types, self._supergraph.implementers
            interfaces = [types[name] for name in sorted(implementers) if name in types and type_name in implementers[name]]
            known = self._owners_of[type_name] = (types[type_name], *interfaces)
        return known

    def _is_here(self, owner: TypeDef, type_name: str, graph: str) -> bool:
        return owner.name == type_name or owner.interface_object_in(graph)
