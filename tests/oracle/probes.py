"""Operations that together ask for every field of a schema on the shortest way to it, and one field further.

In: a clients' schema. Out: operations as text. No values are needed: what an argument must be given is a variable.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_required_argument,
)

_Way = tuple[str, ...]
"""What is opened on the way, one `field {` or `... on Type {` each."""


def probes(schema: GraphQLSchema) -> Iterator[str]:
    """One operation for each field that returns objects, and one for each root type."""
    roots = (("query", schema.query_type), ("mutation", schema.mutation_type), ("subscription", schema.subscription_type))
    for kind, root in roots:
        if root is not None:
            yield from _from_root(schema, kind, root)


def _from_root(schema: GraphQLSchema, kind: str, root: GraphQLObjectType) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    pending: deque[tuple[GraphQLNamedType, _Way]] = deque([(root, ())])
    while pending:
        here, way = pending.popleft()
        variables: list[str] = []
        everything = " ".join(_everything(schema, here, variables))
        opened = " ".join(_with_variables(way, variables))
        head = f"{kind}({', '.join(variables)})" if variables else kind
        yield f"{head} {{ {opened} {everything} {'}' * (len(way) + 1)}"
        for owner in _objects(schema, here):
            for name, field in owner.fields.items():
                target = get_named_type(field.type)
                if is_composite_type(target) and (owner.name, name) not in seen:
                    seen.add((owner.name, name))
                    narrow = () if owner is here else (f"... on {owner.name} {{",)
                    pending.append((target, (*way, *narrow, f"{name}{_required(field)} {{")))


def _objects(schema: GraphQLSchema, one: GraphQLNamedType) -> list[GraphQLObjectType]:
    if isinstance(one, GraphQLInterfaceType | GraphQLUnionType):
        return list(schema.get_possible_types(one))
    return [one] if isinstance(one, GraphQLObjectType) else []


def _everything(schema: GraphQLSchema, one: GraphQLNamedType, variables: list[str]) -> Iterator[str]:
    """All fields, each under a name of its own."""
    if isinstance(one, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in one.fields.items():
            inner = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""
            text = " ".join(_with_variables((f"{name}{_required(field)}",), variables))
            yield f"{one.name}_{name}: {text}{inner}"
    if not isinstance(one, GraphQLObjectType):
        for member in _objects(schema, one):
            yield f"... on {member.name} {{ {' '.join(_everything(schema, member, variables))} }}"


def _required(field: GraphQLField) -> str:
    """`(name: <type>, …)` of the arguments that must be given; the types become variables."""
    given = [f"{name}: <{one.type}>" for name, one in field.args.items() if is_required_argument(one)]
    return f"({', '.join(given)})" if given else ""


def _with_variables(way: _Way, variables: list[str]) -> Iterator[str]:
    for step in way:
        text = step
        while "<" in text:
            before, _, rest = text.partition("<")
            kind, _, after = rest.partition(">")
            text = f"{before}$v{len(variables)}{after}"
            variables.append(f"$v{len(variables)}: {kind}")
        yield text
