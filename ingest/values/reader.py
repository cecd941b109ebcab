"""What a compiled value is.

In: nothing. Out: the types `Row`, `Seen`, `Reader`, and `Places`, in which the readers for one kind of row are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ingest.mapping.document import Moment

Row = tuple[str | None, ...]
"""The texts of the wanted columns."""

Seen = dict[str, object]
"""What was read of the event so far, by field: times that others refer to, and the row's position."""

Reader = Callable[[Row, Seen], object]
"""From a row to a value, None for nothing; raises Refused."""


class Places(dict[str, int]):
    """Where in a row each column stands. Holds the times that were compiled for such rows, because several fields often read
    one.
    """

    __slots__ = ("moments",)

    def __init__(self, columns: Iterable[str]) -> None:
        super().__init__((name, place) for place, name in enumerate(columns))
        self.moments: list[tuple[Moment, Reader]] = []
