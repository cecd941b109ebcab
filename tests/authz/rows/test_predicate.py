from __future__ import annotations

import pytest

from authz.errors import RowAttributeMissing
from authz.rows import (
    EVERY_ROW,
    NO_ROW,
    All,
    AnyOf,
    Eq,
    Gte,
    In,
    Lte,
    Not,
    Overlaps,
    Reference,
    attributes_of,
    bind,
    normal,
    plain,
)


def test_negation_is_pushed_down_to_the_leaves() -> None:
    a, b = Eq("a", 1), Eq("b", 2)
    assert normal(Not(All((a, AnyOf((b, Not(a))))))) == AnyOf((Not(a), All((Not(b), a))))


def test_a_double_negation_disappears() -> None:
    assert normal(Not(Not(Eq("a", 1)))) == Eq("a", 1)


def test_every_row_negated_is_no_row() -> None:
    assert normal(Not(EVERY_ROW)) == NO_ROW


def test_references_are_replaced_by_the_contracts_context() -> None:
    predicate = All((In("territory", Reference("consumer.territories")), Not(Overlaps("t", Reference("consumer.territories")))))
    values = ("0001000", "0034000")
    bound = bind(predicate, {"consumer": {"territories": list(values)}})
    assert bound == All((In("territory", values), Not(Overlaps("t", values))))


def test_a_reference_to_nothing_is_refused() -> None:
    with pytest.raises(RowAttributeMissing, match=r"\$consumer.nothing"):
        bind(Eq("a", Reference("consumer.nothing")), {"consumer": {}})


def test_a_list_is_not_taken_for_one_value() -> None:
    with pytest.raises(RowAttributeMissing, match="must be one value"):
        bind(Eq("a", Reference("consumer.territories")), {"consumer": {"territories": ["1"]}})


def test_a_predicate_names_its_attributes() -> None:
    assert attributes_of(All((Eq("a", 1), Not(AnyOf((Eq("b", 1), In("c", ()))))))) == {"a", "b", "c"}


def test_a_predicate_prints_in_the_words_of_the_document() -> None:
    assert plain(Not(In("territory", Reference("consumer.territories")))) == {
        "not": {"in": ["territory", "$consumer.territories"]}
    }


@pytest.mark.parametrize(
    ("said", "spelled"),
    [
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01T08:00:00+02:00", "2026-01-01T06:00:00.000000Z"),
        ("2026-01-01T08:00:00.5Z", "2026-01-01T08:00:00.500000Z"),
    ],
)
def test_days_and_instants_get_one_spelling(said: str, spelled: str) -> None:
    assert bind(Lte("a", said), {}) == Lte("a", spelled)
    assert bind(Gte("a", Reference("consumer.since")), {"consumer": {"since": said}}) == Gte("a", spelled)


@pytest.mark.parametrize("said", ["abc", "2026-02-30", "2026-01-01T08:00:00", "20260101", "2026-W01-1", True])
def test_what_has_no_order_that_stores_share_is_refused(said: str) -> None:
    with pytest.raises(RowAttributeMissing, match="a day or an instant"):
        bind(Lte("a", said), {})
