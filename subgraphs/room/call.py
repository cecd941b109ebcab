"""What a resolver knows of the request that it serves: the caller's mask, the store, the loaders of this one request.

What comes in: built once per request by the guard. What goes out: `Call`, the context of every resolver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from authz.mask import Mask
from authz.signed_context import SignedContext
from kernel.clock import Clock
from kernel.paging import CursorSealer
from search.index import SearchIndex
from subgraphs.room.where import Rows

S = TypeVar("S")
L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class Call(Generic[S, L]):
    """One request. Loaders live as long as it does, so nothing is ever shared between callers.

    `context` says for whom and why the gateway asks: what a change is recorded with. `search` is the index over all
    registers, where there is one.
    """

    mask: Mask
    store: S
    loaders: L
    sealer: CursorSealer
    clock: Clock
    context: SignedContext
    search: SearchIndex | None = None

    @property
    def rows(self) -> Rows:
        """The row rules of the caller's contract, by type name."""
        return self.mask.rows
