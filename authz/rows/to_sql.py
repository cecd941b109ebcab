"""Row rules for SQLAlchemy: predicate and the store's columns in, one condition out.

Bind parameters only. `not x` becomes `NOT COALESCE(x, true)`, so that an unknown x shows no row; an empty list matches nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from authz.errors import RowAttributeMissing
from authz.rows.distance import METRES_PER_DEGREE, metres_per_degree_of_longitude
from authz.rows.literals import common_kind, many, one
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


@dataclass(frozen=True, slots=True)
class Column:
    """A single-valued attribute: a column or an expression. `key` brings a rule's value into the form that the column has
    (an instant into microseconds, say); it keeps order and equality.
    """

    element: ColumnElement[Any]
    key: Callable[[Literal], Literal] = lambda value: value


@dataclass(frozen=True, slots=True)
class Members:
    """A set-valued attribute in a side table: its value column, and a function that says `EXISTS (side row of this row with
    …)`.
    """

    value: ColumnElement[Any]
    exists: Callable[[ColumnElement[bool]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Point:
    """A place in two columns, degrees."""

    lat: ColumnElement[Any]
    lon: ColumnElement[Any]


SqlAttribute: TypeAlias = Column | Members | Point


def to_sql(predicate: Predicate, attributes: Mapping[str, SqlAttribute]) -> ColumnElement[bool]:
    """The condition of rows that may be seen. Raises RowAttributeMissing when the store lacks an attribute or has another
    kind of it.
    """
    return _condition(normal(predicate), attributes)


def _condition(predicate: Predicate, attributes: Mapping[str, SqlAttribute]) -> ColumnElement[bool]:
    match predicate:
        case All(items):
            return sa.and_(sa.true(), *(_condition(item, attributes) for item in items))
        case AnyOf(items):
            return sa.or_(sa.false(), *(_condition(item, attributes) for item in items))
        case Not(item):
            assert not isinstance(item, All | AnyOf | Not), "normal form has `not` over leaves only"
            return sa.not_(sa.func.coalesce(_leaf(item, attributes), sa.true()))
        case leaf:
            return _leaf(leaf, attributes)


def _leaf(leaf: Leaf, attributes: Mapping[str, SqlAttribute]) -> ColumnElement[bool]:
    attribute = attributes.get(leaf.attribute)
    match leaf, attribute:
        case _, None:
            raise RowAttributeMissing(
                f"A row rule reads `{leaf.attribute}`, which the store does not offer: map it in the room's store."
            )
        case Exists(), Column(element):
            return element.is_not(None)
        case Exists(), Members(_, exists):
            return exists(sa.true())
        case Exists(), Point(lat, lon):
            return sa.and_(lat.is_not(None), lon.is_not(None))
        case Eq(_, value), Column(element, key):
            return element == key(one(value))
        case Lte(_, value), Column(element, key):
            return element <= key(one(value))
        case Gte(_, value), Column(element, key):
            return element >= key(one(value))
        case In(_, values), Column(element, key):
            return _one_of(element, key, many(values))
        case Overlaps(_, values), Members(column, exists):
            return exists(column.in_(many(values))) if many(values) else sa.false()
        case GeoWithin(), Point(lat, lon):
            return _near(leaf, lat, lon)
        case _:
            raise RowAttributeMissing(
                f"`{type(leaf).__name__.lower()}` cannot read `{leaf.attribute}`, which the store offers as "
                f"{type(attribute).__name__}: "
                "declare and map the attribute as the rule needs it."
            )


def _one_of(element: ColumnElement[Any], key: Callable[[Literal], Literal], values: tuple[Literal, ...]) -> ColumnElement[bool]:
    if not values:
        return sa.false()
    if common_kind(values) is None:
        return sa.cast(sa.null(), sa.Boolean)  # unknown: such a list decides nothing, negated or not
    return element.in_([key(value) for value in values])


def _near(leaf: GeoWithin, lat: ColumnElement[Any], lon: ColumnElement[Any]) -> ColumnElement[bool]:
    north = (lat - _number(leaf.lat)) * _number(METRES_PER_DEGREE)
    east = (lon - _number(leaf.lon)) * _number(metres_per_degree_of_longitude(leaf.lat))
    return north * north + east * east <= _number(leaf.metres * leaf.metres)


def _number(value: float) -> ColumnElement[float]:
    return sa.literal(float(value), sa.Float())
