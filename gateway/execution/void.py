"""Whether the client's answer will be `data: null`, as far as one can tell by now.

In: the data so far, what is vital in it, the request's Boolean variables. Out: yes or no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.execution.raw import Json
from gateway.planning.plan import Vital


def is_void(item: dict[str, Json], vital: Iterable[Vital], variables: Mapping[str, object]) -> bool:
    """True when a vital field of `item`, or of the objects in it, is null."""
    return any(_holds(one, item, variables) and _is_lost(item.get(one.key), one, one.depth, variables) for one in vital)


def _holds(vital: Vital, item: dict[str, Json], variables: Mapping[str, object]) -> bool:
    if vital.on and item.get("__typename") not in vital.on:
        return False
    return all(variables.get(variable) is value for variable, value in vital.conditions)


def _is_lost(value: Json, vital: Vital, depth: int, variables: Mapping[str, object]) -> bool:
    if value is None:
        return True
    if depth > 0:
        return type(value) is list and any(_is_lost(one, vital, depth - 1, variables) for one in value)
    return type(value) is dict and is_void(value, vital.below, variables)
