"""Row rules for MongoDB: predicate and the store's fields in, one filter document out.

Values stand under operators only (`{"$eq": value}`), so no text of a contract is ever an operator. `not` is `$nor` beside the
type that the value must have: a field that is missing, null or of another type shows no row, negated or not. An empty list
matches nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from authz.errors import RowAttributeMissing
from authz.rows.distance import METRES_PER_DEGREE, metres_per_degree_of_longitude
from authz.rows.literals import Kind, common_kind, kind_of, many, one
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

MongoFilter: TypeAlias = dict[str, Any]

EVERY: Final[Mapping[str, Any]] = {}
NONE: Final[Mapping[str, Any]] = {"$nor": [{}]}
_TYPES: Final[Mapping[Kind, str]] = {"text": "string", "number": "number", "truth": "bool"}


@dataclass(frozen=True, slots=True)
class MongoField:
    """A single-valued attribute at a path (`place.atvk`). `key` brings a rule's value into the form that the field has."""

    path: str
    key: Callable[[Literal], Literal] = lambda value: value


@dataclass(frozen=True, slots=True)
class MongoMembers:
    """A set-valued attribute: an array of texts."""

    path: str


@dataclass(frozen=True, slots=True)
class MongoPoint:
    """A place in two fields, degrees."""

    lat: str
    lon: str


MongoAttribute: TypeAlias = MongoField | MongoMembers | MongoPoint


def to_mongo(predicate: Predicate, attributes: Mapping[str, MongoAttribute]) -> MongoFilter:
    """The filter of documents that may be seen. Raises RowAttributeMissing when the store lacks an attribute or has another
    kind of it.
    """
    return _filter(normal(predicate), attributes)


def _filter(predicate: Predicate, attributes: Mapping[str, MongoAttribute]) -> MongoFilter:
    match predicate:
        case All(()):
            return dict(EVERY)
        case AnyOf(()):
            return dict(NONE)
        case All(items):
            return {"$and": [_filter(item, attributes) for item in items]}
        case AnyOf(items):
            return {"$or": [_filter(item, attributes) for item in items]}
        case Not(item):
            assert not isinstance(item, All | AnyOf | Not), "normal form has `not` over leaves only"
            return _negated(item, attributes)
        case leaf:
            return _leaf(leaf, attributes)


def _leaf(leaf: Leaf, attributes: Mapping[str, MongoAttribute]) -> MongoFilter:
    attribute = attributes.get(leaf.attribute)
    match leaf, attribute:
        case _, None:
            raise RowAttributeMissing(
                f"A row rule reads `{leaf.attribute}`, which the store does not offer: map it in the room's store."
            )
        case Exists(), MongoField(path):
            return {path: {"$exists": True, "$ne": None}}
        case Exists(), MongoMembers(path):
            return {path: {"$elemMatch": {"$ne": None}}}
        case Exists(), MongoPoint(lat, lon):
            return _is_point(lat, lon)
        case Eq(_, value), MongoField(path, key):
            return {path: {"$eq": key(one(value))}}
        case Lte(_, value), MongoField(path, key):
            return {path: {"$lte": key(one(value))}}
        case Gte(_, value), MongoField(path, key):
            return {path: {"$gte": key(one(value))}}
        case In(_, values), MongoField(path, key):
            decides = common_kind(many(values)) is not None
            return {path: {"$in": [key(value) for value in many(values)]}} if decides else dict(NONE)
        case Overlaps(_, values), MongoMembers(path):
            return {path: {"$in": list(many(values))}} if many(values) else dict(NONE)
        case GeoWithin(), MongoPoint(lat, lon):
            return {"$and": [_is_point(lat, lon), {"$expr": _near(leaf, lat, lon)}]}
        case _:
            raise RowAttributeMissing(
                f"`{type(leaf).__name__.lower()}` cannot read `{leaf.attribute}`, which the store offers as "
                f"{type(attribute).__name__}: declare and map the attribute as the rule needs it."
            )


def _negated(leaf: Leaf, attributes: Mapping[str, MongoAttribute]) -> MongoFilter:
    positive = _leaf(leaf, attributes)
    match leaf, attributes[leaf.attribute]:
        case ((Eq(_, value) | Lte(_, value) | Gte(_, value)), MongoField(path, key)):
            return {"$and": [_has_type(path, key(one(value))), {"$nor": [positive]}]}
        case In(_, values), MongoField(path, key) if many(values):
            if common_kind(many(values)) is None:
                return dict(NONE)
            return {"$and": [_has_type(path, key(many(values)[0])), {"$nor": [positive]}]}
        case GeoWithin(), MongoPoint(lat, lon):
            return {"$and": [_is_point(lat, lon), {"$nor": [positive]}]}
        case _:
            # Whether something exists, and what a set holds, is never unknown.
            return {"$nor": [positive]}


def _has_type(path: str, value: Literal) -> MongoFilter:
    kind = kind_of(value)
    assert kind is not None, "literals have a kind"
    return {path: {"$type": _TYPES[kind]}}


def _is_point(lat: str, lon: str) -> MongoFilter:
    return {lat: {"$type": "number"}, lon: {"$type": "number"}}


def _near(leaf: GeoWithin, lat: str, lon: str) -> MongoFilter:
    north = {"$multiply": [{"$subtract": [f"${lat}", leaf.lat]}, METRES_PER_DEGREE]}
    east = {"$multiply": [{"$subtract": [f"${lon}", leaf.lon]}, metres_per_degree_of_longitude(leaf.lat)]}
    square = {"$add": [{"$multiply": [north, north]}, {"$multiply": [east, east]}]}
    return {"$lte": [square, leaf.metres * leaf.metres]}
