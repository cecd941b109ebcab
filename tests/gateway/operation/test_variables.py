"""`read_variables`: checked, defaults filled in, sent on in the client's own form."""

from __future__ import annotations

import pytest
from graphql import build_schema

from gateway.operation import Limits, read_operation, read_variables
from gateway.operation.errors import BadVariables

SCHEMA = build_schema(
    """
    type Query { find(ids: [ID!], kind: Kind, where: Where, big: Json): [Int] }
    enum Kind { CAR BOAT }
    input Where { plate: String, more: [Where!] limit: Int = 7 }
    scalar Json
    """
)
OPERATION = read_operation(
    SCHEMA,
    """
    query($ids: [ID!]!, $kind: Kind = CAR, $where: Where = {plate: "Q1", more: []}, $big: Json, $wanted: Boolean = true) {
      find(ids: $ids, kind: $kind, where: $where, big: $big) @include(if: $wanted)
    }
    """,
    None,
    Limits(),
)


def test_values_are_sent_as_the_client_wrote_them_and_defaults_are_filled_in():
    variables = read_variables(SCHEMA, OPERATION, {"ids": "a", "big": {"n": 1e3}, "unknown": 1})
    assert variables.sent == {
        "ids": "a",
        "kind": "CAR",
        "where": {"plate": "Q1", "more": []},
        "big": {"n": 1000.0},
        "wanted": True,
    }
    assert variables.conditions(OPERATION) == (True,)


def test_an_explicit_null_is_not_replaced_by_the_default():
    assert read_variables(SCHEMA, OPERATION, {"ids": [], "where": None}).sent["where"] is None


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"ids": None},
        {"ids": [None]},
        {"ids": [], "kind": "PLANE"},
        {"ids": [], "where": {"plate": 5}},
        {"ids": [], "where": {"unknown": 1}},
        {"ids": [], "wanted": "yes"},
    ],
)
def test_a_variable_that_does_not_fit_is_refused(given):
    with pytest.raises(BadVariables) as refused:
        read_variables(SCHEMA, OPERATION, given)
    assert refused.value.entries()


def test_nesting_without_end_is_refused_and_not_a_crash():
    where: dict[str, object] = {}
    for _ in range(5000):
        where = {"more": [where]}
    with pytest.raises(BadVariables):
        read_variables(SCHEMA, OPERATION, {"ids": [], "where": where})
