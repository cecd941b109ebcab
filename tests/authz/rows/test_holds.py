from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta, timezone

import pytest

from authz.errors import RowAttributeMissing
from authz.rows import EVERY_ROW, NO_ROW, All, AnyOf, Eq, Exists, GeoWithin, Gte, In, Lte, Not, Overlaps, Predicate, holds


@pytest.mark.parametrize(
    "predicate",
    [
        Eq("a", 1),
        In("a", (1, 2)),
        Lte("a", 1),
        Gte("a", 1),
        Not(Eq("a", 1)),
        Not(Not(Eq("a", 1))),
        Not(In("a", (1,))),
        Exists("a"),
    ],
)
def test_an_unknown_value_never_shows_a_row(predicate: Predicate) -> None:
    assert holds(predicate, {"a": None}) is False


def test_an_empty_list_matches_nothing() -> None:
    assert not holds(In("a", ()), {"a": 1})
    assert not holds(Overlaps("a", ()), {"a": ["x"]})
    assert holds(Not(In("a", ())), {"a": None})


def test_numbers_are_never_compared_with_texts() -> None:
    assert not holds(Lte("classification", 2), {"classification": "1"})
    assert not holds(Not(Lte("classification", 2)), {"classification": "9"})
    assert not holds(Not(Eq("sealed", True)), {"sealed": 0})


def test_sets_overlap_when_they_share_a_value() -> None:
    assert holds(Overlaps("territories", ("0001000",)), {"territories": {"0001000", "0034000"}})
    assert not holds(Overlaps("territories", ("0001000",)), {"territories": ["0034000"]})
    assert not holds(Overlaps("territories", ("0001000",)), {"territories": None})


def test_every_row_and_no_row() -> None:
    assert holds(EVERY_ROW, {})
    assert not holds(NO_ROW, {})


def test_all_and_any_are_what_they_say() -> None:
    row = {"a": 1, "b": None}
    assert holds(AnyOf((Eq("a", 1), Eq("b", 1))), row)
    assert not holds(All((Eq("a", 1), Eq("b", 1))), row)


def test_a_point_is_within_its_circle() -> None:
    riga = GeoWithin("place", 56.9496, 24.1052, 1_000)
    assert holds(riga, {"place": (56.9540, 24.1052)})
    assert not holds(riga, {"place": (56.9600, 24.1052)})
    assert not holds(riga, {"place": None})
    assert not holds(Not(riga), {"place": (None, 24.0)})


def test_an_attribute_that_a_row_does_not_offer_is_an_error_and_not_a_no() -> None:
    with pytest.raises(RowAttributeMissing, match="`territory`"):
        holds(Not(Eq("territory", "0001000")), {})


def test_days_and_instants_are_compared_to_the_microsecond() -> None:
    at = datetime(2026, 3, 29, 3, 0, tzinfo=timezone(timedelta(hours=3)))
    assert holds(Gte("seen", "2026-03-29T00:00:00.000000Z"), {"seen": at})
    assert not holds(Lte("seen", "2026-03-28T23:59:59.999999Z"), {"seen": at})
    assert holds(Lte("born", "2026-01-01"), {"born": date(2026, 1, 1)})
    assert not holds(Not(Lte("born", "2026-01-01")), {"born": None})


def test_texts_are_compared_letter_by_letter() -> None:
    assert not holds(Eq("a", "Ā"), {"a": "ā"})
    assert not holds(Eq("a", "Ā"), {"a": unicodedata.normalize("NFD", "Ā")})
    assert not holds(Eq("a", "x"), {"a": "x "})


def test_an_empty_set_is_known_to_be_empty() -> None:
    for nothing in (None, [], {None}):
        assert holds(Not(Overlaps("a", ("x",))), {"a": nothing})
        assert not holds(Exists("a"), {"a": nothing})


def test_what_is_no_number_is_no_value() -> None:
    for rule in (Lte("a", 1), Not(Lte("a", 1)), Not(Eq("a", 1)), Exists("a")):
        assert not holds(rule, {"a": float("nan")})


def test_a_set_where_one_value_is_expected_is_an_error() -> None:
    with pytest.raises(RowAttributeMissing, match="has several"):
        holds(Not(Eq("a", "x")), {"a": ["x"]})
