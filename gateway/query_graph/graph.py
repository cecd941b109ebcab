"""The query graph: where an object can be looked at, and the moves between these places.

    Node        a type in one subgraph, or in one `@provides` view of it
    FieldMove   ask a field: to a node of the same subgraph, or to a leaf
    EntityMove  the same object in another subgraph, by a key (the requirement says what must be known before)
    RootMove    a root type, from nothing or from inside an answer, in a subgraph (re-entry)

An abstract node knows its `members` (the abstract moves). An *opaque* node is an `@interfaceObject`: the subgraph sees one
object type and cannot tell which implementation it is; entity moves lead into it from every implementation, and out of it to
a subgraph that has the interface (`reveals`). An interface that nothing implements is opaque as well.

The graph is frozen once built; `memory` is where planning keeps what does not depend on an operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from gateway.query_graph.definitions import ContextArgument
from gateway.query_graph.selections import SelectionSet
from gateway.query_graph.supergraph import Supergraph


class NodeKind(Enum):
    """How much a node knows of its objects' types."""

    CONCRETE = "concrete"
    ABSTRACT = "abstract"
    OPAQUE = "opaque"


@dataclass(slots=True, eq=False)
class Node:
    """A type in a subgraph. `mask`: the object types that can be met here. `view` is empty or names a `@provides`."""

    number: int
    type_name: str
    graph: str
    kind: NodeKind
    mask: int
    view: str = ""
    fields: dict[str, FieldMove] = field(default_factory=dict)
    members: dict[int, Node] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"{self.type_name}/{self.graph}{'/' + self.view if self.view else ''}"


@dataclass(frozen=True, slots=True, eq=False)
class FieldMove:
    """A field of `source`. `target` is None for leaves.

    `requires`: what a representation must carry beside the key. `label`: with `@override(label:)`, the label and the state of
    it in which this subgraph answers. `for_inputs`: overridden away, yet still right for keys and requirements.
    `shape` is the field's type as the subgraph prints it, for telling conflicting shapes. `contexts`: arguments that an
    ancestor supplies; such a field is always asked by an entity fetch of its own.
    """

    name: str
    source: Node
    target: Node | None
    list_depth: int
    shape: str
    requires: SelectionSet | None = None
    label: tuple[str, bool] | None = None
    for_inputs: bool = False
    contexts: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class EntityMove:
    """From any node of the same object to `target`, given `key`. Without a key it is a root type's re-entry."""

    target: Node
    key: SelectionSet | None
    key_text: str = ""


class QueryGraph:
    """All nodes and moves of one supergraph."""

    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        self.nodes: list[Node] = []
        self.at: dict[tuple[str, str], Node] = {}
        """(type name, graph) → the node without a view."""
        self.entity_moves: dict[str, tuple[EntityMove, ...]] = {}
        """Type name → the moves by which an object of it is found in other subgraphs (an interface: opaque ones only)."""
        self.reveals: dict[str, tuple[EntityMove, ...]] = {}
        """Interface → the moves that tell an interface object's true type."""
        self.holders: dict[str, dict[str, tuple[Node, ...]]] = {}
        """Type name → field → the nodes where objects of the type have it."""
        self.roots: dict[str, Node] = {}
        """Operation kind → the node before any subgraph."""
        self.memory: dict[Any, Any] = {}

    def moves_into(self, type_name: str, node: Node) -> tuple[EntityMove, ...]:
        """The moves by which an object of `type_name` is found at `node`."""
        return tuple(move for move in self.entity_moves.get(type_name, ()) if move.target is node)

    def holders_of(self, type_name: str, field_name: str) -> tuple[Node, ...]:
        """The nodes at which an object of `type_name` has a field."""
        return self.holders.get(type_name, {}).get(field_name, ())

    @property
    def labels(self) -> tuple[str, ...]:
        """Every override label in use."""
        return self.supergraph.override_labels


Labels = frozenset[str]
EMPTY: Mapping[str, FieldMove] = {}


def answers(move: FieldMove, labels: Labels) -> bool:
    """True when the move's subgraph answers the field under these active override labels."""
    return move.label is None or (move.label[0] in labels) is move.label[1]
