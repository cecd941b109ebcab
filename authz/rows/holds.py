"""Row rules in plain Python: predicate and a row's attributes in, yes or no out.

The yardstick for the emitters: a differential test compares each store's answer with this one.
"""

from __future__ import annotations

from collections.abc import Mapping

from authz.errors import RowAttributeMissing
from authz.rows.distance import METRES_PER_DEGREE, metres_per_degree_of_longitude
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
    Reference,
    normal,
)


def holds(predicate: Predicate, attributes: Mapping[str, object]) -> bool:
    """Whether a row with these attributes may be seen.

    Single-valued attributes are values or None, set-valued ones collections (None is the empty set), points `(lat, lon)` or
    None. Raises RowAttributeMissing when an attribute that the predicate reads is not in the mapping.
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
            return bool(actual) if isinstance(actual, set | frozenset | list | tuple) else actual is not None
        case Overlaps(_, values):
            return not _members(actual).isdisjoint(_bound(values))
        case In(_, values):
            return _one_of(actual, _bound(values))
        case GeoWithin():
            return _near(leaf, actual)
        case Eq(_, value):
            return actual == value if _comparable(actual, value) else None
        case Lte(_, value):
            return bool(actual <= value) if _comparable(actual, value) else None  # type: ignore[operator]  # _comparable proved it
        case Gte(_, value):
            return bool(actual >= value) if _comparable(actual, value) else None  # type: ignore[operator]  # _comparable proved it


def _bound(values: tuple[Literal, ...] | Reference) -> tuple[Literal, ...]:
    if isinstance(values, Reference):
        raise RowAttributeMissing(f"${values.path} was not bound to the contract's context before rows were judged.")
    return values


def _comparable(actual: object, value: object) -> bool:
    """Same kind of value: a rule over numbers never decides over text, which would make its negation show the row."""
    if actual is None or isinstance(value, Reference):
        return False
    if isinstance(value, bool) or isinstance(actual, bool):
        return isinstance(value, bool) and isinstance(actual, bool)
    if isinstance(value, int | float):
        return isinstance(actual, int | float)
    return isinstance(actual, str)


def _one_of(actual: object, values: tuple[Literal, ...]) -> bool | None:
    if not values:
        return False
    if not all(_comparable(actual, value) for value in values):
        return None
    return actual in values


def _members(actual: object) -> frozenset[object]:
    if actual is None:
        return frozenset()
    if isinstance(actual, set | frozenset | list | tuple):
        return frozenset(actual)
    raise RowAttributeMissing(
        f"`overlaps` reads a set of values, and the row has {type(actual).__name__}: declare the attribute as [String]."
    )


def _near(leaf: GeoWithin, actual: object) -> bool | None:
    if actual is None:
        return None
    if not isinstance(actual, tuple | list) or len(actual) != 2:
        raise RowAttributeMissing("`geo_within` reads a point (lat, lon): declare the attribute as Point.")
    lat, lon = actual
    if lat is None or lon is None:
        return None
    north = (lat - leaf.lat) * METRES_PER_DEGREE
    east = (lon - leaf.lon) * metres_per_degree_of_longitude(leaf.lat)
    return bool(north * north + east * east <= leaf.metres * leaf.metres)
