"""From `Where`, order and page to MongoDB: filters whose values stand under operators only, so no text is ever an operator.

What comes in: a `Fields`, which maps attribute names to paths, and a listing. What goes out: filter and sort documents. Texts
are compared by their bytes, as in every store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from authz.rows import EVERY_ROW, MongoAttribute, to_mongo
from subgraphs.room.where import All, AnyOf, Compare, Not, Rows, Some, Sort, Where

Filter = dict[str, Any]

_LAST: Final = "\U0010ffff"
_NONE: Final[Mapping[str, Any]] = {"$nor": [{}]}
_IS_RECORD: Final[Mapping[str, Any]] = {"version": {"$gte": 1}}


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute at a path. `key` brings a filter's value into the field's form; `unknown` is the value that stands for
    none.
    """

    path: str
    key: Callable[[Any], Any] = lambda value: value
    unknown: object | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """What a `where` may speak of, the type's name and its row attributes."""

    attributes: Mapping[str, Field]
    type_name: str | None
    row_attributes: Mapping[str, MongoAttribute]


def both(*filters: Mapping[str, Any]) -> Filter:
    """All of the filters hold. Those that speak of different things stand side by side, which every planner sees through."""
    merged: Filter = {}
    beside: list[Filter] = []
    for each in filters:
        if merged.keys().isdisjoint(each):
            merged.update(each)
        else:
            beside.append(dict(each))
    return {"$and": [merged, *beside]} if beside else merged


def visible(fields: Fields, rows: Rows) -> Filter:
    """The records that the row rules show; never a projection that came before its record."""
    if fields.type_name is None:
        return dict(_IS_RECORD)
    return both(_IS_RECORD, to_mongo(rows.get(fields.type_name, EVERY_ROW), fields.row_attributes))


def condition(where: Where, fields: Fields) -> Filter:
    """The filter that `where` states. MongoDB is two-valued by itself: what is unknown never matches, and `$nor` of it does."""
    match where:
        case All(items):
            return both(*(condition(item, fields) for item in items))
        case AnyOf(()):
            return dict(_NONE)
        case AnyOf(items):
            return {"$or": [condition(item, fields) for item in items]}
        case Not(item):
            return {"$nor": [condition(item, fields)]}
        case Some(edge, _):
            raise TypeError(f"the edge `{edge}` leads out of the collection: no register that is kept in MongoDB has edges")
        case Compare(name, _, _):
            return _compare(where, fields.attributes[name])


def _compare(compare: Compare, field: Field) -> Filter:
    value, key = compare.value, field.key
    match compare.operator:
        case "eq":
            return {field.path: {"$eq": key(value)}}
        case "in":
            return {field.path: {"$in": [key(item) for item in value]}}
        case "startsWith":
            return {field.path: {"$gte": key(value), "$lt": key(value) + _LAST}}
        case "from":
            return {field.path: {"$gte": key(value)}}
        case "to":
            known = {} if field.unknown is None else {"$ne": field.unknown}
            return {field.path: {"$lt": key(value), **known}}
        case "within":
            raise TypeError("no register that is kept in MongoDB has points")


def ordering(order: Sequence[Sort], fields: Fields) -> list[tuple[str, bool]]:
    """The paths to order by with whether they descend; the id comes last, in the direction of the path before it."""
    paths = [(fields.attributes[sort.attribute].path, sort.descending) for sort in order]
    if not any(path == "_id" for path, _ in paths):
        paths.append(("_id", paths[-1][1] if paths else False))
    return paths


def beyond(paths: Sequence[tuple[str, bool]], position: Sequence[Any], *, backward: bool) -> Filter:
    """The records after `position` in this order; before it when `backward`."""
    parts: list[Filter] = []
    for index, (path, descending) in enumerate(paths):
        same = [{paths[before][0]: {"$eq": position[before]}} for before in range(index)]
        parts.append(both(*same, {path: {"$lt" if descending != backward else "$gt": position[index]}}))
    if len(parts) == 1:
        return parts[0]
    path, descending = paths[0]
    # Said again for the index of the first path: it begins where the page does.
    return both({path: {"$lte" if descending != backward else "$gte": position[0]}}, {"$or": parts})


def sort_of(paths: Sequence[tuple[str, bool]], *, backward: bool) -> list[tuple[str, int]]:
    """The sort document; turned round when `backward`."""
    return [(path, -1 if descending != backward else 1) for path, descending in paths]
