"""Where a fetch applies: the objects of the data gathered so far that lie at a plan's path, with their place.

In: data and a plan path. Out: sites in document order. Whatever does not have the expected shape (null, a scalar, another
type) is simply no site: the response finds and reports it.
"""

from __future__ import annotations

from typing import NamedTuple

from gateway.execution.raw import Json, Place, ResponsePath, written_out
from gateway.planning.plan import Each, Key, OnTypes, Path

_Level = list[tuple[Json, Place]]


class Site(NamedTuple):
    """One object that a fetch asks for, and where it lies in the answer."""

    item: dict[str, Json]
    place: Place

    @property
    def path(self) -> ResponsePath:
        return written_out(self.place)


def find_sites(data: Json, path: Path, place: Place = ()) -> list[Site]:
    """Every object at `path` under `data`, which is at `place`.

    Lists without an `Each` of their own (lists of lists) are entered as well.
    """
    level: _Level = [(data, place)]
    for step in path:
        match step:
            case Each():
                level = [
                    (item, (at, index))
                    for value, at in level
                    if type(value) is list
                    for index, item in enumerate(value)
                    if item is not None
                ]
            case Key(name):
                level = [
                    (value[name], (at, name)) for value, at in _objects(level) if name in value and value[name] is not None
                ]
            case OnTypes(names):
                level = [(value, at) for value, at in _objects(level) if value.get("__typename") in names]
    return [Site(value, at) for value, at in _objects(level)]


def _objects(level: _Level) -> _Level:
    """The objects of a level, lists opened however deep they are."""
    if all(type(value) is dict for value, _ in level):
        return level
    opened: _Level = []
    for value, place in level:
        if type(value) is dict:
            opened.append((value, place))
        elif type(value) is list:
            opened.extend(_objects([(item, (place, index)) for index, item in enumerate(value)]))
    return opened
