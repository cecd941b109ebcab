"""`@override`, also step by step: which subgraph answers a field is decided by the labels of the request."""

from __future__ import annotations

import pytest

A = """
type Query { bill: Bill bills: [Bill] @override(from: "b", label: "percent(30)") }
type Bill @key(fields: "id") {
  id: ID!
  amount: Int @override(from: "b", label: "percent(50)")
  note: String @override(from: "b", label: "our-own_label")
}
"""
B = """
type Query { bills: [Bill] }
type Bill @key(fields: "id") {
  id: ID! amount: Int note: String payer: String total: Int @requires(fields: "tax") tax: Int @external
}
"""
C = 'type Bill @key(fields: "id") { id: ID! tax: Int @override(from: "d") }'
D = 'type Bill @key(fields: "id") { id: ID! tax: Int due: Int }'


@pytest.fixture
def bills(world):
    def row(who, **more):
        return {"id": "1", "amount": len(who), "note": who, **more}

    return world(
        {"a": A, "b": B, "c": C, "d": D},
        {
            "a": {"Query": {"bill": row("from a"), "bills": [row("from a")]}, "Bill": [row("from a")]},
            "b": {
                "Query": {"bills": [row("b")]},
                "Bill": [row("b", payer="Anna", total=lambda bill: bill["tax"] + 1)],
            },
            "c": {
                "Bill": [{"id": "1", "tax": 7, "double": lambda bill: f"{bill['amount']}{bill['note']}" and bill["amount"] * 2}]
            },
            "d": {"Bill": [{"id": "1", "tax": -1, "due": 3}]},
        },
    )


HALF, THIRD, OWN = "percent(50)", "percent(30)", "our-own_label"


@pytest.mark.parametrize(
    ("labels", "amount", "note"), [((), 1, "b"), ((HALF,), 6, "b"), ((OWN,), 1, "from a"), ((HALF, OWN), 6, "from a")]
)
async def test_labels_decide_field_by_field(bills, labels, amount, note):
    answer = await bills.ask("{ bill { amount note payer } }", frozenset(labels))
    assert answer == {"data": {"bill": {"amount": amount, "note": note, "payer": "Anna"}}}


@pytest.mark.parametrize(("labels", "service"), [((), "b"), ((THIRD,), "a")])
async def test_a_root_field_moves_as_well(bills, labels, service):
    assert [fetch.service for fetch in bills.plan("{ bills { id } }", frozenset(labels)).fetches()] == [service]


REQUIRED = """
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { bill: Bill @join__field(graph: C) }
    type Bill @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
      id: ID!
      amount: Int @join__field(graph: A, override: "b", overrideLabel: "own") @join__field(graph: B, overrideLabel: "own")
        @join__field(graph: C, external: true)
      double: Int @join__field(graph: C, requires: "amount")
    }
"""


@pytest.mark.parametrize(("labels", "service"), [((), "b"), (("own",), "a")])
def test_what_is_required_comes_from_the_subgraph_that_answers_it_now(planned, labels, service):
    made = planned(REQUIRED, "{ bill { double } }", frozenset(labels))
    assert [fetch.service for fetch in made.fetches()] == ["c", service, "c"]


async def test_a_field_that_was_overridden_for_good_is_never_asked_where_it_was(bills):
    assert await bills.data("{ bill { tax due total } }") == {"bill": {"tax": 7, "due": 3, "total": 8}}


def test_the_labels_of_a_graph_are_known_and_unknown_ones_change_nothing(bills):
    assert set(bills.graph.labels) == {HALF, THIRD, OWN}
    plain, other = (bills.plan("{ bill { amount } }", labels) for labels in (frozenset(), frozenset({"percent(99)"})))
    assert plain == other
