"""Places in the answer, and the response keys that are taken there.

A client's field keeps its key. A field that only a requirement needs takes its own name where that is free, the key of an
equal field where there is one, or else an alias that nobody at that place uses: the object is shared by all fetches that
write to it, whatever fragment they come from.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.planning.fetch_graph.step import OnMask, StepPath
from gateway.query_graph.selections import Conditions, Selection, SelectionSet

_Asked = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where objects are: `path` for the plan, `keys` (response keys alone) for key allocation.

    `mask`: the object types that can be there. `conditions`: what must hold for anything to be there. `sets`: what the
    client asks there.
    """

    path: StepPath
    keys: tuple[str, ...]
    mask: int
    conditions: Conditions
    sets: tuple[SelectionSet, ...]

    def sets_under(self, key: str) -> tuple[SelectionSet, ...]:
        """What the client asks on the objects under a response key."""
        inner = (one.children for selection_set in self.sets for one in selection_set.selections if one.key == key)
        return tuple(dict.fromkeys(children for children in inner if children is not None))


class ResponseKeys:
    """The response keys of every place, by the fields they stand for."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, ...], dict[str, set[_Asked]]] = {}

    def key_for(self, place: Place, selection: Selection) -> str:
        """The key under which a required field is fetched at a place."""
        taken = self._at(place)
        asked = (selection.name, selection.arguments.text)
        key, number = selection.name, 0
        while taken.get(key, {asked}) != {asked}:
            key, number = f"_{selection.name}_{number}", number + 1
        taken.setdefault(key, {asked})
        return key

    def _at(self, place: Place) -> dict[str, set[_Asked]]:
        taken = self._taken.get(place.keys)
        if taken is None:
            taken = self._taken[place.keys] = {}
            for selection_set in place.sets:
                for one in selection_set.selections:
                    taken.setdefault(one.key, set()).add((one.name, one.arguments.text))
        return taken


def joined_path(first: StepPath, second: StepPath) -> StepPath | None:
    """The path to the objects of both, when they differ in one type condition."""
    if len(first) != len(second):
        return None
    different = [number for number, (one, other) in enumerate(zip(first, second, strict=True)) if one != other]
    if len(different) != 1:
        return None
    at = different[0]
    one, other = first[at], second[at]
    if not isinstance(one, OnMask) or not isinstance(other, OnMask) or one.whole != other.whole:
        return None
    mask = one.mask | other.mask
    middle: StepPath = () if mask == one.whole else (OnMask(mask, one.whole),)
    return (*first[:at], *middle, *first[at + 1 :])
