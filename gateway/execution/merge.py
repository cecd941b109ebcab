"""Puts what a fetch brought into what is there.

In: an object of the gathered data and an object of an answer. The first is changed in place, at every depth: requests under
way know the objects that they asked for, so that none may be replaced. An answer that stands at several places is copied for
each of them, unless nothing is ever merged into it.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.execution.raw import Json, Place

IsConcrete = Callable[[str], bool]


def merge_into(
    target: dict[str, Json], incoming: dict[str, Json], is_concrete: IsConcrete, misfits: list[Place], at: Place = ()
) -> None:
    """Merge `incoming` into `target`, which is at `at`. Where something of another shape comes to an object or a list,
    nothing changes and the place is added to `misfits`.

    `__typename` is kept once it names an object type: a subgraph that knows the type only as an interface object would
    otherwise put the interface's name back, and fragments on the true type would find nothing.
    """
    for key, value in incoming.items():
        if key not in target:
            target[key] = value
        elif key == "__typename":
            target[key] = _typename(target[key], value, is_concrete)
        else:
            target[key] = _merged(target[key], value, is_concrete, misfits, (at, key))


def copied(value: Json) -> Json:
    """A copy that shares no object or list with `value`."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    if type(value) is list:
        return [copied(item) for item in value]
    return value


def _typename(known: Json, value: Json, is_concrete: IsConcrete) -> Json:
    if isinstance(known, str) and is_concrete(known):
        return known
    return known if value is None else value


def _merged(known: Json, value: Json, is_concrete: IsConcrete, misfits: list[Place], at: Place) -> Json:
    if value is None or known is value:
        return known
    if isinstance(known, dict) and isinstance(value, dict):
        merge_into(known, value, is_concrete, misfits, at)
        return known
    if isinstance(known, list) and isinstance(value, list) and len(known) == len(value):
        pairs = enumerate(zip(known, value, strict=True))
        known[:] = [_merged(old, new, is_concrete, misfits, (at, index)) for index, (old, new) in pairs]
        return known
    if isinstance(known, dict | list):
        misfits.append(at)
    # Two subgraphs disagree about a shared value; the first answer stays, so that its joins stay right.
    return value if known is None else known
