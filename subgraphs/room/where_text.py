"""A `Where` as text and back: for questions that are remembered.

What comes in: a condition, or its text. What goes out: canonical JSON, equal for equal conditions.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from subgraphs.room.where import All, AnyOf, Circle, Compare, Not, Some, Where


def text_of(where: Where) -> str:
    """The condition as text."""
    return msgspec.json.encode(_plain(where), order="deterministic").decode()


def where_in(text: str) -> Where:
    """The condition that `text_of` wrote."""
    return _where(msgspec.json.decode(text))


def _plain(where: Where) -> dict[str, Any]:
    match where:
        case All(items):
            return {"all": [_plain(item) for item in items]}
        case AnyOf(items):
            return {"any": [_plain(item) for item in items]}
        case Not(item):
            return {"not": _plain(item)}
        case Some(edge, item):
            return {"some": edge, "item": _plain(item)}
        case Compare(attribute, operator, value):
            return {"attribute": attribute, "operator": operator, "value": _plain_value(value)}


def _plain_value(value: object) -> object:
    match value:
        case tuple():
            # A list of values is a set: its order asks nothing else.
            return {"list": sorted((_plain_value(item) for item in value), key=str)}
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case Circle(lat, lon, metres):
            return {"circle": [lat, lon, metres]}
        case str():
            return str(value)
        case _:
            return value


def _where(plain: dict[str, Any]) -> Where:
    match plain:
        case {"all": items}:
            return All(tuple(_where(item) for item in items))
        case {"any": items}:
            return AnyOf(tuple(_where(item) for item in items))
        case {"not": item}:
            return Not(_where(item))
        case {"some": edge, "item": item}:
            return Some(edge, _where(item))
        case _:
            return Compare(plain["attribute"], plain["operator"], _value(plain["value"]))


def _value(plain: object) -> object:
    match plain:
        case {"list": items}:
            return tuple(_value(item) for item in items)
        case {"instant": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case {"circle": [lat, lon, metres]}:
            return Circle(lat, lon, metres)
        case _:
            return plain
