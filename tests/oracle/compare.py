"""Two answers to one operation: the monolith's and the federation's; and what differs.

In: a `World`, then operations on it. Out: None, or a `Difference` that says which stage it was seen at.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLError,
    build_ast_schema,
    lexicographic_sort_schema,
    parse,
    print_schema,
    validate,
    visit,
)
from graphql.language import REMOVE, Visitor

from gateway.planning import print_plan
from gateway.planning.check import FaultKind, check_plan
from gateway.query_graph import build_query_graph
from tests.oracle.federation import DoesNotCompose, Federation, Planned, composed
from tests.oracle.monolith import Answer, Monolith
from tests.oracle.values import Store
from tests.oracle.world import Case, World


@dataclass(frozen=True, slots=True)
class Difference:
    """What went differently. `kind` is stable under shrinking: a case is made smaller as long as its kind stays."""

    kind: str
    expected: str
    got: str
    plan: str = ""


class NotAnOperation(Exception):
    """Raised when an operation is not valid on the whole schema: nothing can be compared."""


class Bench:
    """A world, set up once for many operations."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.is_thorough = True  # look at each plan as well, which takes longer than all the rest
        # `{ x ... on A { y } y x }` on an interface object: only the type's name tells the order; that is not worth a fetch.
        self._has_opaque = any(") @interfaceObject" in sdl for sdl in world.subgraphs.values())
        # An entity is not asked when a value that an ancestor supplies has failed, and neither are the fields beside it.
        self._may_miss = any("@fromContext(" in sdl for sdl in world.subgraphs.values())
        self.loop = asyncio.new_event_loop()
        self.failure: Difference | None = None
        self.federation: Federation | None = None
        supergraph = self._composed()
        text = world.schema or (print_schema(build_query_graph(supergraph).supergraph.api_schema) if supergraph else "")
        whole = parse(text or "type Query { nothing: Int }", no_location=True)
        self.store = Store(build_ast_schema(whole, assume_valid_sdl=True), world.tables, world.failing)
        self.monolith = Monolith(build_ast_schema(visible(whole), assume_valid_sdl=True), self.store)
        if supergraph:
            self.federation = Federation(supergraph, world.subgraphs, self.store)

    def _composed(self) -> str:
        try:
            return composed(self.world.subgraphs)
        except DoesNotCompose as error:
            self.failure = Difference(f"composition {str(error).split(':', maxsplit=1)[0]}", "a supergraph", str(error))
        except Exception:  # noqa: BLE001 - whatever composition raises is a difference
            self.failure = Difference("composition raises", "a supergraph", traceback.format_exc())
        return ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The override labels of the world."""
        return self.federation.graph.labels if self.federation is not None else ()

    def close(self) -> None:
        """Close the event loop."""
        self.loop.close()

    def schema_difference(self) -> Difference | None:
        """The clients' schema, as composed and as it was taken apart."""
        if self.federation is None:
            return self.failure
        expected = print_schema(lexicographic_sort_schema(self.monolith.schema))
        got = print_schema(lexicographic_sort_schema(self.federation.schema))
        return None if expected == got else Difference("schema", expected, got)

    def difference(self, query: str, variables: Mapping[str, object], labels: frozenset[str]) -> Difference | None:
        """Answer one operation twice and compare. Raises NotAnOperation when it is not valid."""
        if self.federation is None:
            return self.failure
        found = self._difference(self.federation, query, variables, labels)
        if found is not None:
            self._demand_valid(query)
        return found

    def _difference(
        self, federation: Federation, query: str, variables: Mapping[str, object], labels: frozenset[str]
    ) -> Difference | None:
        try:
            planned = federation.plan(query, labels)
        except Exception as error:  # noqa: BLE001 - an operation that cannot be planned is a difference
            return Difference(f"planning raises {type(error).__name__}", "a plan", traceback.format_exc())
        fault = self._fault(federation, planned, labels) if self.is_thorough else None
        if fault is not None:
            return fault
        expected = self.monolith.answer(planned.operation.document, variables)
        try:
            got = self.loop.run_until_complete(federation.answer(planned, variables))
        except Exception as error:  # noqa: BLE001 - so is one that cannot be executed
            shown = print_plan(planned.plan)
            return Difference(f"execution raises {type(error).__name__}", _shown(expected), traceback.format_exc(), shown)
        kind = compare(expected, got, ordered=not self._has_opaque, missing=self._may_miss)
        return Difference(kind, _shown(expected), _shown(got), print_plan(planned.plan)) if kind else None

    @staticmethod
    def _fault(federation: Federation, planned: Planned, labels: frozenset[str]) -> Difference | None:
        """What the plan checker finds in the plan."""
        operation = planned.operation
        shown = print_plan(planned.plan)
        try:
            found = check_plan(federation.graph, operation.document, operation.name, planned.plan, active_labels=labels)
        except Exception as error:  # noqa: BLE001 - the checker takes every plan
            return Difference(f"checking raises {type(error).__name__}", "no fault", traceback.format_exc(), shown)
        faults = [one for one in found if one.kind is not FaultKind.SUPERFLUOUS]
        if not faults:
            return None
        return Difference(f"plan: {faults[0].kind}", "no fault", "\n".join(str(one) for one in faults), shown)

    def _demand_valid(self, query: str) -> None:
        try:
            errors = validate(self.monolith.schema, parse(query))
        except GraphQLError as error:
            raise NotAnOperation(str(error)) from error
        if errors:
            raise NotAnOperation(str(errors[0]))


def compare(expected: Answer, got: Answer, *, ordered: bool, missing: bool) -> str:
    """The kind of difference, empty when there is none.

    `ordered`: the order of fields counts. `missing`: where there are errors, more may be null than expected.
    """
    if bool(expected.errors) != bool(got.errors):
        return "errors where there are none" if got.errors else "no errors where there are some"
    if expected.data == got.data:
        return ""
    wanted, found = msgspec.json.decode(expected.data), msgspec.json.decode(got.data)
    if missing and expected.errors:
        return "" if is_part(found, wanted) else "data"
    if wanted != found:
        return "data"
    return "order" if ordered else ""


def is_part(found: object, wanted: object) -> bool:
    """True when `found` is `wanted` with more nulls."""
    if found is None:
        return True
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(is_part(found[key], wanted[key]) for key in found)
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(is_part, found, wanted))
    return found == wanted


def visible(schema: DocumentNode) -> DocumentNode:
    """The schema without what is `@inaccessible`."""

    class Hide(Visitor):
        def enter_field_definition(self, node: FieldDefinitionNode, *_: object) -> object:
            hidden = any(one.name.value == "inaccessible" for one in node.directives or ())
            return REMOVE if hidden else None

    shown: DocumentNode = visit(schema, Hide())
    return shown


def check_case(case: Case) -> Difference | None:
    """The difference of one case, set up from nothing."""
    bench = Bench(case.world)
    try:
        return bench.difference(case.query, case.variables, case.labels)
    finally:
        bench.close()


def _shown(answer: Answer) -> str:
    return f"data {answer.data.decode()}\nerrors {[dict(error) for error in answer.errors]}"
