"""From `Where`, order and page to SQLAlchemy: what every SQL store of the rooms shares.

What comes in: a `Scope`, which maps attribute names to columns, and a listing. What goes out: conditions with bind
parameters only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from authz.rows import EVERY_ROW, GeoWithin, SqlAttribute, to_sql
from authz.rows import Point as GeoColumns
from subgraphs.room.where import All, AnyOf, Circle, Compare, Not, Rows, Some, Sort, Where

Condition = ColumnElement[bool]

_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Column:
    """An attribute in one column. `key` brings a filter's value into the column's form; `unknown` is the value that stands
    for none.
    """

    element: ColumnElement[Any]
    key: Callable[[Any], Any] = lambda value: value
    unknown: object | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """An attribute with several values, in a side table: `among` says that the record is among those of which one fulfils the
    condition.
    """

    value: ColumnElement[Any]
    among: Callable[[Condition], Condition]
    key: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Place:
    """A point in two columns, degrees."""

    lat: ColumnElement[Any]
    lon: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """An attribute whose column depends on the value that is asked for (a municipality, or one of its units)."""

    column_of: Callable[[Any], ColumnElement[Any]]


Attribute = Column | Side | Place | Choice


@dataclass(frozen=True, slots=True)
class EdgeScope:
    """What lies at the other end of an edge: `among` is None where that is the same row."""

    scope: Scope
    among: Callable[[Condition], Condition] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a `where` may speak of: attributes and edges; and, for things with row rules, the type and its row attributes."""

    attributes: Mapping[str, Attribute]
    edges: Mapping[str, EdgeScope] = field(default_factory=dict)
    type_name: str | None = None
    row_attributes: Mapping[str, SqlAttribute] = field(default_factory=dict)


def visible(scope: Scope, rows: Rows) -> Condition:
    """The rows that the row rules show."""
    if scope.type_name is None:
        return sa.true()
    return to_sql(rows.get(scope.type_name, EVERY_ROW), scope.row_attributes)


def condition(where: Where, scope: Scope, rows: Rows) -> Condition:
    """The condition that `where` states. Two-valued: what is unknown does not hold, and `not` of it does."""
    match where:
        case All(items):
            return sa.and_(sa.true(), *(condition(item, scope, rows) for item in items))
        case AnyOf(items):
            return sa.or_(sa.false(), *(condition(item, scope, rows) for item in items))
        case Not(item):
            return sa.not_(sa.func.coalesce(condition(item, scope, rows), sa.false()))
        case Some(edge, item):
            return _some(scope.edges[edge], item, rows)
        case Compare(name, _, _):
            return _compare(where, scope.attributes[name])


def _some(edge: EdgeScope, item: Where, rows: Rows) -> Condition:
    inner = condition(item, edge.scope, rows)
    if edge.among is None:
        return inner
    return edge.among(sa.and_(inner, visible(edge.scope, rows)))


def _compare(compare: Compare, attribute: Attribute) -> Condition:
    match attribute:
        case Column(element, key, unknown):
            found = _plain(compare, element, key)
            return found if unknown is None or compare.operator != "to" else sa.and_(found, element != sa.literal(unknown))
        case Side(value, among, key):
            return among(_plain(compare, value, key))
        case Choice(column_of):
            values = compare.value if compare.operator == "in" else (compare.value,)
            return sa.or_(sa.false(), *(column_of(value) == value for value in values))
        case Place(lat, lon):
            return _near(compare.value, lat, lon)


def _plain(compare: Compare, element: ColumnElement[Any], key: Callable[[Any], Any]) -> Condition:
    value = compare.value
    match compare.operator:
        case "eq":
            return sa.and_(element == key(value))
        case "in":
            return element.in_([key(item) for item in value])
        case "startsWith":
            # A range, not LIKE: an index serves it, and nothing in the text has a meaning of its own.
            return sa.and_(element >= key(value), element < key(value) + _LAST)
        case "from":
            return sa.and_(element >= key(value))
        case "to":
            return sa.and_(element < key(value))
        case "within":
            raise TypeError("`within` is for points")


def _near(circle: Circle, lat: ColumnElement[Any], lon: ColumnElement[Any]) -> Condition:
    north = circle.metres / 111_000
    exact = to_sql(GeoWithin("point", circle.lat, circle.lon, circle.metres), {"point": GeoColumns(lat, lon)})
    return sa.and_(lat.between(circle.lat - north, circle.lat + north), exact)


def ordering(order: Sequence[Sort], scope: Scope, id_column: ColumnElement[Any]) -> list[tuple[ColumnElement[Any], bool]]:
    """The columns to order by with whether they descend; the id comes last, in the direction of the column before it."""
    columns: list[tuple[ColumnElement[Any], bool]] = []
    for sort in order:
        attribute = scope.attributes[sort.attribute]
        assert isinstance(attribute, Column), "lists are ordered by single columns"
        columns.append((attribute.element, sort.descending))
    if not any(column is id_column for column, _ in columns):
        columns.append((id_column, columns[-1][1] if columns else False))
    return columns


def beyond(columns: Sequence[tuple[ColumnElement[Any], bool]], position: Sequence[Any], *, backward: bool) -> Condition:
    """The rows after `position` in this order; before it when `backward`."""
    directions = {descending != backward for _, descending in columns}
    if len(directions) == 1:
        row = sa.tuple_(*(column for column, _ in columns))
        place = sa.tuple_(*(sa.literal(value, column.type) for (column, _), value in zip(columns, position, strict=True)))
        return row < place if directions.pop() else row > place
    parts = []
    for index, (column, descending) in enumerate(columns):
        same = [columns[before][0] == position[before] for before in range(index)]
        value = position[index]
        parts.append(sa.and_(*same, column < value if descending != backward else column > value))
    return sa.or_(*parts)


def order_by(columns: Sequence[tuple[ColumnElement[Any], bool]], *, backward: bool) -> list[ColumnElement[Any]]:
    """The ORDER BY list; turned round when `backward`."""
    return [column.desc() if descending != backward else column.asc() for column, descending in columns]
