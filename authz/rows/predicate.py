"""The expression tree of row rules: closed, small, the same for every store.

In: attributes that a type declares with `@rowattr`, literals, and references to the contract's own context
(`$consumer.territories`), which `bind` replaces. Out: a tree in which `Not` stands only over leaves.

An attribute without a value makes a leaf unknown, and unknown never shows a row, negated or not. With negation pushed down
to the leaves that holds for every tree; `not (not x)` would show rows of unknown x otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from authz.errors import RowAttributeMissing
from authz.rows.moments import moment

Literal: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that the contract's context holds, e.g. `consumer.territories`."""

    path: str


@dataclass(frozen=True, slots=True)
class All:
    """Every item holds; with no items: every row."""

    items: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One item holds at least; with no items: no row."""

    items: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The item definitely does not hold."""

    item: Predicate


@dataclass(frozen=True, slots=True)
class Eq:
    """The attribute equals the value."""

    attribute: str
    value: Literal | Reference


@dataclass(frozen=True, slots=True)
class In:
    """The attribute is one of the values; of no values: never."""

    attribute: str
    values: tuple[Literal, ...] | Reference


@dataclass(frozen=True, slots=True)
class Overlaps:
    """The set-valued attribute has one of the values at least."""

    attribute: str
    values: tuple[Literal, ...] | Reference


@dataclass(frozen=True, slots=True)
class Lte:
    """The attribute is at most the value: a number, a day, or an instant."""

    attribute: str
    value: Literal | Reference


@dataclass(frozen=True, slots=True)
class Gte:
    """The attribute is at least the value: a number, a day, or an instant."""

    attribute: str
    value: Literal | Reference


@dataclass(frozen=True, slots=True)
class Exists:
    """The attribute has a value; a set has one at least."""

    attribute: str


@dataclass(frozen=True, slots=True)
class GeoWithin:
    """The point lies at most `metres` from a centre (degrees, WGS 84), measured flat around the centre: see
    `authz.rows.distance`.
    """

    attribute: str
    lat: float
    lon: float
    metres: float


Leaf: TypeAlias = Eq | In | Overlaps | Lte | Gte | Exists | GeoWithin
Predicate: TypeAlias = All | AnyOf | Not | Leaf

EVERY_ROW = All(())
NO_ROW = AnyOf(())


def attributes_of(predicate: Predicate) -> frozenset[str]:
    """The names of the attributes that the predicate reads."""
    match predicate:
        case All(items) | AnyOf(items):
            return frozenset[str]().union(*(attributes_of(item) for item in items))
        case Not(item):
            return attributes_of(item)
        case leaf:
            return frozenset((leaf.attribute,))


def leaves_of(predicate: Predicate) -> tuple[Leaf, ...]:
    """The leaves, from left to right."""
    match predicate:
        case All(items) | AnyOf(items):
            return tuple(leaf for item in items for leaf in leaves_of(item))
        case Not(item):
            return leaves_of(item)
        case leaf:
            return (leaf,)


def normal(predicate: Predicate, *, negated: bool = False) -> Predicate:
    """The same predicate with `Not` over leaves only (De Morgan)."""
    match predicate:
        case Not(item):
            return normal(item, negated=not negated)
        case All(items):
            inner = tuple(normal(item, negated=negated) for item in items)
            return AnyOf(inner) if negated else All(inner)
        case AnyOf(items):
            inner = tuple(normal(item, negated=negated) for item in items)
            return All(inner) if negated else AnyOf(inner)
        case leaf:
            return Not(leaf) if negated else leaf


def bind(predicate: Predicate, context: Mapping[str, object]) -> Predicate:
    """The predicate in normal form with every reference replaced by what `context` holds (`{"consumer": {...}}`).

    Raises RowAttributeMissing when the context lacks it.
    """
    return normal(_bound(predicate, context))


def _bound(predicate: Predicate, context: Mapping[str, object]) -> Predicate:
    match predicate:
        case All(items):
            return All(tuple(_bound(item, context) for item in items))
        case AnyOf(items):
            return AnyOf(tuple(_bound(item, context) for item in items))
        case Not(item):
            return Not(_bound(item, context))
        case Eq(attribute, Reference() as reference):
            return Eq(attribute, _single(reference, context))
        case Lte(attribute, value):
            return Lte(attribute, _ordered(value, context))
        case Gte(attribute, value):
            return Gte(attribute, _ordered(value, context))
        case In(attribute, Reference() as reference):
            return In(attribute, _several(reference, context))
        case Overlaps(attribute, Reference() as reference):
            return Overlaps(attribute, _several(reference, context))
        case leaf:
            return leaf


def _looked_up(reference: Reference, context: Mapping[str, object]) -> object:
    value: object = context
    for step in reference.path.split("."):
        if not isinstance(value, Mapping) or step not in value:
            raise RowAttributeMissing(
                f"A row rule reads ${reference.path}, which the contract's `context` does not have: add it there."
            )
        value = value[step]
    return value


def _single(reference: Reference, context: Mapping[str, object]) -> Literal:
    value = _looked_up(reference, context)
    if isinstance(value, str | int | float | bool):
        return value
    raise RowAttributeMissing(f"${reference.path} must be one value here, and the contract's `context` has {value!r}.")


def _ordered(value: Literal | Reference, context: Mapping[str, object]) -> Literal:
    """A value to be at most or at least: a number, a day or an instant. Texts have no order that all stores share."""
    found = _single(value, context) if isinstance(value, Reference) else value
    if isinstance(found, bool):
        raise RowAttributeMissing(f"`lte` and `gte` take a number, a day or an instant, and not {found!r}.")
    if not isinstance(found, str):
        return found
    said = moment(found)
    if said is None:
        raise RowAttributeMissing(f"`lte` and `gte` take a number, a day or an instant with its offset, and not {found!r}.")
    return said


def _several(reference: Reference, context: Mapping[str, object]) -> tuple[Literal, ...]:
    value = _looked_up(reference, context)
    if (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(item, str | int | float | bool) for item in value)
    ):
        return tuple(value)
    raise RowAttributeMissing(f"${reference.path} must be a list of values here, and the contract's `context` has {value!r}.")


def plain(predicate: Predicate) -> object:
    """The predicate as JSON values, in the words of the contract document: for digests and for showing."""
    match predicate:
        case All(items):
            return {"all": [plain(item) for item in items]}
        case AnyOf(items):
            return {"any": [plain(item) for item in items]}
        case Not(item):
            return {"not": plain(item)}
        case Eq(attribute, value):
            return {"eq": [attribute, _plain_value(value)]}
        case Lte(attribute, value):
            return {"lte": [attribute, _plain_value(value)]}
        case Gte(attribute, value):
            return {"gte": [attribute, _plain_value(value)]}
        case In(attribute, values):
            return {"in": [attribute, _plain_value(values)]}
        case Overlaps(attribute, values):
            return {"overlaps": [attribute, _plain_value(values)]}
        case Exists(attribute):
            return {"exists": attribute}
        case GeoWithin(attribute, lat, lon, metres):
            return {"geo_within": [attribute, {"lat": lat, "lon": lon, "metres": metres}]}


def _plain_value(value: Literal | tuple[Literal, ...] | Reference) -> object:
    match value:
        case Reference(path):
            return f"${path}"
        case tuple():
            return list(value)
        case _:
            return value
