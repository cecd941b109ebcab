"""Which changes a consumer has dealt with lately, so that what is told twice is dealt with once.

What comes in: changes as they are delivered. What goes out: those that are new. A set, not a highest number: a change that was
refused by the broker comes after later ones, and must not be taken for an old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from changes.change import Change

KEPT: Final = 20_000


class Inbox(Protocol):
    """What a consumer remembers."""

    async def unseen(self, changes: Sequence[Change]) -> list[Change]:
        """Those that were not dealt with, each once."""
        ...

    async def saw(self, changes: Sequence[Change]) -> None:
        """These are dealt with."""
        ...


class Recent:
    """The last changes of this process. After a start all is new: handlers have to bear being told again."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._keys: dict[str, None] = {}

    async def unseen(self, changes: Sequence[Change]) -> list[Change]:
        """See `Inbox.unseen`."""
        return list({change.key: change for change in changes if change.key not in self._keys}.values())

    async def saw(self, changes: Sequence[Change]) -> None:
        """See `Inbox.saw`."""
        self._keys |= dict.fromkeys(change.key for change in changes)
        for key in list(self._keys)[: max(0, len(self._keys) - self._kept)]:
            del self._keys[key]
