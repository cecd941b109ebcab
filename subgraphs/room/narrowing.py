"""From the arguments of a connection to a `Listing`.

What comes in: Strawberry inputs (`where`, `orderBy`), Relay's four paging arguments. What goes out: a `Listing` with the
scope that its cursors are bound to: contract, purpose, field, filter and order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields
from enum import Enum
from typing import Any, Final, TypeVar

import msgspec
from strawberry import UNSET

from kernel.paging import BadPage, page_of
from subgraphs.room.call import Call
from subgraphs.room.errors import BadFilter
from subgraphs.room.filters import CircleInput
from subgraphs.room.where import All, AnyOf, Circle, Compare, Listing, Not, Operator, Some, Sort, Where

S = TypeVar("S")
L = TypeVar("L")
T = TypeVar("T")

MAX_VALUES: Final = 100
MAX_DEPTH: Final = 8
MIN_PREFIX: Final = 2
MAX_METRES: Final = 100_000
EVERYTHING: Final = All(())

_OPERATORS: Final[dict[str, Operator]] = {
    "eq": "eq",
    "in_": "in",
    "starts_with": "startsWith",
    "from_": "from",
    "to": "to",
    "within": "within",
}


def where_of(given: object | None, depth: int = 0) -> Where:
    """The condition that a `where` input states; everything when there is none. Raises BadFilter."""
    if given is None or given is UNSET:
        return EVERYTHING
    if depth > MAX_DEPTH:
        raise BadFilter(f"`where` is nested deeper than {MAX_DEPTH}: say it with fewer `and`, `or` and `not`.")
    items = [_part(field.name, getattr(given, field.name), depth) for field in fields(given) if _is_given(given, field.name)]  # type: ignore[arg-type]  # strawberry inputs are dataclasses
    return items[0] if len(items) == 1 else All(tuple(items))


def _is_given(given: object, name: str) -> bool:
    return getattr(given, name) is not UNSET


def _part(name: str, value: Any, depth: int) -> Where:
    if value is None:
        raise BadFilter(f"`{name.rstrip('_')}` in `where` is null: leave it out, or give it a value.")
    match name:
        case "and_":
            return All(tuple(where_of(item, depth + 1) for item in value))
        case "or_":
            return AnyOf(tuple(where_of(item, depth + 1) for item in value))
        case "not_":
            return Not(where_of(value, depth + 1))
    if _is_operator_object(value):
        return _comparison(name, value)
    return Some(name, where_of(value, depth + 1))


def _is_operator_object(value: object) -> bool:
    return all(field.name in _OPERATORS for field in fields(value))  # type: ignore[arg-type]  # as above


def _comparison(attribute: str, value: object) -> Where:
    given = [(f.name, getattr(value, f.name)) for f in fields(value) if _is_given(value, f.name)]  # type: ignore[arg-type]  # as above
    if not given:
        raise BadFilter(f"`{attribute}` in `where` says nothing: give it an operator, e.g. `eq`.")
    items = tuple(_compare(attribute, _OPERATORS[name], operand) for name, operand in given)
    return items[0] if len(items) == 1 else All(items)


def _compare(attribute: str, operator: Operator, operand: Any) -> Compare:
    if operand is None:
        raise BadFilter(f"`{attribute}.{operator}` in `where` is null: leave it out, or give it a value.")
    if operator == "in" and len(operand) > MAX_VALUES:
        raise BadFilter(f"`{attribute}.in` in `where` has {len(operand)} values: give at most {MAX_VALUES}.")
    if operator == "startsWith" and len(operand.strip()) < MIN_PREFIX:
        raise BadFilter(f"`{attribute}.startsWith` in `where` is too short: give at least {MIN_PREFIX} characters.")
    if isinstance(operand, CircleInput):
        operand = _circle(attribute, operand)
    return Compare(attribute, operator, tuple(operand) if isinstance(operand, list) else operand)


def _circle(attribute: str, given: CircleInput) -> Circle:
    if not (-90 <= given.lat <= 90 and -180 <= given.lon <= 180 and 0 < given.metres <= MAX_METRES):
        raise BadFilter(
            f"`{attribute}.within` in `where` is no circle on the earth: lat -90…90, lon -180…180, metres up to {MAX_METRES}."
        )
    return Circle(given.lat, given.lon, given.metres)


def order_of(given: Sequence[Enum] | None, default: tuple[Sort, ...]) -> tuple[Sort, ...]:
    """The order that `orderBy` states (`OCCURRED_AT_DESC` → `occurred_at`, descending), or `default`."""
    sorts: dict[str, Sort] = {}
    for value in given if given else ():
        stem, _, direction = value.name.rpartition("_")
        sorts.setdefault(stem.lower(), Sort(stem.lower(), direction == "DESC"))
    return tuple(sorts.values()) or default


def listing_of(
    call: Call[S, L],
    field: str,
    where: Where,
    order: tuple[Sort, ...],
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
) -> tuple[Listing, str]:
    """The listing that a connection's arguments ask for, and the scope that its cursors are bound to. Raises BadPage."""
    asked = msgspec.json.encode([field, repr(where), repr(order)])
    mask = call.mask
    scope = f"{mask.contract_id}/{mask.contract_version}/{mask.purpose}/{hashlib.sha256(asked).hexdigest()}"
    page = page_of(
        call.sealer,
        scope,
        first=_said(first),
        after=_said(after),
        last=_said(last),
        before=_said(before),
    )
    if mask.limits.page_max is not None and page.size > mask.limits.page_max:
        raise BadPage(f"Your contract gives at most {mask.limits.page_max} items at a time, and {page.size} were asked for.")
    return Listing(where, order, page, call.rows), scope


def _said(argument: T | None) -> T | None:
    return None if argument is UNSET else argument
