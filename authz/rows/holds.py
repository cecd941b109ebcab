"""Row rules in plain Python: predicate and a row's attributes in, yes or no out.

The yardstick for the emitters: a differential test compares each store's answer with this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from authz.errors import RowAttributeMissing
from authz.rows.distance import METRES_PER_DEGREE, metres_per_degree_of_longitude
from authz.rows.literals import common_kind, kind_of, many, one
from authz.rows.moments import written
from authz.rows.predicate import (
    All,
    AnyOf,
    Eq,
    Exists,
    GeoWithin,
    Gte,
    In,
    Leaf,
    Literal,
    Lte,
    Not,
    Overlaps,
    Predicate,
    normal,
)


def holds(predicate: Predicate, attributes: Mapping[str, object]) -> bool:
    """Whether a row with these attributes may be seen.

    Single-valued attributes are values (days and instants as `date` and aware `datetime`) or None; set-valued ones sets or
    lists (None is the empty set, and None in it is no member); points tuples `(lat, lon)` or None. Raises RowAttributeMissing
    when an attribute that the predicate reads is not in the mapping, or is of another shape.
    """
    return _certain(normal(predicate), attributes)


def _certain(predicate: Predicate, attributes: Mapping[str, object]) -> bool:
    match predicate:
        case All(items):
            return all(_certain(item, attributes) for item in items)
        case AnyOf(items):
            return any(_certain(item, attributes) for item in items)
        case Not(item):
            assert not isinstance(item, All | AnyOf | Not), "normal form has `not` over leaves only"
            return _leaf(item, attributes) is False
        case leaf:
            return _leaf(leaf, attributes) is True


def _leaf(leaf: Leaf, attributes: Mapping[str, object]) -> bool | None:
    """True, False, or None where the attribute has no value that can be compared."""
    if leaf.attribute not in attributes:
        raise RowAttributeMissing(
            f"A row rule reads `{leaf.attribute}`, which this row does not offer: declare and fill it in the room."
        )
    actual = attributes[leaf.attribute]
    match leaf:
        case Exists():
            return _is_there(actual)
        case Overlaps(_, values):
            return not _members(actual).isdisjoint(many(values))
        case In(_, values):
            return _one_of(_single(actual), many(values))
        case GeoWithin():
            return _near(leaf, actual)
        case Eq(_, value):
            return _single(actual) == value if _comparable(_single(actual), value) else None
        case Lte(_, value):
            return _order(_single(actual), one(value), ascending=True)
        case Gte(_, value):
            return _order(_single(actual), one(value), ascending=False)


def _single(actual: object) -> object:
    """A single value as it is compared: days and instants as texts."""
    if isinstance(actual, set | frozenset | list | tuple):
        raise RowAttributeMissing("The rule reads one value, and the row has several: declare the attribute as it is.")
    return written(actual) if isinstance(actual, date) else actual


def _is_there(actual: object) -> bool:
    match actual:
        case tuple():
            return all(part is not None for part in actual)
        case set() | frozenset() | list():
            return any(item is not None for item in actual)
        case _:
            return kind_of(_single(actual)) is not None


def _comparable(actual: object, value: object) -> bool:
    """Same kind of value: a rule over numbers never decides over text, which would make its negation show the row."""
    kind = kind_of(actual)
    return kind is not None and kind == kind_of(value)


def _order(actual: object, value: Literal, *, ascending: bool) -> bool | None:
    if not _comparable(actual, value):
        return None
    return bool(actual <= value if ascending else actual >= value)  # type: ignore[operator]  # of one kind


def _one_of(actual: object, values: tuple[Literal, ...]) -> bool | None:
    if not values:
        return False
    kind = common_kind(values)
    if kind is None or kind_of(actual) != kind:
        return None
    return actual in values


def _members(actual: object) -> frozenset[object]:
    if actual is None:
        return frozenset()
    if isinstance(actual, set | frozenset | list):
        return frozenset(item for item in actual if item is not None)
    raise RowAttributeMissing(
        f"`overlaps` reads a set of values, and the row has {type(actual).__name__}: declare the attribute as [String]."
    )


def _near(leaf: GeoWithin, actual: object) -> bool | None:
    if actual is None:
        return None
    if not isinstance(actual, tuple) or len(actual) != 2:
        raise RowAttributeMissing("`geo_within` reads a point (lat, lon): declare the attribute as Point.")
    lat, lon = actual
    if lat is None or lon is None:
        return None
    north = (lat - leaf.lat) * METRES_PER_DEGREE
    east = (lon - leaf.lon) * metres_per_degree_of_longitude(leaf.lat)
    return bool(north * north + east * east <= leaf.metres * leaf.metres)
