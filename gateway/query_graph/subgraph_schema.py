"""One subgraph's schema, as far as the supergraph tells it: the measure of what a fetch to it may contain.

What comes in: the types and root types of the supergraph, and one value of `join__Graph`. What goes out: a `GraphQLSchema`
with the subgraph's own types (an `@interfaceObject` is an object here), fields (external ones too, which `@provides` may open),
union members, enum values and input fields, and with `_entities`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphql import GraphQLSchema, build_ast_schema, parse, print_ast

from gateway.query_graph.definitions import ArgumentDef, FieldDef, Kind, TypeDef

_BUILT_IN = frozenset({"Boolean", "Float", "ID", "Int", "String"})


def build_subgraph_schema(types: Mapping[str, TypeDef], roots: Mapping[str, str], graph: str) -> GraphQLSchema:
    """The schema of the subgraph `graph`."""
    here = [type_ for type_ in types.values() if graph in type_.joins and type_.name not in _BUILT_IN]
    entities = sorted(type_.name for type_ in here if _is_entity(type_, graph))
    query = roots["query"]
    service = "_service: _Service!" + (" _entities(representations: [_Any!]!): [_Entity]!" if entities else "")
    texts = [_print_type(type_, graph, service if type_.name == query else "") for type_ in here]
    names = {
        query,
        *(type_.name for type_, text in zip(here, texts, strict=True) if text),
    }  # some have no field left
    texts.append("type _Service { sdl: String }")
    if entities:
        texts.append(f"scalar _Any\nunion _Entity = {' | '.join(entities)}")
    if not any(type_.name == query for type_ in here):
        texts.append(f"type {query} {{ {service} }}")
    named = " ".join(f"{kind}: {name}" for kind, name in roots.items() if name in names)
    texts.append(f"schema {{ {named} }}")
    return build_ast_schema(parse("\n".join(filter(None, texts))), assume_valid=True, assume_valid_sdl=True)


def _is_entity(type_: TypeDef, graph: str) -> bool:
    joins = type_.joins[graph]
    is_object = type_.kind is Kind.OBJECT or type_.interface_object_in(graph)
    return is_object and any(join.key is not None for join in joins)


def _print_type(type_: TypeDef, graph: str, extra: str) -> str:
    match type_.kind:
        case Kind.SCALAR:
            return f"scalar {type_.name}"
        case Kind.ENUM:
            return _block(f"enum {type_.name}", (value for value, graphs in type_.values.items() if graph in graphs))
        case Kind.UNION:
            members = type_.members.get(graph, ())
            return f"union {type_.name} = {' | '.join(members)}" if members else ""
        case Kind.INPUT:
            return _block(f"input {type_.name}", (_print_argument(one) for one in type_.inputs if graph in (one.graphs or ())))
        case Kind.OBJECT | Kind.INTERFACE:
            return _print_composite(type_, graph, extra)


def _print_composite(type_: TypeDef, graph: str, extra: str) -> str:
    keyword = "type" if type_.kind is Kind.OBJECT or type_.interface_object_in(graph) else "interface"
    implements = type_.implements.get(graph, ())
    head = f"{keyword} {type_.name}" + (f" implements {' & '.join(implements)}" if implements else "")
    fields = [_print_field(one, graph) for one in type_.fields.values() if graph in one.joins]
    return _block(head, [*fields, extra] if extra else fields)


def _print_field(field: FieldDef, graph: str) -> str:
    arguments = [_print_argument(one) for one in field.arguments]
    arguments += [f"{one.name}: {one.type}" for one in field.joins[graph].context_arguments]
    listed = f"({', '.join(arguments)})" if arguments else ""
    return f"{field.name}{listed}: {print_ast(field.type_in(graph))}"


def _print_argument(argument: ArgumentDef) -> str:
    default = f" = {argument.default}" if argument.default is not None else ""
    return f"{argument.name}: {print_ast(argument.type)}{default}"


def _block(head: str, lines: Iterable[str]) -> str:
    body = "\n  ".join(lines)
    return f"{head} {{\n  {body}\n}}" if body else ""
