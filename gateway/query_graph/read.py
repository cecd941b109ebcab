"""Supergraph SDL (join v0.1–v0.5, by any composer) → `Supergraph`.

What comes in: the text. What goes out: every `@join__…` directive as typed data, plus the API schema. Nothing is
validated here that composition already has; what cannot be read raises `SupergraphError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from graphql import (
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    parse_type,
    print_ast,
    value_from_ast_untyped,
)

from gateway.query_graph.api_schema import build_api_schema
from gateway.query_graph.definitions import (
    ArgumentDef,
    ContextArgument,
    FieldDef,
    JoinField,
    JoinType,
    Kind,
    SubgraphService,
    TypeDef,
)
from gateway.query_graph.errors import SupergraphError
from gateway.query_graph.links import Links, read_links
from gateway.query_graph.supergraph import Supergraph

_V = TypeVar("_V")
_KINDS: Mapping[type[TypeDefinitionNode], Kind] = {
    ObjectTypeDefinitionNode: Kind.OBJECT,
    InterfaceTypeDefinitionNode: Kind.INTERFACE,
    UnionTypeDefinitionNode: Kind.UNION,
    EnumTypeDefinitionNode: Kind.ENUM,
    InputObjectTypeDefinitionNode: Kind.INPUT,
    ScalarTypeDefinitionNode: Kind.SCALAR,
}
BUILT_IN_SCALARS = ("Boolean", "Float", "ID", "Int", "String")


def read_supergraph(supergraph: str | DocumentNode) -> Supergraph:
    """Reads a supergraph, SDL or parsed. Raises `SupergraphError` when it is not one."""
    try:
        document = parse(supergraph) if isinstance(supergraph, str) else supergraph
    except GraphQLError as error:
        raise SupergraphError(f"The supergraph is not GraphQL: {error.message}. Compose it again.") from error
    links = read_links(document)
    reader = _Reader(document, links)
    return Supergraph(reader.types(), reader.services, reader.roots(), build_api_schema(document, links))


class _Reader:
    def __init__(self, document: DocumentNode, links: Links) -> None:
        self._document = document
        self._links = links
        self.services = self._services()

    def _services(self) -> dict[str, SubgraphService]:
        name = f"{self._links.join}__Graph"
        for node in self._document.definitions:
            if isinstance(node, EnumTypeDefinitionNode) and node.name.value == name:
                return {service.graph: service for service in map(self._service, node.values or ())}
        raise SupergraphError(
            f"The supergraph has no enum {name}: it lists no subgraphs. Compose it with the join specification."
        )

    def _service(self, node: object) -> SubgraphService:
        graph: str = node.name.value  # type: ignore[attr-defined]  # an enum value definition
        found = self._applied(node, "graph")
        arguments = found[0] if found else {}
        return SubgraphService(graph, str(arguments.get("name", graph)), str(arguments.get("url", "")))

    def roots(self) -> dict[str, str]:
        """Operation kind → root type name."""
        for node in self._document.definitions:
            if isinstance(node, SchemaDefinitionNode):
                return {operation.operation.value: operation.type.name.value for operation in node.operation_types}
        names = {
            definition.name.value
            for definition in self._document.definitions
            if isinstance(definition, ObjectTypeDefinitionNode)
        }
        return {
            kind: name
            for kind, name in (("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription"))
            if name in names
        }

    def types(self) -> dict[str, TypeDef]:
        """Every type that clients or subgraphs know; the machinery of link and join is left out."""
        found = {name: TypeDef(name, Kind.SCALAR, {}) for name in BUILT_IN_SCALARS}
        for node in self._document.definitions:
            kind = _KINDS.get(type(node))  # type: ignore[arg-type]  # other definitions are simply not in the map
            if kind is not None and isinstance(node, TypeDefinitionNode) and not self._links.machinery(node.name.value):
                found[node.name.value] = self._type(node, kind)
        return {name: self._with_old_keys(type_) for name, type_ in found.items()}

    def _type(self, node: TypeDefinitionNode, kind: Kind) -> TypeDef:
        joins: dict[str, list[JoinType]] = {}
        for arguments in self._applied(node, "type"):
            join = JoinType(
                graph=str(arguments["graph"]),
                key=_field_set(arguments.get("key")),
                resolvable=bool(arguments.get("resolvable", True)),
                interface_object=bool(arguments.get("isInterfaceObject", False)),
            )
            joins.setdefault(join.graph, []).append(join)
        owner = next((str(arguments["graph"]) for arguments in self._applied(node, "owner")), None)
        if not joins:  # join v0.1 marks entities only: a value type may be in any subgraph
            joins = {graph: [JoinType(graph)] for graph in self.services}
        graphs = tuple(joins)
        made = TypeDef(
            node.name.value, kind, {graph: tuple(entries) for graph, entries in joins.items()}, contexts=self._contexts(node)
        )
        match node:
            case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
                fields = {one.name.value: self._field(one, graphs, owner) for one in node.fields or ()}
                interfaces = tuple(one.name.value for one in node.interfaces or ())
                return replace(
                    made, fields=fields, interfaces=interfaces, implements=self._implements(node, interfaces, graphs)
                )
            case UnionTypeDefinitionNode():
                names = tuple(one.name.value for one in node.types or ())
                return replace(made, all_members=names, members=self._members(node, names, graphs))
            case EnumTypeDefinitionNode():
                return replace(
                    made, values={one.name.value: self._holders(one, "enumValue", graphs) for one in node.values or ()}
                )
            case InputObjectTypeDefinitionNode():
                return replace(made, inputs=tuple(self._input(one, graphs) for one in node.fields or ()))
            case _:
                return made

    def _contexts(self, node: TypeDefinitionNode) -> tuple[str, ...]:
        directives: Iterable[DirectiveNode] = getattr(node, "directives", None) or ()
        spelled = self._links.spelled("context")
        applied = [_arguments(one) for one in directives if one.name.value == spelled]
        return tuple(str(arguments["name"]) for arguments in applied if "name" in arguments)

    def _implements(self, node: object, interfaces: tuple[str, ...], graphs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        applied = [(str(one["graph"]), str(one["interface"])) for one in self._applied(node, "implements")]
        if not applied and interfaces and not self._links.explicit_implements:
            return dict.fromkeys(graphs, interfaces)
        return _by_graph(applied)

    def _members(self, node: object, names: tuple[str, ...], graphs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        applied = [(str(one["graph"]), str(one["member"])) for one in self._applied(node, "unionMember")]
        return _by_graph(applied) if applied else dict.fromkeys(graphs, names)

    def _holders(self, node: object, directive: str, graphs: tuple[str, ...]) -> frozenset[str]:
        applied = [str(one["graph"]) for one in self._applied(node, directive) if one.get("graph")]
        return frozenset(applied or graphs)

    def _input(self, node: InputValueDefinitionNode, graphs: tuple[str, ...]) -> ArgumentDef:
        return replace(_argument(node), graphs=self._holders(node, "field", graphs))

    def _field(self, node: FieldDefinitionNode, graphs: tuple[str, ...], owner: str | None) -> FieldDef:
        applied = [_join_field(arguments) for arguments in self._applied(node, "field")]
        if not applied:
            applied = [JoinField(graph) for graph in ((owner,) if owner else graphs)]
        joins = {join.graph: join for join in applied if join.graph is not None}
        return FieldDef(node.name.value, node.type, tuple(map(_argument, node.arguments or ())), joins)

    def _with_old_keys(self, type_: TypeDef) -> TypeDef:
        """Join v0.1 does not say that a subgraph can give back the key fields of an entity it extends; it can."""
        if self._links.explicit_keys or type_.kind is not Kind.OBJECT:
            return type_
        fields = dict(type_.fields)
        for graph, joins in type_.joins.items():
            for name in {word for join in joins for word in (join.key or "").replace("{", " { ").split("{")[0].split()}:
                if name in fields and graph not in fields[name].joins:
                    fields[name] = replace(fields[name], joins={**fields[name].joins, graph: JoinField(graph)})
        return replace(type_, fields=fields)

    def _applied(self, node: object, directive: str) -> list[dict[str, object]]:
        name = f"{self._links.join}__{directive}"
        directives: Iterable[DirectiveNode] = getattr(node, "directives", None) or ()
        return [_arguments(one) for one in directives if one.name.value == name]


def _arguments(directive: DirectiveNode) -> dict[str, object]:
    return {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()}


def _join_field(arguments: Mapping[str, object]) -> JoinField:
    contexts = arguments.get("contextArguments")
    type_text = _text(arguments.get("type"))
    return JoinField(
        graph=_text(arguments.get("graph")),
        requires=_field_set(arguments.get("requires")),
        provides=_field_set(arguments.get("provides")),
        type=parse_type(type_text) if type_text else None,
        external=bool(arguments.get("external", False)),
        override=_text(arguments.get("override")),
        override_label=_text(arguments.get("overrideLabel")),
        used_overridden=bool(arguments.get("usedOverridden", False)),
        context_arguments=tuple(
            ContextArgument(str(one["name"]), str(one["type"]), str(one["context"]), str(one["selection"]))
            for one in (contexts if isinstance(contexts, list) else ())
        ),
    )


def _argument(node: InputValueDefinitionNode) -> ArgumentDef:
    return ArgumentDef(node.name.value, node.type, print_ast(node.default_value) if node.default_value else None)


def _by_graph(pairs: Iterable[tuple[str, _V]]) -> dict[str, tuple[_V, ...]]:
    found: dict[str, list[_V]] = {}
    for graph, value in pairs:
        found.setdefault(graph, []).append(value)
    return {graph: tuple(values) for graph, values in found.items()}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _field_set(value: object) -> str | None:
    """Without the outer braces that some authors write around a field set and composers keep."""
    text = _text(value)
    bare = text.strip() if text is not None else ""
    return bare[1:-1].strip() if bare.startswith("{") and bare.endswith("}") else text
