"""The query plan: a small frozen tree that says which subgraph is asked for what, with which inputs, in which order.

What comes in: nothing; these are the words in which `planning` speaks to `execution`.

    QueryPlan
      └─ Sequence | Parallel | Flatten | Condition | Subscription | Fetch | BatchFetch

`to_json` gives the shape that GraphQL tools draw (`{"kind": "QueryPlan", "node": …}`), `str(plan)` the text form of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from gateway.query_graph.input_limits import InputLimits

OperationKind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class Key:
    """A step of a path into an object, by response key."""

    name: str


@dataclass(frozen=True, slots=True)
class Each:
    """A step of a path to every item of a list."""


@dataclass(frozen=True, slots=True)
class OnTypes:
    """A step that goes on only for objects whose `__typename` is one of `names` (sorted)."""

    names: tuple[str, ...]


PathStep = Key | Each | OnTypes
Path = tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class RequiredField:
    """One field of a representation: read under `source`, sent as `name`.

    `source` differs from `name` where the planner fetched the field under an alias of its own.
    `selections` is empty for leaves.
    """

    name: str
    source: str
    selections: tuple[RequiredField | RequiredFragment, ...] = ()


@dataclass(frozen=True, slots=True)
class RequiredFragment:
    """The part of a representation that is sent for objects of one type.

    `type_condition` may be an interface or union; then it holds for each of `possible_types` (sorted object type names).
    """

    type_condition: str
    possible_types: tuple[str, ...]
    selections: tuple[RequiredField | RequiredFragment, ...]


@dataclass(frozen=True, slots=True)
class RenameKey:
    """After a fetch: in every object at `path`, the value under `source` moves to the response key `name`."""

    path: Path
    source: str
    name: str


@dataclass(frozen=True, slots=True)
class SetTypename:
    """Before a fetch: representations are sent with this `__typename` (interface objects)."""

    name: str
    of_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dependent:
    """What a look-up answers under `key` for objects sent as `type_name` needs the values at `needs` of their representations:
    paths of field names with dots, down to the values.

    Without them everything else can still be asked: it needs no more than a key.
    """

    type_name: str
    key: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimitedVariable:
    """A variable that can hold what the subgraph does not know: then the request must not be sent."""

    variable: str
    limits: InputLimits


@dataclass(frozen=True, slots=True)
class ContextInput:
    """A value from an ancestor: `selections` of the object to which the first `above` steps of the enclosing path lead.

    It is sent as `variable`. Entities with different values are asked by look-ups of their own, each with its own variable.
    """

    variable: str
    type: str
    above: int
    selections: tuple[RequiredField | RequiredFragment, ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request to one subgraph.

    `requires` is empty for a root fetch. For an entity fetch the operation has the variable `$representations`, and
    `requires` says how a representation is built from an object at the path of the enclosing `Flatten`.
    `variables` are the client's variables that the operation uses, sorted. `depends_on` names the fetches (by `id`) that
    must have ended before this one starts: those that hold its inputs and, for mutations, the ones before it.
    `contexts` are further variables of an entity fetch, filled from ancestors (`@fromContext`). `dependents` are the fields of
    an entity fetch that need more than a key.
    """

    id: int
    service: str
    kind: OperationKind
    operation: str
    operation_name: str | None = None
    variables: tuple[str, ...] = ()
    requires: tuple[RequiredFragment, ...] = ()
    input_rewrites: tuple[SetTypename, ...] = ()
    output_rewrites: tuple[RenameKey, ...] = ()
    depends_on: tuple[int, ...] = ()
    contexts: tuple[ContextInput, ...] = ()
    dependents: tuple[Dependent, ...] = ()
    limits: tuple[LimitedVariable, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """One entity look-up of a `BatchFetch`: it asks for the objects at `paths`, and its answer stands under `alias`.

    `variable` carries the representations. Look-ups of one fetch that have the same variable send the same representations.
    """

    alias: str
    variable: str
    paths: tuple[Path, ...]
    requires: tuple[RequiredFragment, ...]
    input_rewrites: tuple[SetTypename, ...] = ()
    output_rewrites: tuple[RenameKey, ...] = ()
    dependents: tuple[Dependent, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchFetch:
    """One request to one subgraph with several entity look-ups, each an aliased `_entities` of the operation.

    `id`, `variables` and `depends_on` are as for a `Fetch`. The paths start at the root of the answer.
    """

    id: int
    service: str
    operation: str
    lookups: tuple[Lookup, ...]
    variables: tuple[str, ...] = ()
    depends_on: tuple[int, ...] = ()
    limits: tuple[LimitedVariable, ...] = ()

    kind: ClassVar[OperationKind] = "query"


@dataclass(frozen=True, slots=True)
class Flatten:
    """The fetch below asks for, and its answer is merged into, the objects at `path`."""

    path: Path
    node: Fetch


@dataclass(frozen=True, slots=True)
class Sequence:
    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """`if_clause` runs when the Boolean variable is true, `else_clause` when it is false."""

    variable: str
    if_clause: PlanNode | None
    else_clause: PlanNode | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """`primary` opens the stream of events; `rest` runs for each of them, on what it brought."""

    primary: Fetch
    rest: PlanNode | None


Request = Fetch | BatchFetch
PlanNode = Request | Flatten | Sequence | Parallel | Condition | Subscription


@dataclass(frozen=True, slots=True)
class Vital:
    """A field of a mutation whose null makes the whole answer null, for objects of the types `on` (none: of all types).

    `conditions` are Boolean variables with the values under which the field is asked. `depth`: in so many
    levels of lists no item may be null either, nor in the objects then found the vital fields `below`.
    """

    key: str
    on: tuple[str, ...]
    conditions: tuple[tuple[str, bool], ...]
    depth: int
    below: tuple[Vital, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """How one operation is answered. `node` is None when the gateway can answer alone (introspection, `__typename`).

    `vital` is for mutations: when one of these fields is null, the root fields that have not been asked by then are not asked.
    """

    kind: OperationKind
    node: PlanNode | None
    vital: tuple[Vital, ...] = ()

    def fetches(self) -> Iterator[Request]:
        """Every request, in the order of the tree."""
        if self.node is not None:
            yield from _fetches(self.node)


def _fetches(node: PlanNode) -> Iterator[Request]:
    match node:
        case Fetch() | BatchFetch():
            yield node
        case Flatten():
            yield node.node
        case Sequence() | Parallel():
            for child in node.nodes:
                yield from _fetches(child)
        case Subscription(primary, rest):
            yield primary
            if rest is not None:
                yield from _fetches(rest)
        case Condition():
            for clause in (node.if_clause, node.else_clause):
                if clause is not None:
                    yield from _fetches(clause)
