"""Turns a plan into steps that can run: what does not depend on the request is worked out once.

In: a `QueryPlan` and the schema of the supergraph's clients. Out: a frozen `CompiledPlan`, kept beside the plan in the cache.
Raises BadPlan when the plan contradicts itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from graphql import DocumentNode, FieldNode, GraphQLSchema, OperationDefinitionNode, OperationType, is_object_type, parse

from gateway.execution.dependencies import dependencies_of
from gateway.execution.errors import BadPlan
from gateway.execution.expected import Expected
from gateway.execution.keys import joined, keys_of
from gateway.execution.members import members_of
from gateway.execution.read_expected import expected_of
from gateway.execution.sharing import with_sharing
from gateway.execution.step import (
    ENTITIES,
    REPRESENTATIONS,
    CompiledPlan,
    Key,
    KeysOf,
    MembersOf,
    Part,
    Step,
    When,
    no_keys,
    no_members,
    prefix_of,
)
from gateway.planning.plan import (
    BatchFetch,
    Condition,
    Fetch,
    Flatten,
    Lookup,
    Parallel,
    Path,
    PlanNode,
    QueryPlan,
    Request,
    RequiredField,
    RequiredFragment,
    Sequence,
    Subscription,
)
from gateway.query_graph.supergraph import Supergraph


def compile_over(plan: QueryPlan, supergraph: Supergraph) -> CompiledPlan:
    """Compile `plan` with all that its supergraph knows of keys and of members of types."""
    return compile_plan(plan, supergraph.api_schema, keys_of(supergraph), members_of(supergraph))


def compile_plan(
    plan: QueryPlan, schema: GraphQLSchema, keys: KeysOf = no_keys, members: MembersOf = no_members
) -> CompiledPlan:
    """Compile `plan`. `schema` tells which types are abstract and what they may be, `members` what in one subgraph."""
    placed = list(_placed(plan.node, (), ())) if plan.node is not None else []
    is_mutation = plan.kind == "mutation"
    dependencies = dependencies_of([one.request for one in placed], is_mutation)
    steps = []
    for one in placed:
        request = one.request
        document = parse(request.operation, no_location=True)
        read = partial(_expected, request, document, schema=schema, members_in=members)
        parts = tuple(_part(request, lookup, read(lookup), keys) for lookup in _lookups(one))
        root = parts[0] if isinstance(request, Fetch) and not request.requires else None
        steps.append(
            Step(
                request.id,
                request.service,
                request.kind,
                one.conditions,
                dependencies[request.id],
                prefix_of(request.operation, request.operation_name if isinstance(request, Fetch) else None),
                request.variables,
                root,
                () if root is not None else parts,
                request.operation,
                document if any(part.contexts for part in parts) else None,
                request.limits,
            )
        )
    steps = with_sharing(steps)
    objects = frozenset(name for name, kind in schema.type_map.items() if is_object_type(kind))
    return CompiledPlan(tuple(steps), plan.vital, objects.__contains__)


class _Placed(NamedTuple):
    request: Request
    path: Path
    conditions: tuple[When, ...]


def _placed(node: PlanNode, path: Path, conditions: tuple[When, ...]) -> Iterator[_Placed]:
    match node:
        case Fetch() | BatchFetch():
            yield _Placed(node, path, conditions)
        case Flatten(below, inner):
            yield from _placed(inner, (*path, *below), conditions)
        case Sequence(nodes) | Parallel(nodes):
            for child in nodes:
                yield from _placed(child, path, conditions)
        case Subscription(primary, rest):
            yield from _placed(primary, path, conditions)
            if rest is not None:
                yield from _placed(rest, path, conditions)
        case Condition(variable, if_clause, else_clause):
            if if_clause is not None:
                yield from _placed(if_clause, path, (*conditions, When(variable, True)))
            if else_clause is not None:
                yield from _placed(else_clause, path, (*conditions, When(variable, False)))


def _lookups(placed: _Placed) -> tuple[Lookup, ...]:
    """The look-ups of a request; the root of a request is seen as a look-up without requirements."""
    request, path, _ = placed
    if isinstance(request, BatchFetch):
        return request.lookups
    rewrites = (request.input_rewrites, request.output_rewrites)
    return (Lookup(ENTITIES, REPRESENTATIONS, (path,), request.requires, *rewrites, request.dependents),)


def _part(request: Request, lookup: Lookup, expected: Expected, keys: KeysOf) -> Part:
    return Part(
        request.id,
        request.service,
        lookup.alias,
        lookup.variable,
        lookup.paths,
        lookup.requires,
        lookup.input_rewrites,
        lookup.output_rewrites,
        expected,
        _keys(request.service, lookup, keys),
        False,
        request.contexts if isinstance(request, Fetch) else (),
        lookup.dependents,
    )


def _expected(
    request: Request, document: DocumentNode, lookup: Lookup, schema: GraphQLSchema, members_in: MembersOf
) -> Expected:
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    selections = operation.selection_set
    if lookup.requires:
        found = (node for node in selections.selections if isinstance(node, FieldNode) and _key_of(node) == lookup.alias)
        entities = next(found, None)
        if entities is None or entities.selection_set is None:
            raise BadPlan(f"fetch {request.id} has requirements but does not select from `{lookup.alias}`")
        selections = entities.selection_set
    root = None if lookup.requires else schema.get_root_type(OperationType(request.kind))
    members = partial(members_in, request.service)
    return expected_of(selections, document, lookup.output_rewrites, schema, members, root.name if root is not None else None)


def _key_of(node: FieldNode) -> str:
    return (node.alias or node.name).value


def _keys(service: str, lookup: Lookup, keys: KeysOf) -> dict[str, Key]:
    result: dict[str, Key] = {}
    for fragment in lookup.requires:
        names = {field.name for field in fragment.selections if isinstance(field, RequiredField)}
        for typename in {*fragment.possible_types, fragment.type_condition}:
            for key in keys(service, typename):
                if key.keys() <= names:
                    result[typename] = joined(result.get(typename, {}), _read_at(key, fragment.selections))
    return result


def _read_at(key: Key, selections: tuple[RequiredField | RequiredFragment, ...]) -> Key:
    """The response keys that the fields of a key are read from."""
    found: Key = {}
    for one in selections:
        match one:
            case RequiredFragment():
                found = joined(found, _read_at(key, one.selections))
            case RequiredField() if one.name in key:
                found = joined(found, {one.source: _read_at(key[one.name], one.selections)})
    return found
