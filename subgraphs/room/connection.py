"""Relay connections: edges, nodes, page information, and a count that is made only when somebody asks for it.

What comes in: a `Slice` of a store and how to count. What goes out: `Connection[T]` of the graph and `Listed`, the object
behind it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import strawberry
from strawberry import federation

from authz.aggregates import Suppressed
from subgraphs.room.call import Call
from subgraphs.room.fields import counted, plain, words
from subgraphs.room.records import Slice

T = TypeVar("T")


@federation.type(shareable=True, description=words("Where a page stands in its list.", "Lapas vieta sarakstā."))
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = plain("Whether items follow.", "Vai ir nākamie.")
    has_previous_page: bool = plain("Whether items come before.", "Vai ir iepriekšējie.")
    start_cursor: str | None = plain("The first item's cursor.", "Pirmā ieraksta kursors.")
    end_cursor: str | None = plain("The last item's cursor.", "Pēdējā ieraksta kursors.")


@strawberry.type(description=words("An item of a list with its cursor.", "Saraksta ieraksts ar kursoru."))
class Edge(Generic[T]):
    """One item."""

    cursor: str = plain("Where the item stands: give it to `after` or `before`.", "Kursors parametriem `after` un `before`.")
    node: T = plain("The item.", "Ieraksts.")


async def _total(root: strawberry.Parent[Listed]) -> int:
    count = root.call.mask.published_count(await root.count())
    if count is None:
        raise Suppressed("This count is kept back: it is of fewer than your contract publishes.")
    return count


@strawberry.type(description=words("A page of a list.", "Saraksta lapa."))
class Connection(Generic[T]):
    """One page."""

    edges: list[Edge[T]] = plain("The items with their cursors.", "Ieraksti ar kursoriem.")
    nodes: list[T] = plain("The items.", "Ieraksti.")
    page_info: PageInfo = plain("Where the page stands.", "Lapas vieta sarakstā.")
    total_count: int | None = counted(
        "How many items the whole list has, as far as the contract shows them; counted only when asked for.",
        "Ierakstu skaits visā sarakstā, ciktāl tos rāda līgums.",
        resolver=_total,
    )


@dataclass(frozen=True, slots=True)
class EdgeOf:
    """What stands behind an `Edge`."""

    cursor: str
    node: Any


@dataclass(frozen=True, slots=True)
class PageOf:
    """What stands behind a `PageInfo`."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True)
class Listed:
    """What stands behind a `Connection`; cursors are sealed only when they are asked for."""

    slice: Slice[Any]
    count: Callable[[], Awaitable[int]]
    call: Call[Any, Any]
    scope: str

    @cached_property
    def nodes(self) -> list[Any]:
        """The items."""
        self._shown()
        return [placed.item for placed in self.slice.items]

    @cached_property
    def edges(self) -> list[EdgeOf]:
        """The items with their cursors."""
        self._shown()
        return [EdgeOf(self.call.sealer.seal(placed.position, self.scope), placed.item) for placed in self.slice.items]

    @property
    def page_info(self) -> PageOf:
        """The page's place, with the cursors of both ends."""
        self._shown()
        items = self.slice.items
        return PageOf(
            has_next_page=self.slice.has_next,
            has_previous_page=self.slice.has_previous,
            start_cursor=self.call.sealer.seal(items[0].position, self.scope) if items else None,
            end_cursor=self.call.sealer.seal(items[-1].position, self.scope) if items else None,
        )

    def _shown(self) -> None:
        """Pages of a list that is only counted would count it exactly."""
        if self.call.mask.aggregates_only:
            raise Suppressed("This purpose is for counts: pages are not shown.")
