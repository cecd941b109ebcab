"""Turns a plan into steps that can run: what does not depend on the request is worked out once.

In: a `QueryPlan` and the schema of the supergraph's clients. Out: a frozen `CompiledPlan`, kept beside the plan in the cache.
Raises BadPlan when the plan contradicts itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, is_abstract_type, is_non_null_type, is_object_type, parse

from gateway.execution.errors import BadPlan
from gateway.execution.expected import Expected, expected_of
from gateway.planning.plan import Condition, Fetch, Flatten, Key, Parallel, Path, PlanNode, QueryPlan, RequiredField, Sequence

KeysOf = Callable[[str, str], Iterable[frozenset[str]]]
"""(service, type name) → the top-level field names of each key by which that subgraph finds that type."""

_REPRESENTATIONS: Final = b'"representations":'


@dataclass(frozen=True, slots=True)
class When:
    """A Boolean variable that must have this value for a step to run."""

    variable: str
    value: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One fetch, ready to run.

    `prefix` is the request body up to the variables' opening brace. `keys` are, per type, the response keys whose null means
    that there is no entity. `non_null` are the response keys of a mutation whose null makes the whole answer null.
    `is_shared` tells that no later fetch changes objects inside this answer, so that one answer may stand at several places
    without being copied.
    """

    fetch: Fetch
    path: Path
    conditions: tuple[When, ...]
    depends_on: tuple[int, ...]
    prefix: bytes
    expected: Expected
    keys: Mapping[str, frozenset[str]]
    non_null: frozenset[str]
    is_shared: bool

    @property
    def is_root(self) -> bool:
        return not self.fetch.requires


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """The steps in the order of the plan's tree, and what a type name means to the clients' schema."""

    steps: tuple[Step, ...]
    is_mutation: bool
    is_concrete: Callable[[str], bool]


def no_keys(_service: str, _typename: str) -> Iterable[frozenset[str]]:
    """For plans whose keys are never null."""
    return ()


def compile_plan(plan: QueryPlan, schema: GraphQLSchema, keys_of: KeysOf = no_keys) -> CompiledPlan:
    """Compile `plan`. `schema` tells which types are abstract and what they may be."""
    placed = list(_placed(plan.node, (), ())) if plan.node is not None else []
    is_mutation = plan.kind == "mutation"
    dependencies = _dependencies([fetch for fetch, _, _ in placed], is_mutation)
    expected = {fetch.id: _expected(fetch, schema) for fetch, _, _ in placed}
    steps = tuple(
        Step(
            fetch=fetch,
            path=path,
            conditions=conditions,
            depends_on=dependencies[fetch.id],
            prefix=_prefix(fetch),
            expected=expected[fetch.id],
            keys=_keys(fetch, keys_of),
            non_null=_non_null(fetch, expected[fetch.id], schema),
            is_shared=not any(_is_below(other, path) for _, other, _ in placed),
        )
        for fetch, path, conditions in placed
    )
    objects = frozenset(name for name, kind in schema.type_map.items() if is_object_type(kind))
    return CompiledPlan(steps, is_mutation, objects.__contains__)


def _placed(node: PlanNode, path: Path, conditions: tuple[When, ...]) -> Iterator[tuple[Fetch, Path, tuple[When, ...]]]:
    match node:
        case Fetch():
            yield node, path, conditions
        case Flatten(below, inner):
            yield from _placed(inner, (*path, *below), conditions)
        case Sequence(nodes) | Parallel(nodes):
            for child in nodes:
                yield from _placed(child, path, conditions)
        case Condition(variable, if_clause, else_clause):
            if if_clause is not None:
                yield from _placed(if_clause, path, (*conditions, When(variable, True)))
            if else_clause is not None:
                yield from _placed(else_clause, path, (*conditions, When(variable, False)))


def _dependencies(fetches: list[Fetch], is_mutation: bool) -> dict[int, tuple[int, ...]]:
    """What each fetch waits for. A mutation's root fields run one after another, whatever else the plan says."""
    known: dict[int, tuple[int, ...]] = {}
    for fetch in fetches:
        if fetch.id in known:
            raise BadPlan(f"two fetches of the plan have the id {fetch.id}")
        known[fetch.id] = ()
    before: list[int] = []
    for fetch in fetches:
        unknown = [str(needed) for needed in fetch.depends_on if needed not in known]
        if unknown:
            raise BadPlan(f"fetch {fetch.id} waits for {', '.join(unknown)}, which the plan does not have")
        waits = fetch.depends_on
        if is_mutation and not fetch.requires:
            waits = tuple(dict.fromkeys((*waits, *before)))
        known[fetch.id] = waits
        before.append(fetch.id)
    _check_no_cycle(known)
    return known


def _check_no_cycle(dependencies: Mapping[int, tuple[int, ...]]) -> None:
    left = {fetch: set(needed) for fetch, needed in dependencies.items()}
    while left:
        free = [fetch for fetch, needed in left.items() if not needed & left.keys()]
        if not free:
            raise BadPlan(f"fetches wait for each other: {', '.join(map(str, sorted(left)))}")
        for fetch in free:
            del left[fetch]


def _prefix(fetch: Fetch) -> bytes:
    encode = msgspec.json.encode
    name = b"" if fetch.operation_name is None else b',"operationName":' + encode(fetch.operation_name)
    return b'{"query":' + encode(fetch.operation) + name + b',"variables":{'


def request_body(step: Step, variables: Mapping[str, object], representations: list[bytes]) -> bytes:
    """The bytes of one request: the operation, those of the client's variables that it uses, and the representations."""
    encode = msgspec.json.encode
    parts = [encode(name) + b":" + encode(variables[name]) for name in step.fetch.variables if name in variables]
    if not step.is_root:
        parts.append(_REPRESENTATIONS + b"[" + b",".join(representations) + b"]")
    return step.prefix + b",".join(parts) + b"}}"


def _expected(fetch: Fetch, schema: GraphQLSchema) -> Expected:
    document = parse(fetch.operation, no_location=True)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    selections = operation.selection_set
    if fetch.requires:
        entities = next(
            (
                node
                for node in operation.selection_set.selections
                if isinstance(node, FieldNode) and node.name.value == "_entities"
            ),
            None,
        )
        if entities is None or entities.selection_set is None:
            raise BadPlan(f"fetch {fetch.id} has requirements but does not select from `_entities`")
        selections = entities.selection_set
    return expected_of(selections, document, fetch.output_rewrites, _members(schema))


def _non_null(fetch: Fetch, expected: Expected, schema: GraphQLSchema) -> frozenset[str]:
    if fetch.kind != "mutation" or schema.mutation_type is None:
        return frozenset()
    fields = schema.mutation_type.fields
    return expected.keys_of({name for name, field in fields.items() if is_non_null_type(field.type)})


def _members(schema: GraphQLSchema) -> Mapping[str, frozenset[str]]:
    return {
        name: frozenset(member.name for member in schema.get_possible_types(kind))
        for name, kind in schema.type_map.items()
        if is_abstract_type(kind)
    }


def _keys(fetch: Fetch, keys_of: KeysOf) -> dict[str, frozenset[str]]:
    result: dict[str, frozenset[str]] = {}
    for fragment in fetch.requires:
        sources = {field.name: field.source for field in fragment.selections if isinstance(field, RequiredField)}
        for typename in {*fragment.possible_types, fragment.type_condition}:
            used = [key for key in keys_of(fetch.service, typename) if key <= sources.keys()]
            known = result.get(typename, frozenset())
            result[typename] = known | {sources[name] for key in used for name in key}
    return result


def _is_below(other: Path, path: Path) -> bool:
    """Whether `other` leads to objects inside what is fetched at `path`."""
    names = [step.name for step in path if isinstance(step, Key)]
    others = [step.name for step in other if isinstance(step, Key)]
    return len(others) > len(names) and others[: len(names)] == names


__all__ = ["CompiledPlan", "KeysOf", "Step", "When", "compile_plan", "no_keys", "request_body"]
