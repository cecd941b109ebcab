"""How much work one operation may be to plan.

Moves looked at while walking, entries written, time: beyond any of them the operation is refused, so that no text that passes
validation can hold a worker. The numbers are far above what operations of people need: 500 fields over 20 subgraphs take some
600 moves, 1,000 entries and 0.1 seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

from gateway.planning.errors import OperationTooLarge

MAX_MOVES = 200_000
MAX_ENTRIES = 50_000
MAX_SECONDS = 3.0


@dataclass(slots=True)
class Budget:
    """What is left. `search_steps` is how many alternatives may be tried before the best answer so far is kept."""

    moves: int = MAX_MOVES
    entries: int = MAX_ENTRIES
    seconds: float = MAX_SECONDS
    search_steps: int = 2_000
    _started: float = field(default_factory=perf_counter)

    def spend_move(self) -> None:
        """One more way looked at. Raises `OperationTooLarge` when that is too many."""
        self.moves -= 1
        if self.moves < 0:
            raise OperationTooLarge(f"There are too many ways to answer this operation. {_ADVICE}")
        if self.moves % 256 == 0:
            self.check_time()

    def spend_entry(self) -> None:
        """One more field written into a request. Raises `OperationTooLarge` when that is too many."""
        self.entries -= 1
        if self.entries < 0:
            raise OperationTooLarge(
                f"This operation needs too many fields from subgraphs once its fragments are spread. {_ADVICE}"
            )
        if self.entries % 256 == 0:
            self.check_time()

    def check_time(self) -> None:
        """Raises `OperationTooLarge` when planning has taken too long."""
        if perf_counter() - self._started > self.seconds:
            raise OperationTooLarge(f"Planning this operation took longer than {self.seconds:g} seconds. {_ADVICE}")


_ADVICE = "Ask for less, for fewer types of an interface at once, or in several operations."
