"""The merged form of a supergraph: what the merge kinds make, the rules look at, and the printer prints.

Every merged element keeps its `sources`: graph id → the element in that subgraph, in the order of the graphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import ConstValueNode

from gateway.composition.gathered import Gathered
from gateway.schema.subgraph import (
    CompositeType,
    Directive,
    EnumType,
    EnumValue,
    Field,
    InputObjectType,
    InputValue,
    Kind,
    Marks,
    ScalarType,
    UnionType,
)


@dataclass(frozen=True, slots=True)
class JoinType:
    """@join__type: the type is in `graph`, with this key if any."""

    graph: str
    key: str | None = None
    extension: bool = False
    resolvable: bool = True
    interface_object: bool = False


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument that `graph` fills from a context: part of @join__field(contextArguments:)."""

    name: str
    type: str
    context: str
    selection: str


@dataclass(frozen=True, slots=True)
class JoinField:
    """@join__field: how `graph` takes part in the field; no graph for a field that interface objects bring."""

    graph: str | None = None
    type: str | None = None
    override: str | None = None
    override_label: str | None = None
    used_overridden: bool = False
    external: bool = False
    provides: str | None = None
    requires: str | None = None
    context_arguments: tuple[ContextArgument, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it says nothing but the graph."""
        return self == JoinField(self.graph)


@dataclass(frozen=True, slots=True)
class MergedInput:
    """A merged argument or input field."""

    name: str
    type: str
    default: ConstValueNode | None
    marks: Marks
    sources: Mapping[str, InputValue]
    joins: tuple[JoinField, ...] = ()


@dataclass(frozen=True, slots=True)
class MergedField:
    """A merged field. `from_interface_object`: an implementer has it only through an @interfaceObject."""

    name: str
    type: str
    arguments: Mapping[str, MergedInput]
    marks: Marks
    sources: Mapping[str, Field]
    joins: tuple[JoinField, ...] = ()
    from_interface_object: bool = False


@dataclass(frozen=True, slots=True)
class MergedComposite:
    """A merged object or interface."""

    kind: Kind
    name: str
    fields: Mapping[str, MergedField]
    interfaces: tuple[str, ...]
    marks: Marks
    sources: Mapping[str, CompositeType]
    joins: tuple[JoinType, ...]


@dataclass(frozen=True, slots=True)
class MergedUnion:
    """A merged union: the members of every subgraph."""

    name: str
    members: tuple[str, ...]
    marks: Marks
    sources: Mapping[str, UnionType]
    kind: Kind = Kind.UNION


@dataclass(frozen=True, slots=True)
class MergedEnumValue:
    """A merged enum value."""

    name: str
    marks: Marks
    sources: Mapping[str, EnumValue]


@dataclass(frozen=True, slots=True)
class MergedEnum:
    """A merged enum; how its values merge depends on whether it is read, written or both."""

    name: str
    values: Mapping[str, MergedEnumValue]
    marks: Marks
    sources: Mapping[str, EnumType]
    is_input: bool
    is_output: bool
    kind: Kind = Kind.ENUM


@dataclass(frozen=True, slots=True)
class MergedInputObject:
    """A merged input object: the fields that every subgraph accepts."""

    name: str
    fields: Mapping[str, MergedInput]
    marks: Marks
    sources: Mapping[str, InputObjectType]
    kind: Kind = Kind.INPUT_OBJECT


@dataclass(frozen=True, slots=True)
class MergedScalar:
    """A merged custom scalar."""

    name: str
    marks: Marks
    sources: Mapping[str, ScalarType]
    kind: Kind = Kind.SCALAR


MergedType = MergedComposite | MergedUnion | MergedEnum | MergedInputObject | MergedScalar


@dataclass(frozen=True, slots=True)
class MergedDirective:
    """A directive that the supergraph defines: composed (`link` says of which specification) or executable."""

    name: str
    locations: tuple[str, ...]
    repeatable: bool
    arguments: Mapping[str, MergedInput]
    sources: Mapping[str, Directive]
    composed: bool


@dataclass(frozen=True, slots=True)
class ComposedLink:
    """A @link of the supergraph for composed directives; `imports` are (name, alias) pairs with their `@`."""

    url: str
    imports: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """The whole supergraph before it is text."""

    gathered: Gathered
    types: Mapping[str, MergedType]
    directives: Mapping[str, MergedDirective]
    links: tuple[ComposedLink, ...]

    def composite(self, name: str) -> MergedComposite | None:
        """The object or interface of that name."""
        found = self.types.get(name)
        return found if isinstance(found, MergedComposite) else None

    def composites(self) -> Iterator[MergedComposite]:
        """All objects and interfaces."""
        return (one for one in self.types.values() if isinstance(one, MergedComposite))

    def graph_name(self, graph: str) -> str:
        """The subgraph's name behind a value of `join__Graph`."""
        return self.gathered.graphs[graph].name
