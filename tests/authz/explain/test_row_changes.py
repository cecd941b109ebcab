from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.explain.row_changes import implies, relation
from authz.rows import (
    EVERY_ROW,
    NO_ROW,
    All,
    AnyOf,
    Eq,
    Exists,
    GeoWithin,
    Gte,
    In,
    Lte,
    Not,
    Overlaps,
    Predicate,
    holds,
    normal,
)

TEXTS = st.sampled_from(["a", "b", "c"])
LEAVES: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(Eq, st.just("zone"), TEXTS),
    st.builds(In, st.just("zone"), st.lists(TEXTS, max_size=3).map(tuple)),
    st.builds(Overlaps, st.just("tags"), st.lists(TEXTS, max_size=3).map(tuple)),
    st.builds(Lte, st.just("level"), st.integers(0, 3)),
    st.builds(Gte, st.just("level"), st.integers(0, 3)),
    st.builds(Eq, st.just("sealed"), st.booleans()),
    st.builds(Exists, st.sampled_from(["zone", "level", "sealed", "tags"])),
)
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=5,
).map(normal)
ROWS = st.fixed_dictionaries(
    {
        "zone": st.none() | TEXTS,
        "tags": st.none() | st.lists(TEXTS, max_size=2),
        "level": st.none() | st.integers(0, 3),
        "sealed": st.none() | st.booleans(),
    }
)


@given(RULES, RULES, st.lists(ROWS, min_size=5, max_size=12))
def test_what_is_said_of_two_rules_is_true_of_every_row(old: Predicate, new: Predicate, rows: list[dict[str, object]]) -> None:
    shown = [(holds(old, row), holds(new, row)) for row in rows]
    match relation(old, new):
        case "same":
            assert all(before == after for before, after in shown)
        case "wider":
            assert all(after or not before for before, after in shown)
        case "narrower":
            assert all(before or not after for before, after in shown)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (In("zone", ("a",)), In("zone", ("a", "b")), "wider"),
        (In("zone", ("a", "b")), Eq("zone", "a"), "narrower"),
        (Lte("level", 1), Lte("level", 2), "wider"),
        (Gte("level", 1), Gte("level", 2), "narrower"),
        (All((Lte("level", 2), In("zone", ("a",)))), Lte("level", 2), "wider"),
        (Lte("level", 2), All((Lte("level", 2), Not(Eq("sealed", True)))), "narrower"),
        (AnyOf((Eq("zone", "a"),)), AnyOf((Eq("zone", "a"), Lte("level", 1))), "wider"),
        (Not(Eq("zone", "a")), Not(In("zone", ("a", "b"))), "narrower"),
        (GeoWithin("place", 56.9, 24.1, 500), GeoWithin("place", 56.9, 24.1, 900), "wider"),
        (Eq("zone", "a"), EVERY_ROW, "wider"),
        (Eq("zone", "a"), NO_ROW, "narrower"),
        (NO_ROW, EVERY_ROW, "wider"),
        (Eq("zone", "a"), In("zone", ("a",)), "same"),
        (Eq("zone", "a"), Eq("zone", "b"), "unclear"),
        (Lte("level", 2), In("zone", ("a",)), "unclear"),
    ],
)
def test_the_relation_of_two_rules(old: Predicate, new: Predicate, expected: str) -> None:
    assert relation(old, new) == expected


def test_not_knowing_is_no_proof() -> None:
    assert not implies(Not(Lte("level", 1)), Gte("level", 2)), "true of whole numbers, and not shown by their shape"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Not(Exists("level")), Not(Lte("level", 0))),
        (Not(Exists("level")), Exists("level")),
        (Not(Overlaps("tags", ("a",))), Exists("tags")),
        (Not(In("zone", ())), Exists("zone")),
    ],
)
def test_a_negation_that_shows_the_unknown_proves_nothing_of_the_known(old: Predicate, new: Predicate) -> None:
    assert not implies(old, new)
