"""A plan as the checker reads it: deliveries with their places, conditions and what has ended before they start.

What comes in: a `QueryPlan`. What goes out: one `Delivery` per selection that a request makes for the objects at one path, each
after those it waits for; faults of the tree and of the dependencies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    parse,
)

from gateway.planning.check.fault import FaultKind, Faults
from gateway.planning.check.fields import response_key
from gateway.planning.check.spread import without_fragments
from gateway.planning.check.when import ALWAYS, When, both, literal
from gateway.planning.plan import (
    BatchFetch,
    Condition,
    ContextInput,
    Dependent,
    Fetch,
    Flatten,
    Parallel,
    Path,
    PlanNode,
    QueryPlan,
    RenameKey,
    RequiredFragment,
    Sequence,
    SetTypename,
    Subscription,
)
from gateway.planning.plan import Lookup as PlannedLookup


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the plan: the node, its parsed text, and `before`: the ids of what ended before it starts."""

    id: int
    service: str
    kind: str
    text: str
    variables: tuple[str, ...]
    document: DocumentNode
    operation: OperationDefinitionNode
    before: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """What one request brings to the objects at one path. `rank` numbers deliveries in an order of execution.

    `selections` is what is asked of the object itself: the operation's own, or what is inside `_entities`. `variable` carries
    the representations, `contexts` are further variables that are filled from ancestors. `dependents` are the fields of which
    the executor knows what they require: an object that lacks it is asked for the others.
    """

    rank: int
    request: Request
    path: Path
    when: When
    selections: SelectionSetNode
    requires: tuple[RequiredFragment, ...] = ()
    input_rewrites: tuple[SetTypename, ...] = ()
    output_rewrites: tuple[RenameKey, ...] = ()
    variable: str | None = None
    contexts: tuple[ContextInput, ...] = ()
    dependents: tuple[Dependent, ...] = ()

    @property
    def id(self) -> int:
        return self.request.id


@dataclass(frozen=True, slots=True)
class _Placed:
    node: Fetch | BatchFetch
    path: Path
    when: When
    earlier: frozenset[int]


def read_deliveries(plan: QueryPlan, faults: Faults) -> tuple[Delivery, ...]:
    """The plan's deliveries, each after those it waits for. Faults are what keeps the plan from running as it is printed."""
    placed = list(_placed(plan.node, (), ALWAYS, frozenset())) if plan.node is not None else []
    _check_tree(placed, faults)
    before = _closure({one.node.id: one.node.depends_on for one in placed}, faults)
    found: list[Delivery] = []
    for one in sorted(placed, key=lambda one: len(before[one.node.id])):
        request = _request(one.node, before[one.node.id], faults)
        if request is not None:
            found += _deliveries(one, request, len(found), faults)
    return tuple(found)


def _placed(node: PlanNode, path: Path, when: When, earlier: frozenset[int]) -> Iterator[_Placed]:
    match node:
        case Fetch() | BatchFetch():
            yield _Placed(node, path, when, earlier)
        case Flatten(below, inner):
            yield from _placed(inner, (*path, *below), when, earlier)
        case Parallel(nodes):
            for child in nodes:
                yield from _placed(child, path, when, earlier)
        case Sequence(nodes):
            for child in nodes:
                inside = list(_placed(child, path, when, earlier))
                yield from inside
                earlier |= {one.node.id for one in inside}
        case Subscription(primary, rest):
            yield from _placed(primary, path, when, earlier)
            if rest is not None:
                yield from _placed(rest, path, when, earlier | {primary.id})
        case Condition(variable, if_clause, else_clause):
            for value, clause in ((True, if_clause), (False, else_clause)):
                if clause is not None:
                    yield from _placed(clause, path, both(when, literal(variable, value)), earlier)


def _check_tree(placed: list[_Placed], faults: Faults) -> None:
    """Every dependency is printed before what waits for it, and no id stands for two requests."""
    seen: set[int] = set()
    for one in placed:
        if one.node.id in seen:
            faults.add(FaultKind.DEPENDENCY, one.node.id, "", "another fetch has the same id")
        seen.add(one.node.id)
    for one in placed:
        for other in one.node.depends_on:
            if other not in seen:
                faults.add(FaultKind.DEPENDENCY, one.node.id, "", f"it waits for fetch {other}, which the plan does not have")
            elif other not in one.earlier:
                faults.add(FaultKind.DEPENDENCY, one.node.id, "", f"it waits for fetch {other}, which the tree runs later")


def _closure(depends_on: Mapping[int, tuple[int, ...]], faults: Faults) -> dict[int, frozenset[int]]:
    """Id → everything that has ended before, over any number of steps."""
    found: dict[int, frozenset[int]] = {}
    active: set[int] = set()

    def visit(one: int) -> frozenset[int]:
        if one in active:
            faults.add(FaultKind.DEPENDENCY, one, "", "it waits, over others, for itself")
            return frozenset()
        if one not in found:
            active.add(one)
            direct = [other for other in depends_on.get(one, ()) if other in depends_on]
            found[one] = frozenset(direct).union(*(visit(other) for other in direct))
            active.discard(one)
        return found[one]

    for one in depends_on:
        visit(one)
    return found


def _request(node: Fetch | BatchFetch, before: frozenset[int], faults: Faults) -> Request | None:
    try:
        document = parse(node.operation, no_location=True)
    except GraphQLError as error:
        faults.add(FaultKind.INVALID, node.id, "", f"its request is not GraphQL: {error.message}")
        return None
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1:
        faults.add(FaultKind.INVALID, node.id, "", f"its request holds {len(operations)} operations")
        return None
    operation = without_fragments(document, operations[0])
    return Request(node.id, node.service, node.kind, node.operation, node.variables, document, operation, before)


def _deliveries(placed: _Placed, request: Request, rank: int, faults: Faults) -> list[Delivery]:
    match placed.node:
        case Fetch() as node if not node.requires:
            selections = request.operation.selection_set
            return [Delivery(rank, request, placed.path, placed.when, selections, output_rewrites=node.output_rewrites)]
        case Fetch() as node:
            rewrites = (node.input_rewrites, node.output_rewrites)
            asked = [PlannedLookup("_entities", "", (placed.path,), node.requires, *rewrites, node.dependents)]
        case BatchFetch() as node:
            asked = list(node.lookups)
    contexts = placed.node.contexts if isinstance(placed.node, Fetch) else ()
    found: list[Delivery] = []
    for one in asked:
        entities = _entities(request.operation, one.alias)
        if entities is None or entities.selection_set is None:
            faults.add(FaultKind.INVALID, request.id, "", f"it has inputs, but its request has no look-up {one.alias}")
            continue
        variable = next((_variable(argument.value) for argument in entities.arguments or ()), None)
        if one.variable and one.variable != variable:
            faults.add(FaultKind.INVALID, request.id, "", f"the look-up {one.alias} does not take ${one.variable}")
        for path in one.paths:
            rewrites = (one.input_rewrites, one.output_rewrites)
            at = rank + len(found)
            inputs = (one.requires, *rewrites, variable, contexts, one.dependents)
            found.append(Delivery(at, request, path, placed.when, entities.selection_set, *inputs))
    return found


def _variable(value: ValueNode) -> str | None:
    return value.name.value if isinstance(value, VariableNode) else None


def _entities(operation: OperationDefinitionNode, key: str) -> FieldNode | None:
    for node in operation.selection_set.selections:
        if isinstance(node, FieldNode) and node.name.value == "_entities" and key == response_key(node):
            return node
    return None
