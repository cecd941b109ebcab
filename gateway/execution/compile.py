"""Turns a plan into steps that can run: what does not depend on the request is worked out once.

In: a `QueryPlan` and the schema of the supergraph's clients. Out: a frozen `CompiledPlan`, kept beside the plan in the cache.
Raises BadPlan when the plan contradicts itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    is_object_type,
    parse,
)

from gateway.execution.errors import BadPlan
from gateway.execution.expected import Expected, expected_of
from gateway.planning.plan import (
    BatchFetch,
    Condition,
    ContextInput,
    Fetch,
    Flatten,
    Key,
    Lookup,
    OperationKind,
    Parallel,
    Path,
    PlanNode,
    QueryPlan,
    RenameKey,
    Request,
    RequiredField,
    RequiredFragment,
    Sequence,
    SetTypename,
    Subscription,
    Vital,
)

KeysOf = Callable[[str, str], Iterable[frozenset[str]]]
"""(service, type name) → the top-level field names of each key by which that subgraph finds that type."""

ENTITIES: Final = "_entities"
REPRESENTATIONS: Final = "representations"


@dataclass(frozen=True, slots=True)
class When:
    """A Boolean variable that must have this value for a step to run."""

    variable: str
    value: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What a request answers for the objects at `paths`: one entity look-up, or (without `requires`) the root.

    `alias` is the key of the look-up in the answer, `variable` carries its representations. `keys` are, per type, the response
    keys whose null means that there is no entity. `is_shared` tells that nothing else changes objects inside this answer, so
    that one answer may stand at several places without being copied.
    """

    request: int
    service: str
    alias: str
    variable: str
    paths: tuple[Path, ...]
    requires: tuple[RequiredFragment, ...]
    input_rewrites: tuple[SetTypename, ...]
    output_rewrites: tuple[RenameKey, ...]
    expected: Expected
    keys: Mapping[str, frozenset[str]]
    is_shared: bool
    contexts: tuple[ContextInput, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One request, ready to be sent: its `root`, or its entity `lookups`.

    `prefix` is the body up to the variables' opening brace, `variables` are those of the client's that it uses. `document` is
    kept for a look-up with `contexts`, which may have to be written several times.
    """

    id: int
    service: str
    kind: OperationKind
    conditions: tuple[When, ...]
    depends_on: tuple[int, ...]
    prefix: bytes
    variables: tuple[str, ...]
    root: Part | None
    lookups: tuple[Part, ...]
    document: DocumentNode | None = None


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """The steps in the order of the plan's tree, what is vital, and what a type name means to the clients' schema."""

    steps: tuple[Step, ...]
    vital: tuple[Vital, ...]
    is_concrete: Callable[[str], bool]


def no_keys(_service: str, _typename: str) -> Iterable[frozenset[str]]:
    """For plans whose keys are never null."""
    return ()


def compile_plan(plan: QueryPlan, schema: GraphQLSchema, keys_of: KeysOf = no_keys) -> CompiledPlan:
    """Compile `plan`. `schema` tells which types are abstract and what they may be."""
    placed = list(_placed(plan.node, (), ())) if plan.node is not None else []
    is_mutation = plan.kind == "mutation"
    dependencies = _dependencies([one.request for one in placed], is_mutation)
    steps = []
    for one in placed:
        request = one.request
        document = parse(request.operation, no_location=True)
        parts = tuple(_part(request, lookup, _expected(request, document, lookup, schema), keys_of) for lookup in _lookups(one))
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
                document if any(part.contexts for part in parts) else None,
            )
        )
    steps = _with_sharing(steps)
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
    return (Lookup(ENTITIES, REPRESENTATIONS, (path,), request.requires, *rewrites),)


def _part(request: Request, lookup: Lookup, expected: Expected, keys_of: KeysOf) -> Part:
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
        _keys(request.service, lookup, keys_of),
        False,
        request.contexts if isinstance(request, Fetch) else (),
    )


def _dependencies(requests: list[Request], is_mutation: bool) -> dict[int, tuple[int, ...]]:
    """What each request waits for. A mutation's root fields run one after another, whatever else the plan says."""
    known: dict[int, tuple[int, ...]] = {}
    for request in requests:
        if request.id in known:
            raise BadPlan(f"two fetches of the plan have the id {request.id}")
        known[request.id] = ()
    before: list[int] = []
    for request in requests:
        unknown = [str(needed) for needed in request.depends_on if needed not in known]
        if unknown:
            raise BadPlan(f"fetch {request.id} waits for {', '.join(unknown)}, which the plan does not have")
        waits = request.depends_on
        if is_mutation and isinstance(request, Fetch) and not request.requires:
            waits = tuple(dict.fromkeys((*waits, *before)))
        known[request.id] = waits
        before.append(request.id)
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


def prefix_of(operation: str, name: str | None = None) -> bytes:
    """The body up to the variables' opening brace."""
    encode = msgspec.json.encode
    named = b"" if name is None else b',"operationName":' + encode(name)
    return b'{"query":' + encode(operation) + named + b',"variables":{'


def _expected(request: Request, document: DocumentNode, lookup: Lookup, schema: GraphQLSchema) -> Expected:
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    selections = operation.selection_set
    if lookup.requires:
        found = (node for node in selections.selections if isinstance(node, FieldNode) and _key_of(node) == lookup.alias)
        entities = next(found, None)
        if entities is None or entities.selection_set is None:
            raise BadPlan(f"fetch {request.id} has requirements but does not select from `{lookup.alias}`")
        selections = entities.selection_set
    root = None if lookup.requires else schema.get_root_type(OperationType(request.kind))
    return expected_of(selections, document, lookup.output_rewrites, schema, root.name if root is not None else None)


def _key_of(node: FieldNode) -> str:
    return (node.alias or node.name).value


def _keys(service: str, lookup: Lookup, keys_of: KeysOf) -> dict[str, frozenset[str]]:
    result: dict[str, frozenset[str]] = {}
    for fragment in lookup.requires:
        sources = {field.name: field.source for field in fragment.selections if isinstance(field, RequiredField)}
        for typename in {*fragment.possible_types, fragment.type_condition}:
            used = [key for key in keys_of(service, typename) if key <= sources.keys()]
            known = result.get(typename, frozenset())
            result[typename] = known | {sources[name] for key in used for name in key}
    return result


def _with_sharing(steps: list[Step]) -> list[Step]:
    """The same steps; those parts are shared whose answers hold no object that another part is merged into."""
    touched: Counter[tuple[str, ...]] = Counter()
    inside = {id(part): _objects_of(part) for step in steps for part in _parts(step)}
    for step in steps:
        for part in _parts(step):
            touched.update({_names(path) for path in part.paths} | inside[id(part)])

    def marked(part: Part) -> Part:
        return replace(part, is_shared=all(touched[place] == 1 for place in inside[id(part)]))

    return [
        replace(step, root=marked(step.root) if step.root is not None else None, lookups=tuple(map(marked, step.lookups)))
        for step in steps
    ]


def _parts(step: Step) -> tuple[Part, ...]:
    return step.lookups if step.root is None else (step.root,)


def _objects_of(part: Part) -> set[tuple[str, ...]]:
    """The places of the objects inside an answer, by response keys."""
    objects = [_renamed(inner, part.output_rewrites) for inner in part.expected.objects()]
    return {(*_names(path), *inner) for path in part.paths for inner in objects}


def _renamed(place: tuple[str, ...], rewrites: Iterable[RenameKey]) -> tuple[str, ...]:
    for rewrite in rewrites:
        above = _names(rewrite.path)
        if place[: len(above) + 1] == (*above, rewrite.source):
            place = (*above, rewrite.name, *place[len(above) + 1 :])
    return place


def _names(path: Path) -> tuple[str, ...]:
    return tuple(step.name for step in path if isinstance(step, Key))


__all__ = ["CompiledPlan", "KeysOf", "Part", "Step", "When", "compile_plan", "no_keys", "prefix_of"]
