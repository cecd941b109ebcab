"""Where a fetch applies: the objects of the data gathered so far that lie at a plan's path, with their place.

In: data and a plan path. Out: sites in document order. Whatever does not have the expected shape (null, a scalar, another
type) is simply no site: the response finds and reports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gateway.execution.raw import Json, ResponsePath
from gateway.planning.plan import Each, Key, OnTypes, Path


class Site(NamedTuple):
    """One object that a fetch asks for, and where it lies in the answer."""

    item: dict[str, Json]
    path: ResponsePath


def find_sites(data: Json, path: Path) -> list[Site]:
    """Every object at `path` under `data`. Lists without an `Each` of their own (lists of lists) are entered as well."""
    return list(_walk(data, (), path, 0))


def _walk(value: Json, place: ResponsePath, path: Path, step: int) -> Iterator[Site]:
    if isinstance(value, list):
        below = step + 1 if step < len(path) and isinstance(path[step], Each) else step
        for index, item in enumerate(value):
            yield from _walk(item, (*place, index), path, below)
        return
    if not isinstance(value, dict):
        return
    if step == len(path):
        yield Site(value, place)
        return
    match path[step]:
        case Key(name):
            yield from _walk(value.get(name), (*place, name), path, step + 1)
        case OnTypes(names):
            if value.get("__typename") in names:
                yield from _walk(value, place, path, step + 1)
        case Each():
            # The subgraph gave an object where the schema has a list: no site; the response reports the type.
            return
