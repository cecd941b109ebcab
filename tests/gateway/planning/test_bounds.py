"""What planning may cost, that it says so when it would cost more, and that it always says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from graphql import parse

from gateway.planning import plan
from gateway.planning.budget import Budget
from gateway.planning.errors import OperationTooLarge

WIDE = """
interface Node {joins} {{ id: ID! next: Node a: Int }}
type Query {joins} {{ nodes: [Node] @join__field(graph: A) }}
"""
GRAPHS = "ABCDE"


def wide(members):
    joins = " ".join(f"@join__type(graph: {name})" for name in GRAPHS)
    keys = " ".join(f'@join__type(graph: {name}, key: "id")' for name in GRAPHS)
    implements = " ".join(f'@join__implements(graph: {name}, interface: "Node")' for name in GRAPHS)
    types = [
        f"type T{n} implements Node {implements} {keys} {{ id: ID! next: Node @join__field(graph: {GRAPHS[n % 5]}) "
        f"a: Int @join__field(graph: {GRAPHS[(n + 1) % 5]}) }}"
        for n in range(members)
    ]
    return WIDE.format(joins=joins) + "\n".join(types)


def nested(levels):
    return parse(f"{{ nodes {'{ a next ' * levels}{{ id }}{'}' * levels} }}")


def test_a_wide_interface_is_walked_once_per_subgraph_and_level(graph):
    budget = Budget()
    made = plan(graph(wide(20)), nested(2), budget=budget)
    assert len(list(made.fetches())) <= 15
    assert 50_000 - budget.entries < 4_000


@pytest.mark.parametrize(
    ("budget", "message"),
    [
        (Budget(moves=100, seconds=3_600), "too many ways"),
        (Budget(entries=100, seconds=3_600), "fragments are spread"),
        (Budget(seconds=0), "longer than 0 seconds"),
    ],
)
def test_beyond_its_budget_an_operation_is_refused_with_the_reason(graph, budget, message):
    with pytest.raises(OperationTooLarge, match=message):
        plan(graph(wide(20)), nested(3), budget=budget)


def test_without_search_steps_the_first_good_answer_is_taken(graph):
    made = plan(graph(wide(5)), nested(1), budget=Budget(search_steps=0))
    assert list(made.fetches())


PROGRAM = """
import json, sys
from graphql import parse
from gateway.planning import plan, print_plan, to_json
from gateway.query_graph import build_query_graph
text, queries = json.load(sys.stdin)
graph = build_query_graph(text)
made = [plan(graph, parse(query)) for query in queries]
print(json.dumps([[print_plan(one), to_json(one)] for one in made]))
"""


def test_a_plan_is_the_same_in_every_process_byte_for_byte(shared):
    cases = json.loads((shared / "corpora/plans/plans.json").read_text(encoding="utf-8"))
    file = max({case["supergraph"] for case in cases}, key=lambda name: sum(case["supergraph"] == name for case in cases))
    text = (shared / "corpora/plans" / file).read_text(encoding="utf-8")
    queries = [case["query"] for case in cases if case["supergraph"] == file]
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=json.dumps([text, order]),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, order in (("0", queries), ("1", queries), ("4711", queries))
    }
    assert len(printed) == 1
