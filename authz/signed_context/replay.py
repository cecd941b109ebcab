"""Which contexts were used already: remembered as long as they could be used again, and no longer."""

from __future__ import annotations

from typing import Final

MAX_REMEMBERED: Final = 200_000


class ReplayCache:
    """Remembers ids for at least `keep` seconds in two generations, so that forgetting is one assignment.

    When more than `limit` ids would have to be kept, new ones are refused: forgetting an old one would let it be replayed.
    One cache serves one process; a context replayed to another worker of the same subgraph gets the same answer to the same
    body once more, within its 30 seconds.
    """

    def __init__(self, keep: float, limit: int = MAX_REMEMBERED) -> None:
        self._keep = keep
        self._limit = limit
        self._young: set[str] = set()
        self._old: set[str] = set()
        self._turn_at = 0.0

    def is_first_use(self, token_id: str, at: float) -> bool:
        """Whether `token_id` is seen for the first time at `at` (Unix seconds); it is remembered then."""
        if at >= self._turn_at:
            # After a gap of two generations nothing that is remembered can still be valid.
            self._old = self._young if at < self._turn_at + self._keep else set()
            self._young = set()
            self._turn_at = at + self._keep
        if token_id in self._young or token_id in self._old or len(self) >= self._limit:
            return False
        self._young.add(token_id)
        return True

    def __len__(self) -> int:
        return len(self._young) + len(self._old)
