"""Which response keys a request answers, level by level: where an error goes when the whole answer is missing, and what a
subgraph left out of an answer.

In: what `read_expected` read of the selections of the root or of one `_entities`. Out: an `Expected` that names, for a type
and the request's Boolean variables, the keys under which data must be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gateway.execution.raw import Json, Place, ResponsePath, written_out

MAX_LEVELS: Final = 256

Rename = Callable[[ResponsePath], ResponsePath]
"""A place of the subgraph's answer → that of the client's."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A Boolean variable that must have this value for a field to be asked."""

    variable: str
    value: bool


class Condition(NamedTuple):
    """A type condition, the types that may fulfil it, and those that do so in the subgraph."""

    name: str
    members: frozenset[str]
    certain: frozenset[str]


@dataclass(frozen=True, slots=True)
class ExpectedKey:
    """One field of a request: its key in the subgraph's answer, in the client's (`shown`), when it is asked, and what is below.

    `depth`: how many lists are around it; None where the clients' schema does not tell.
    """

    key: str
    shown: str
    types: tuple[Condition, ...]
    guards: tuple[Guard, ...]
    depth: int | None
    is_object: bool
    children: tuple[ExpectedKey, ...]

    def is_asked(self, variables: Mapping[str, object]) -> bool:
        """Whether the conditions on the field hold."""
        return all(variables.get(guard.variable) is guard.value for guard in self.guards)


class _Level(NamedTuple):
    """What one object must have: its keys, and what the objects under some of them (in so many lists) must have."""

    keys: frozenset[str]
    inner: tuple[tuple[str, int | None, Expected], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """The keys of one level, in the order of the fetch's text. `switches` are the variables that decide about them.

    `is_root` says that the type need not be told: all objects here are of the root type.
    """

    _keys: tuple[ExpectedKey, ...]
    _switches: tuple[str, ...]
    _is_root: bool = False
    _levels: dict[object, _Level] = field(default_factory=dict)

    def keys(self, typename: str | None, variables: Mapping[str, object]) -> tuple[str, ...]:
        """The keys that an object of `typename` (None: the root) has in the client's answer, without `__typename`."""
        return tuple(dict.fromkeys(expected.shown for expected in self._present(typename, variables)))

    def without(self, keys: frozenset[str]) -> Expected:
        """The same without some keys, named as the subgraph answers them."""
        return made_expected(tuple(one for one in self._keys if one.key not in keys), is_root=self._is_root)

    def shown_as(self, keys: frozenset[str]) -> frozenset[str]:
        """What keys of the subgraph's answer are in the client's."""
        return frozenset(one.shown for one in self._keys if one.key in keys)

    def asked_part(self, path: ResponsePath) -> ResponsePath:
        """The longest beginning of `path`, a place in the subgraph's answer, that was asked for."""
        level = self._keys
        for at, step in enumerate(path):
            if isinstance(step, str):
                found = [one for one in level if one.key == step]
                if not found:
                    return path[:at]
                level = tuple(child for one in found for child in one.children)
        return path

    def lacking(
        self, item: dict[str, Json], typename: str | None, variables: Mapping[str, object], shown: Rename
    ) -> Iterator[ResponsePath]:
        """The places inside the client's `item` that are asked for here and have no value, also inside of objects that others
        have begun. `shown` makes a place of the client's answer of one of the subgraph's."""
        yield from dict.fromkeys(_lacking(self._present(typename, variables), item, (), variables, shown))

    def objects(self) -> Iterator[tuple[str, ...]]:
        """The places of objects in an answer, by the keys that lead there."""
        return _objects(self._keys)

    def left_out(self, answer: dict[str, Json], typename: str | None, variables: Mapping[str, object]) -> list[ResponsePath]:
        """The places inside `answer`, as the subgraph gave it, at which a field that was asked for is not there."""
        found: list[Place] = []
        _find(self, answer, 0, typename, variables, (), found)
        return [written_out(place) for place in found]

    def level(self, typename: str | None, variables: Mapping[str, object]) -> _Level:
        """What an object of `typename` must have: what is asked under conditions that it fulfils in the subgraph."""
        key = (typename, tuple(variables.get(name) for name in self._switches))
        known = self._levels.get(key)
        if known is None:
            if len(self._levels) >= MAX_LEVELS:
                self._levels.clear()  # a subgraph may make up type names without end
            is_root = typename is None and self._is_root
            present = self._present(typename, variables)
            certain = [one for one in present if is_root or all(typename in on.certain for on in one.types)]
            known = self._levels[key] = _level_of(certain)
        return known

    def _present(self, typename: str | None, variables: Mapping[str, object]) -> Iterator[ExpectedKey]:
        return (
            expected
            for expected in self._keys
            if ((typename is None and self._is_root) or all(typename in on.members for on in expected.types))
            and expected.is_asked(variables)
        )


def made_expected(keys: tuple[ExpectedKey, ...], *, is_root: bool = False) -> Expected:
    """The keys of one level."""
    switches = tuple(dict.fromkeys(guard.variable for one in keys for guard in one.guards))
    return Expected(keys, switches, is_root)


def _objects(keys: Iterable[ExpectedKey]) -> Iterator[tuple[str, ...]]:
    for one in keys:
        if one.is_object:
            yield (one.shown,)
            yield from ((one.shown, *inner) for inner in _objects(one.children))


def _lacking(
    present: Iterable[ExpectedKey],
    item: dict[str, Json],
    path: ResponsePath,
    variables: Mapping[str, object],
    shown: Rename,
) -> Iterator[ResponsePath]:
    for one in present:
        place = shown((*path, one.key))
        value = item.get(str(place[-1]))
        if value is None:
            yield place
            continue
        for found, inside in _objects_of(value, (*path, one.key)) if one.children else ():
            typename = found.get("__typename")
            below = (
                child
                for child in one.children
                if (typename is None or all(typename in on.members for on in child.types)) and child.is_asked(variables)
            )
            yield from _lacking(below, found, inside, variables, shown)


def _objects_of(value: Json, path: ResponsePath) -> Iterator[tuple[dict[str, Json], ResponsePath]]:
    """The objects in lists of any depth."""
    if type(value) is dict:
        yield value, path
    elif type(value) is list:
        for index, item in enumerate(value):
            yield from _objects_of(item, (*path, index))


def _level_of(present: list[ExpectedKey]) -> _Level:
    inner: dict[tuple[str, int | None], list[ExpectedKey]] = {}
    for one in present:
        if one.children:
            inner.setdefault((one.key, one.depth), []).extend(one.children)
    below = tuple((key, depth, made_expected(tuple(children))) for (key, depth), children in inner.items())
    return _Level(frozenset(one.key for one in present), below)


def _find(
    expected: Expected,
    value: Json,
    depth: int | None,
    typename: str | None,
    variables: Mapping[str, object],
    place: Place,
    found: list[Place],
) -> None:
    """Looks into `value`, which is an object inside `depth` lists. What is neither is another error, and not ours to tell."""
    if type(value) is list and depth != 0:
        below = None if depth is None else depth - 1
        for index, item in enumerate(value):
            _find(expected, item, below, None, variables, (place, index), found)
    elif type(value) is dict and not depth:
        given = value.get("__typename", typename)
        level = expected.level(given if type(given) is str else None, variables)
        if not value.keys() >= level.keys:
            found.extend((place, key) for key in sorted(level.keys.difference(value)))
        for key, lists, inner in level.inner:
            under = value.get(key)
            if under is not None:
                _find(inner, under, lists, None, variables, (place, key), found)
