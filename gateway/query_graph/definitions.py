"""The words in which a supergraph tells what its subgraphs hold: types, fields, arguments and how each subgraph has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from graphql import NamedTypeNode, TypeNode
from graphql.language import ListTypeNode, NonNullTypeNode


class Kind(Enum):
    """The kinds of GraphQL types."""

    OBJECT = "object"
    INTERFACE = "interface"
    UNION = "union"
    ENUM = "enum"
    INPUT = "input"
    SCALAR = "scalar"


@dataclass(frozen=True, slots=True)
class SubgraphService:
    """A subgraph: `graph` is its value of `join__Graph`, `name` what people call it, `url` where it is (may be empty)."""

    graph: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class JoinType:
    """`@join__type`: a subgraph has the type, perhaps with one key."""

    graph: str
    key: str | None = None
    resolvable: bool = True
    interface_object: bool = False


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument of a subgraph's field that the gateway fills from an ancestor (`@fromContext`)."""

    name: str
    type: str
    context: str
    selection: str

    @property
    def supply(self) -> str:
        """What an ancestor must supply: fields that use the same selection of one context use the same value."""
        return f"{self.context} {self.selection}"


@dataclass(frozen=True, slots=True)
class JoinField:
    """`@join__field`: how one subgraph holds a field. `graph` is None for a field that no subgraph resolves by itself."""

    graph: str | None
    requires: str | None = None
    provides: str | None = None
    type: TypeNode | None = None
    external: bool = False
    override: str | None = None
    override_label: str | None = None
    used_overridden: bool = False
    context_arguments: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class ArgumentDef:
    """An argument or input field: its type and, as GraphQL text, its default."""

    name: str
    type: TypeNode
    default: str | None
    graphs: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class FieldDef:
    """A field of the supergraph; `joins` holds one entry per subgraph that has it."""

    name: str
    type: TypeNode
    arguments: tuple[ArgumentDef, ...]
    joins: Mapping[str, JoinField]

    def type_in(self, graph: str) -> TypeNode:
        """The field's type as that subgraph declares it."""
        return self.joins[graph].type or self.type


@dataclass(frozen=True, slots=True)
class TypeDef:
    """A type of the supergraph. `implements` and `members` map a subgraph to names, `values` an enum value to subgraphs.

    `contexts` are the contexts (`@context`) that its objects supply to fields below them.
    """

    name: str
    kind: Kind
    joins: Mapping[str, tuple[JoinType, ...]]
    fields: Mapping[str, FieldDef] = field(default_factory=dict)
    implements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    interfaces: tuple[str, ...] = ()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    all_members: tuple[str, ...] = ()
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    contexts: tuple[str, ...] = ()
    inputs: tuple[ArgumentDef, ...] = ()

    def interface_object_in(self, graph: str) -> bool:
        """True when that subgraph has this interface as an `@interfaceObject`."""
        return any(join.interface_object for join in self.joins.get(graph, ()))


COMPOSITE = frozenset({Kind.OBJECT, Kind.INTERFACE, Kind.UNION})


def named_type(node: TypeNode) -> str:
    """The name inside a type reference's lists and `!`."""
    while isinstance(node, (ListTypeNode, NonNullTypeNode)):
        node = node.type
    assert isinstance(node, NamedTypeNode)
    return node.name.value


def list_depth(node: TypeNode) -> int:
    """How many lists a type reference has."""
    depth = 0
    while isinstance(node, (ListTypeNode, NonNullTypeNode)):
        depth += isinstance(node, ListTypeNode)
        node = node.type
    return depth
