"""A plan explained: in: graph, document, plan. Out: an `Explanation`.

explain
    for each request, for each place it visits
        brings, helps     its fields, split by whether the client asked them
        entries           of the type's keys the one that covers what is sent; the rest is sent for fields with @requires
        inputs            each value that is sent, and the earlier request that brings it
        others            for each field of the object: the subgraph where it was met, and every other one that has the field
    for each dependency   the inputs that come from there, else what ties the two
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graphql import DocumentNode

from gateway.planning.check.delivery import Delivery, read_deliveries
from gateway.planning.check.fault import Faults
from gateway.planning.check.when import ALWAYS, When
from gateway.planning.explain.answers import Answer, Answers, keys_of
from gateway.planning.explain.entries import entry_of, filled_by, input_paths, purpose_of
from gateway.planning.explain.explanation import (
    Entry,
    Explanation,
    Input,
    Keys,
    Names,
    Other,
    Request,
    RequestKind,
    Visit,
    Wait,
)
from gateway.planning.explain.reasons import FIELD, Reasons
from gateway.planning.normalise import normalise
from gateway.planning.plan import QueryPlan
from gateway.planning.print import print_path
from gateway.query_graph.graph import QueryGraph


def explain(
    graph: QueryGraph,
    document: DocumentNode,
    plan: QueryPlan,
    operation_name: str | None = None,
    *,
    active_labels: frozenset[str] = frozenset(),
) -> Explanation:
    """Why each request of `plan`, made for an operation of `document` under these override labels, is there.

    Raises `UnknownOperation`.
    """
    return _Explainer(graph, document, plan, operation_name, active_labels).explain()


class _Explainer:
    def __init__(
        self,
        graph: QueryGraph,
        document: DocumentNode,
        plan: QueryPlan,
        operation_name: str | None,
        active_labels: frozenset[str],
    ) -> None:
        self._graph = graph
        self._plan = plan
        self._operation = normalise(graph.supergraph, document, operation_name)
        self._deliveries = read_deliveries(plan, Faults())
        self._answers = Answers(graph, self._operation, self._deliveries)
        self._reasons = Reasons(graph, active_labels)
        self._users: dict[tuple[int, Keys], set[int]] = {}
        self._inputs = {one.rank: tuple(self._read_inputs(one)) for one in self._deliveries}

    def explain(self) -> Explanation:
        by_request: dict[int, list[Delivery]] = {}
        for one in self._deliveries:
            by_request.setdefault(one.id, []).append(one)
        direct = {fetch.id: fetch.depends_on for fetch in self._plan.fetches()}
        requests = tuple(self._request(by_request[number], direct[number]) for number in direct if number in by_request)
        return Explanation(self._operation.kind, self._operation.name, requests)

    def _request(self, deliveries: Sequence[Delivery], waits_for: tuple[int, ...]) -> Request:
        first = deliveries[0]
        visits = tuple(self._visit(one) for one in deliveries)
        inputs = [one for visit in visits for one in visit.inputs]
        waits = tuple(self._wait(deliveries, before, inputs) for before in waits_for)
        return Request(first.id, first.request.service, self._kind(first), _condition(first.when), visits, waits)

    def _kind(self, delivery: Delivery) -> RequestKind:
        if delivery.requires:
            return "look-up"
        return "re-entry" if delivery.path else "root"

    def _visit(self, delivery: Delivery) -> Visit:
        answers = self._answers.of[delivery.rank]
        clients = [one for one in answers if one.is_clients and one.is_leaf]
        others = [one for one in answers if one.is_leaf and not one.is_clients]
        needed_by = {user for one in answers for user in self._users.get((delivery.id, one.keys), ())}
        entries = tuple(
            entry_of(self._graph, self._reasons, delivery, answers, one, self._graph_of(delivery)) for one in delivery.requires
        )
        inputs = tuple(_purposed(entries, self._inputs[delivery.rank]))
        return Visit(
            print_path(delivery.path),
            _names(clients, len(keys_of(delivery.path))),
            _names(others, len(keys_of(delivery.path))),
            tuple(sorted(needed_by)),
            entries,
            inputs,
            tuple(self._others(delivery)),
            self._graph_of(delivery) in self._homes(delivery),
        )

    def _read_inputs(self, delivery: Delivery) -> Iterator[Input]:
        base = keys_of(delivery.path)
        for fragment in delivery.requires:
            for sent, source in input_paths(fragment):
                yield Input(fragment.type_condition, ".".join(sent), "", self._sources(delivery, (*base, *source)))
        for supplied in delivery.contexts:
            above = keys_of(delivery.path[: supplied.above])
            for _, source in input_paths(supplied):
                keys = (*above, *source)
                yield Input("", ".".join(keys), filled_by(delivery, supplied.variable), self._sources(delivery, keys))

    def _sources(self, delivery: Delivery, keys: Keys) -> tuple[int, ...]:
        """The earlier requests that bring the value, which are noted to be needed."""
        found = tuple(sorted(one for one in self._answers.sources(keys, 0) if one in delivery.request.before))
        for one in found:
            self._users.setdefault((one, keys), set()).add(delivery.id)
        return found

    def _graph_of(self, delivery: Delivery) -> str:
        return self._graph.supergraph.subgraphs[delivery.request.service].graph

    def _others(self, delivery: Delivery) -> Iterator[Other]:
        """Why not where the object was met, and why not elsewhere, for the fields of the object that the client asked."""
        own, homes = self._graph_of(delivery), self._homes(delivery)
        found: dict[tuple[str, str], list[str]] = {}
        for answer in self._answers.of[delivery.rank]:
            if answer.depth or not answer.is_clients or answer.name == "__typename":
                continue
            for graph in dict.fromkeys((*homes, *self._reasons.holders(answer.type_name, answer.name))):
                reason = self._reason(answer, graph, own, graph in homes)
                if reason:
                    found.setdefault((graph, reason), []).append(f"{answer.type_name}.{answer.name}")
        for (graph, reason), fields in found.items():
            name = self._graph.supergraph.graphs[graph].name
            listed = tuple(dict.fromkeys(fields))
            joined = (" or " if reason.startswith("has no ") else " and ").join(listed)
            yield Other(name, listed, reason.replace(FIELD, joined), graph in homes)

    def _homes(self, delivery: Delivery) -> tuple[str, ...]:
        """The subgraphs where the objects of a look-up were met: those whose answers have the place."""
        if not delivery.path:
            return ()
        before = [one for one in self._answers.sources(keys_of(delivery.path), 0) if one in delivery.request.before]
        graphs = self._graph.supergraph.subgraphs
        services = {one.id: graphs[one.request.service].graph for one in self._deliveries}
        return tuple(dict.fromkeys(services[one] for one in sorted(before)))

    def _reason(self, answer: Answer, graph: str, own: str, is_home: bool) -> str:
        if graph == own:
            return ""
        reason = self._reasons.why_not(answer.type_name, answer.node, graph)
        if reason is not None:
            return reason
        if answer.type_name == self._operation.type_name:
            return f"has {FIELD} too, and would save no request"
        if is_home:
            return f"has {FIELD} too; it is asked where other fields are looked up anyway"
        keys = self._reasons.entry_keys(answer.type_name, graph)
        if not keys:
            return f"has {FIELD} too, but has no key by which a {answer.type_name} can be looked up"
        return f"has {FIELD} too, by {' or '.join(f'{{ {key} }}' for key in keys)}, and would save no request"

    def _wait(self, deliveries: Sequence[Delivery], before: int, inputs: Iterable[Input]) -> Wait:
        service = next(one.request.service for one in self._deliveries if one.id == before)
        found: dict[str, list[str]] = {}
        for one in inputs:
            if before in one.source:
                fields = found.setdefault(one.purpose, [])
                if one.field not in fields:
                    fields.append(one.field)
        if found:
            brought = ", ".join(f"{' '.join(fields)} ({purpose})" for purpose, fields in found.items())
            return Wait(before, service, f"brings {brought}")
        for path in (delivery.path for delivery in deliveries if delivery.path):
            if before in set(self._answers.sources(keys_of(path), 0)):
                return Wait(before, service, f"brings the objects at {print_path(path)}")
        if self._operation.kind == "mutation":
            return Wait(before, service, "must have ended: the fields of a mutation run one after the other")
        return Wait(before, service, "must have ended before: what this request needs depends on it")


def _condition(when: When) -> str:
    """`$a is true and $b is false`; empty when it always holds."""
    if when == ALWAYS:
        return ""
    terms = (" and ".join(f"${name} is {'true' if value else 'false'}" for name, value in sorted(term)) for term in when)
    return ", or ".join(sorted(terms))


def _purposed(entries: Sequence[Entry], inputs: Iterable[Input]) -> Iterator[Input]:
    """The inputs with what each is for: the key, or the fields that require it."""
    by_type = {one.type_name: one for one in entries}
    for one in inputs:
        purpose = purpose_of(by_type[one.type_name], one.field) if one.type_name else one.purpose
        yield Input(one.type_name, one.field, purpose, one.source)


def _names(answers: Iterable[Answer], above: int) -> Names:
    """What is asked of the objects at a place whose path has `above` keys."""
    found: dict[str, Names] = {}
    for answer in answers:
        level = found
        for key in answer.keys[above:-1]:
            level = level.setdefault(key, {})  # type: ignore[assignment]  # levels are made here alone, as dicts
        last = answer.keys[-1]
        level.setdefault(last if last == answer.name else f"{last}: {answer.name}", {})
    return found
