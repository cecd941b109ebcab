"""The typed form of a subgraph: what stage 1 hands to composition.

Everything is frozen; names of federation directives are the specification's, whatever the subgraph calls them; root types
are called Query, Mutation and Subscription; federation's own definitions are gone. Types are printed as in SDL (`[ID!]!`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from graphql import ConstDirectiveNode, ConstValueNode, DirectiveDefinitionNode, DocumentNode, Node

from gateway.schema.field_sets import FieldSet
from gateway.schema.links import SPECS, Link, argument
from gateway.schema.names import Names
from gateway.schema.problems import Problem
from gateway.schema.specification import implied_federation
from gateway.schema.versions import FEDERATION_1, Version

Conditions = tuple[tuple[str, ...], ...]
"""Scopes or policies: any of the inner groups suffices, of a group all are needed."""


class Kind(Enum):
    """The six kinds of GraphQL types."""

    OBJECT = "Object"
    INTERFACE = "Interface"
    UNION = "Union"
    ENUM = "Enum"
    INPUT_OBJECT = "InputObject"
    SCALAR = "Scalar"


@dataclass(frozen=True, slots=True)
class Applied:
    """A directive on something: `name` is the specification's for federation's own, else the subgraph's."""

    name: str
    federation: bool
    node: ConstDirectiveNode
    composed: bool = False
    """Whether the subgraph asks to compose it into the supergraph."""

    def value(self, name: str) -> ConstValueNode | None:
        """The value given to an argument."""
        return argument(self.node, name)


@dataclass(frozen=True, slots=True)
class ListSize:
    """@listSize: how long a list may be expected to get."""

    assumed_size: int | None
    slicing_arguments: tuple[str, ...] | None
    sized_fields: tuple[str, ...] | None
    require_one_slicing_argument: bool


@dataclass(frozen=True, slots=True)
class Deprecation:
    """@deprecated with its reason, None when the default reason holds."""

    reason: str | None


@dataclass(frozen=True, slots=True)
class Description:
    """A description and whether it was written as a block string."""

    text: str
    block: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """What directives and the description say of any element of a schema."""

    description: Description | None = None
    deprecation: Deprecation | None = None
    tags: tuple[str, ...] = ()
    inaccessible: bool = False
    authenticated: bool = False
    scopes: Conditions = ()
    policies: Conditions = ()
    cost: int | None = None
    list_size: ListSize | None = None
    one_of: bool = False
    specified_by: str | None = None
    applied: tuple[Applied, ...] = ()

    def all(self, name: str) -> tuple[Applied, ...]:
        """The applications of federation's directive `name`."""
        return tuple(one for one in self.applied if one.federation and one.name == name)

    def has(self, name: str) -> bool:
        """Whether federation's directive `name` is applied."""
        return any(one.federation and one.name == name for one in self.applied)


@dataclass(frozen=True, slots=True)
class InputValue:
    """An argument, or a field of an input object."""

    name: str
    type: str
    default: ConstValueNode | None
    marks: Marks
    node: Node
    context: str | None = None
    """The text of @fromContext(field:), when the argument is filled from a context."""

    @property
    def is_required(self) -> bool:
        """Whether it must be given: not nullable, without a default, and not filled from a context."""
        return self.type.endswith("!") and self.default is None and self.context is None


@dataclass(frozen=True, slots=True)
class Override:
    """@override: the field is taken over from subgraph `source`, progressively when there is a label."""

    source: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object or interface in one subgraph."""

    name: str
    type: str
    arguments: Mapping[str, InputValue]
    marks: Marks
    node: Node
    external: bool = False
    shareable: bool = False
    requires: FieldSet | None = None
    provides: FieldSet | None = None
    override: Override | None = None
    extension: bool = False
    """Whether it was written in `extend type`."""


@dataclass(frozen=True, slots=True)
class Key:
    """@key: the fields that identify an entity; `resolvable` says whether this subgraph can look it up."""

    fields: FieldSet
    resolvable: bool


@dataclass(frozen=True, slots=True)
class CompositeType:
    """An object or interface type in one subgraph."""

    kind: Kind
    name: str
    fields: Mapping[str, Field]
    interfaces: tuple[str, ...]
    keys: tuple[Key, ...]
    marks: Marks
    node: Node
    defined: bool
    """Whether there is a definition, not only `extend`."""
    extended: bool
    """Whether there is an `extend` or @extends."""
    extends_directive: bool
    interface_object: bool
    external: bool
    shareable: bool
    contexts: tuple[str, ...] = ()

    @property
    def is_interface(self) -> bool:
        """Whether the supergraph knows it as an interface: interfaces, and objects that stand for one."""
        return self.kind is Kind.INTERFACE or self.interface_object


@dataclass(frozen=True, slots=True)
class UnionType:
    """A union in one subgraph."""

    name: str
    members: tuple[str, ...]
    marks: Marks
    node: Node
    contexts: tuple[str, ...] = ()
    kind: Kind = Kind.UNION


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A value of an enum."""

    name: str
    marks: Marks
    node: Node


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enum in one subgraph."""

    name: str
    values: Mapping[str, EnumValue]
    marks: Marks
    node: Node
    kind: Kind = Kind.ENUM


@dataclass(frozen=True, slots=True)
class InputObjectType:
    """An input object in one subgraph."""

    name: str
    fields: Mapping[str, InputValue]
    marks: Marks
    node: Node
    kind: Kind = Kind.INPUT_OBJECT


@dataclass(frozen=True, slots=True)
class ScalarType:
    """A custom scalar in one subgraph."""

    name: str
    marks: Marks
    node: Node
    kind: Kind = Kind.SCALAR


Type = CompositeType | UnionType | EnumType | InputObjectType | ScalarType


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive a subgraph defines itself."""

    name: str
    locations: tuple[str, ...]
    repeatable: bool
    arguments: Mapping[str, InputValue]
    node: DirectiveDefinitionNode


@dataclass(frozen=True, slots=True)
class Usage:
    """Coordinates (`Type.field`) that field sets of this subgraph name, and that arguments take from contexts."""

    keys: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    provides: frozenset[str] = frozenset()
    contexts: frozenset[str] = frozenset()

    @property
    def any(self) -> frozenset[str]:
        """Every coordinate in any of them."""
        return self.keys | self.requires | self.provides | self.contexts


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One subgraph, read and checked by itself. With `problems` it can be named in errors, but not be composed."""

    name: str
    url: str | None
    version: Version
    links: tuple[Link, ...]
    names: Names
    types: Mapping[str, Type]
    directives: Mapping[str, Directive]
    composed: tuple[Applied, ...]
    """The applications of @composeDirective."""
    schema_marks: Marks
    usage: Usage
    document: DocumentNode
    problems: tuple[Problem, ...] = field(default=())

    @property
    def is_federation_1(self) -> bool:
        """Whether it links no federation specification."""
        return self.version == FEDERATION_1

    @property
    def implied_version(self) -> Version:
        """The linked federation version, or a newer one that a specification it links by itself came with."""
        features = (one.identity.removeprefix(f"{SPECS}/") for one in self.links if one.identity.startswith(f"{SPECS}/"))
        return max([self.version, *(implied_federation(feature) for feature in features)])

    def composite(self, name: str) -> CompositeType | None:
        """The object or interface type of that name."""
        found = self.types.get(name)
        return found if isinstance(found, CompositeType) else None

    def composites(self) -> Iterator[CompositeType]:
        """All object and interface types, in the order they were written."""
        return (one for one in self.types.values() if isinstance(one, CompositeType))

    def members(self, name: str) -> tuple[str, ...]:
        """The object types that a value of type `name` may have here: itself, implementers, or union members."""
        match self.types.get(name):
            case UnionType() as union:
                return union.members
            case CompositeType(kind=Kind.INTERFACE):
                return tuple(one.name for one in self.composites() if one.kind is Kind.OBJECT and name in one.interfaces)
            case CompositeType():
                return (name,)
            case _:
                return ()


def named_type(text: str) -> str:
    """`[ID!]!` → `ID`."""
    return text.strip("[]!")
