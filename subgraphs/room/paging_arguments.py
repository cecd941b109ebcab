"""Relay's four paging arguments, the same on every connection.

What goes out: annotated types for resolvers' parameters, and `Paging`, the four together. They reveal nothing, so they are
public.
"""

from __future__ import annotations

from typing import Annotated, TypedDict

from subgraphs.room.fields import open_argument

First = Annotated[
    int | None, open_argument("The first so many items, at most 100; 20 when nothing is said.", "Pirmie n ieraksti.")
]
After = Annotated[str | None, open_argument("Items after this cursor.", "Ieraksti pēc šī kursora.")]
Last = Annotated[int | None, open_argument("The last so many items, at most 100.", "Pēdējie n ieraksti.")]
Before = Annotated[str | None, open_argument("Items before this cursor.", "Ieraksti pirms šī kursora.")]


class Paging(TypedDict):
    """The four arguments as a resolver hands them on."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None
