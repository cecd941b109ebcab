"""Row rules for Elasticsearch: predicate and the index's fields in, one query out, for `bool.filter`.

`not` is `must_not` beside `exists`: a field without a value shows no row, negated or not. An empty list is `match_none`. Texts
are keyword fields without a normalizer, so that they are compared exactly; numbers `integer`, `long` or `double`.

The circle is drawn by two decays over latitude and longitude, whose product is one half on the line: no script is needed.
Scores have 24 bits, so the line runs inside the circle by less than two ten-millionths of its radius (1 cm of 50 km): never
outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

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

Query: TypeAlias = dict[str, Any]

EVERY: Final[Mapping[str, Any]] = {"match_all": {}}
NONE: Final[Mapping[str, Any]] = {"match_none": {}}
_ON_THE_LINE: Final = 0.5
_INSIDE: Final = 0.5000001


@dataclass(frozen=True, slots=True)
class IndexField:
    """A single-valued attribute. `key` brings a rule's value into the form that the field has."""

    path: str
    key: Callable[[Literal], Literal] = lambda value: value


@dataclass(frozen=True, slots=True)
class IndexMembers:
    """A set-valued attribute: a keyword field with several values."""

    path: str


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """A place in two `double` fields, degrees."""

    lat: str
    lon: str


IndexAttribute: TypeAlias = IndexField | IndexMembers | IndexPoint


def to_elasticsearch(predicate: Predicate, attributes: Mapping[str, IndexAttribute]) -> Query:
    """The query of documents that may be seen. Raises RowAttributeMissing when the index lacks an attribute or has another
    kind of it.
    """
    return _query(normal(predicate), attributes)


def _query(predicate: Predicate, attributes: Mapping[str, IndexAttribute]) -> Query:
    match predicate:
        case All(()):
            return dict(EVERY)
        case AnyOf(()):
            return dict(NONE)
        case All(items):
            return {"bool": {"filter": [_query(item, attributes) for item in items]}}
        case AnyOf(items):
            return {"bool": {"should": [_query(item, attributes) for item in items], "minimum_should_match": 1}}
        case Not(item):
            assert not isinstance(item, All | AnyOf | Not), "normal form has `not` over leaves only"
            return _negated(item, attributes)
        case leaf:
            return _leaf(leaf, attributes)


def _leaf(leaf: Leaf, attributes: Mapping[str, IndexAttribute]) -> Query:
    attribute = attributes.get(leaf.attribute)
    match leaf, attribute:
        case _, None:
            raise RowAttributeMissing(
                f"A row rule reads `{leaf.attribute}`, which the index does not offer: map it in the room's store."
            )
        case Exists(), (IndexField(path) | IndexMembers(path)):
            return _exists(path)
        case Exists(), IndexPoint(lat, lon):
            return {"bool": {"filter": [_exists(lat), _exists(lon)]}}
        case Eq(_, value), IndexField(path, key):
            return _equal(path, key(one(value)))
        case Lte(_, value), IndexField(path, key):
            return {"range": {path: {"lte": _zero(key(one(value)), 0.0)}}}
        case Gte(_, value), IndexField(path, key):
            return {"range": {path: {"gte": _zero(key(one(value)), -0.0)}}}
        case In(_, values), IndexField(path, key):
            return _one_of(path, [key(value) for value in many(values)])
        case Overlaps(_, values), IndexMembers(path):
            return {"terms": {path: list(many(values))}} if many(values) else dict(NONE)
        case GeoWithin(), IndexPoint(lat, lon):
            return _near(leaf, lat, lon)
        case _:
            raise RowAttributeMissing(
                f"`{type(leaf).__name__.lower()}` cannot read `{leaf.attribute}`, which the index offers as "
                f"{type(attribute).__name__}: declare and map the attribute as the rule needs it."
            )


def _negated(leaf: Leaf, attributes: Mapping[str, IndexAttribute]) -> Query:
    positive = _leaf(leaf, attributes)
    match leaf, attributes[leaf.attribute]:
        case In(_, values), _ if many(values) and common_kind(many(values)) is None:
            return dict(NONE)
        case ((Eq() | Lte() | Gte()), IndexField(path)):
            known = [_exists(path)]
        case In(_, values), IndexField(path) if many(values):
            known = [_exists(path)]
        case GeoWithin(), IndexPoint(lat, lon):
            known = [_exists(lat), _exists(lon)]
        case _:
            # Whether something exists, and what a set holds, is never unknown.
            known = [dict(EVERY)]
    return {"bool": {"filter": known, "must_not": [positive]}}


def _exists(path: str) -> Query:
    return {"exists": {"field": path}}


def _is_zero(value: Literal) -> bool:
    return value == 0 and not isinstance(value, bool)


def _zero(value: Literal, zero: float) -> Literal:
    """The index sorts -0.0 before 0.0, and nobody else does: of the two the one that takes in both."""
    return zero if _is_zero(value) else value


def _equal(path: str, value: Literal) -> Query:
    if _is_zero(value):
        return {"range": {path: {"gte": -0.0, "lte": 0.0}}}
    return {"term": {path: {"value": value}}}


def _one_of(path: str, values: list[Literal]) -> Query:
    if common_kind(values) is None:
        return dict(NONE)
    if any(_is_zero(value) for value in values):
        return {"bool": {"should": [_equal(path, value) for value in values], "minimum_should_match": 1}}
    return {"terms": {path: values}}


def _near(leaf: GeoWithin, lat: str, lon: str) -> Query:
    north, east = leaf.metres / METRES_PER_DEGREE, leaf.metres / metres_per_degree_of_longitude(leaf.lat)
    # A little wider than the circle: this only spares the rest of the index the decays.
    box = [
        {"range": {lat: {"gte": leaf.lat - north * 1.001, "lte": leaf.lat + north * 1.001}}},
        {"range": {lon: {"gte": leaf.lon - east * 1.001, "lte": leaf.lon + east * 1.001}}},
    ]
    decays = [
        {"gauss": {path: {"origin": origin, "scale": scale, "decay": _ON_THE_LINE}}}
        for path, origin, scale in ((lat, leaf.lat, north), (lon, leaf.lon, east))
    ]
    return {
        "function_score": {
            "query": {"bool": {"filter": box}},
            "functions": decays,
            "score_mode": "multiply",
            "boost_mode": "replace",
            "min_score": _INSIDE,
        }
    }
