"""What one request brings to the form and what filling it brings to light: errors and the entities that were seen.

In: the errors of `Raw` (to know which nulls are explained already) and introspection results. Out: further errors, entities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from gateway.execution.raw import Json, Place, RawError, ResponsePath, written_out

GATEWAY: Final = "gateway"


class NullHere(Exception):
    """Raised where a value cannot be shown; the nearest nullable field or item becomes null. Its error is reported already."""


class AbsentHere(NullHere):
    """Raised where an object is as good as not there (the room denies its row): told as any null is, and no other way."""


class Filling:
    """The state of one rendering."""

    def __init__(self, errors: Iterable[RawError], introspected: Mapping[str, Json]) -> None:
        self.introspected = introspected
        self.found: list[RawError] = []
        self._errors = errors
        self._explained: tuple[frozenset[ResponsePath], frozenset[ResponsePath]] | None = None
        self._seen: dict[str, dict[str, None]] = {}
        self._given: set[frozenset[str]] = set()

    def report(self, place: Place, message: str, code: str) -> None:
        """A value at `place` breaks the client's schema."""
        self.found.append(RawError(message, written_out(place), code, GATEWAY, origin=0))

    def report_null(self, place: Place, message: str) -> None:
        """A null stands where the schema has none. Says nothing when an error explains it: one fault, one error."""
        path = written_out(place)
        if not self._is_explained(path):
            self.found.append(RawError(message, path, "NULL_FOR_NON_NULL", GATEWAY, origin=0))

    def saw(self, typename: str, identifier: Json) -> None:
        """An entity passed by."""
        if identifier is not None:
            self._seen.setdefault(typename, {})[str(identifier)] = None

    def gave(self, fields: frozenset[str]) -> None:
        """An object with these fields (`Type.field`) is shown."""
        self._given.add(fields)

    def fields(self) -> frozenset[str]:
        """Every field of every object that is shown, also where its value is null: that there is none was told, too."""
        return frozenset().union(*self._given)

    def entities(self) -> dict[str, tuple[str, ...]]:
        """Type name → ids, each once, in the order of first sight."""
        return {typename: tuple(identifiers) for typename, identifiers in self._seen.items()}

    def _is_explained(self, path: ResponsePath) -> bool:
        """Whether an error stands at this place, below it, or above it."""
        if self._explained is None:
            paths = [error.path for error in self._errors if error.path is not None]
            prefixes = frozenset(path[:length] for path in paths for length in range(1, len(path) + 1))
            self._explained = (frozenset(paths), prefixes)
        exact, prefixes = self._explained
        return path in prefixes or any(path[:length] in exact for length in range(1, len(path)))
