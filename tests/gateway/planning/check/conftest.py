"""Good plans made wrong: the kinds of faults that the checker finds in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from graphql import parse

from gateway.planning import plan
from gateway.planning.check import FaultKind, check_plan
from gateway.planning.plan import BatchFetch, Condition, Fetch, Flatten, Parallel, PlanNode, Sequence, Subscription
from gateway.query_graph import QueryGraph

Change = Callable[[Any], Any]


def changed(node: PlanNode | None, change: Change) -> Any:
    """The plan with every node changed, inner ones first; None drops one."""
    match node:
        case None:
            return None
        case Flatten(path, inner):
            made = changed(inner, change)
            return change(Flatten(path, made)) if made is not None else None
        case Sequence(nodes) | Parallel(nodes):
            return change(type(node)(tuple(made for one in nodes if (made := changed(one, change)) is not None)))
        case Condition(variable, if_clause, else_clause):
            return change(Condition(variable, changed(if_clause, change), changed(else_clause, change)))
        case Subscription(primary, rest):
            return change(Subscription(changed(primary, change), changed(rest, change)))
        case _:
            return change(node)


def fetches(change: Change, service: str | None = None) -> Change:
    """A change of the requests to one subgraph, or to all."""

    def apply(node: Any) -> Any:
        return change(node) if isinstance(node, Fetch | BatchFetch) and service in (None, node.service) else node

    return apply


def text(old: str, new: str) -> Change:
    """A change of the text of requests in which `old` occurs."""
    return lambda fetch: replace(fetch, operation=fetch.operation.replace(old, new))


@pytest.fixture
def faults(graph: Callable[[str], QueryGraph]) -> Callable[..., set[FaultKind]]:
    """types, query, change, service → the kinds of faults of the changed plan, after showing that the good one has none."""

    def make(types: str, query: str, change: Change | None = None, service: str | None = None, **more: Any) -> set[FaultKind]:
        supergraph = graph(types)
        document = parse(query)
        made = plan(supergraph, document, **more)
        assert check_plan(supergraph, document, None, made, **more) == ()
        if change is None:
            return set()
        wrong = replace(made, node=changed(made.node, fetches(change, service) if service != "tree" else change))
        assert wrong != made, "the change changes nothing"
        return {fault.kind for fault in check_plan(supergraph, document, None, wrong, **more)}

    return make


@pytest.fixture
def rewritten() -> Callable[[str, str], Change]:
    return text
