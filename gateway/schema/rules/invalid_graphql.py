"""INVALID_GRAPHQL: a subgraph's schema keeps GraphQL's own rules, whatever federation adds to them."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    ConstValueNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    build_ast_schema,
    coerce_input_literal,
    get_named_type,
    print_ast,
    validate_schema,
)
from graphql.pyutils import Undefined
from graphql.validation.validate import validate_sdl

from gateway.schema.complete import complete_document
from gateway.schema.elements import elements
from gateway.schema.problems import Problem
from gateway.schema.specification import specification
from gateway.schema.subgraph import Applied, Subgraph
from gateway.schema.versions import FEDERATION_1, NEWEST_FEDERATION

_ROOT_MISSING = "Query root type must be provided."  # not every subgraph has queries
_OWN_TYPES = frozenset({*specification(NEWEST_FEDERATION).types, *specification(FEDERATION_1).types})


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Definitions are unique and known, directives apply where they may, types implement what they promise."""
    document = complete_document(subgraph)
    errors = validate_sdl(document)
    if errors:
        yield from (_problem(subgraph, error) for error in errors)
        return
    # `assume_valid_sdl` only: a schema that is assumed to be valid would not be validated below.
    schema = build_ast_schema(document, assume_valid_sdl=True)
    yield from (_problem(subgraph, error) for error in validate_schema(schema) if error.message != _ROOT_MISSING)
    for coordinate, marks in elements(subgraph):
        for one in marks.applied:
            yield from _wrong_values(subgraph, schema, coordinate, one)


def _wrong_values(subgraph: Subgraph, schema: GraphQLSchema, coordinate: str, applied: Applied) -> Iterator[Problem]:
    local = applied.node.name.value
    directive = schema.get_directive(local)
    for given in applied.node.arguments or ():
        argument = directive.args.get(given.name.value) if directive else None
        # Field sets, scopes and the like have rules of their own that say more.
        if argument is None or _is_own(subgraph, argument.type):
            continue
        if not _fits(given.value, argument.type):
            message = (
                f'Invalid value for "@{local}({given.name.value}:)" of type "{argument.type}" in application of "@{local}" to'
                f' "{coordinate}": {print_ast(given.value)}'
            )
            place = given.loc.start_token if given.loc else None
            yield Problem("INVALID_GRAPHQL", message, place.line if place else 0, place.column if place else 0)


def _is_own(subgraph: Subgraph, wanted: GraphQLInputType) -> bool:
    """Whether this is a federation scalar. A type that only bears the name is judged by what it is."""
    named = get_named_type(wanted)
    return isinstance(named, GraphQLScalarType) and subgraph.names.types.get(named.name) in _OWN_TYPES


def _fits(value: ConstValueNode, wanted: GraphQLInputType) -> bool:
    """Whether a literal is of the type's form. Missing fields of an input object are let pass, as other composers do."""
    if isinstance(wanted, GraphQLNonNull):
        return not isinstance(value, NullValueNode) and _fits(value, wanted.of_type)
    if isinstance(value, NullValueNode):
        return True
    if isinstance(wanted, GraphQLList):
        values = value.values if isinstance(value, ListValueNode) else (value,)
        return all(_fits(one, wanted.of_type) for one in values)
    if isinstance(wanted, GraphQLInputObjectType):
        fields = value.fields if isinstance(value, ObjectValueNode) else None
        return fields is not None and all(
            one.name.value in wanted.fields and _fits(one.value, wanted.fields[one.name.value].type) for one in fields
        )
    return coerce_input_literal(value, wanted) is not Undefined


def _problem(subgraph: Subgraph, error: GraphQLError) -> Problem:
    line, column = (error.locations[0].line, error.locations[0].column) if error.locations else (0, 0)
    return Problem("INVALID_GRAPHQL", error.message + _import_hint(subgraph, error.message), line, column)


def _import_hint(subgraph: Subgraph, message: str) -> str:
    """Whoever uses a federation directive without importing it wants to hear about imports."""
    prefix = "Unknown directive '@"
    if subgraph.is_federation_1 or not message.startswith(prefix):
        return ""
    name = message.removeprefix(prefix).split("'")[0]
    if name in specification(subgraph.version).directives:
        local = subgraph.names.local(name)
        return (
            f' If you meant the "@{name}" federation directive, you should use fully-qualified name "@{local}" or add "@{name}"'
            " to the `import` argument of the @link to the federation specification."
        )
    newest = specification(NEWEST_FEDERATION).directives
    return f" @{name} needs a newer federation version than {subgraph.version}." if name in newest else ""
