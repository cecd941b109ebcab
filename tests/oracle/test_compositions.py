from __future__ import annotations

import pytest
from graphql import build_schema, parse, validate

from tests.oracle.compositions import check_seed
from tests.oracle.probes import probes

SPLITS = 6


@pytest.mark.slow
def test_random_splits_compose_and_are_refused_as_they_can_be_planned() -> None:
    for seed in range(7_000_000, 7_000_000 + SPLITS):
        for sdls, _, fault in check_seed(seed, edits=2):
            assert fault is None, f"{fault.kind}\n{fault.about}\n{dict(sdls)}"


def test_probes_are_valid_and_ask_for_every_field() -> None:
    schema = build_schema("""
        type Query { all(n: Int!, m: Int! = 1): [I] u(s: [String!]!): U! leaf: Int }
        type Mutation { make: A }
        interface I { id: ID i: I }
        type A implements I { id: ID! i: I a(e: E!): B }
        type B implements I { id: ID i: I b: Int! }
        type C { b: String }
        union U = A | C
        enum E { X }
    """)
    found = list(probes(schema))
    assert [error.message for query in found for error in validate(schema, parse(query))] == []
    for field in ("leaf", "Mutation_make: make", "I_i: i", "A_a: a(e: $v", "B_b: b", "C_b: b"):
        assert any(field in query for query in found)
