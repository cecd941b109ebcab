"""How fast followers go: sizes and pauses, in one place.

What comes in: nothing. What goes out: `Pace`, and the pause after another failure.
"""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`batch` changes at a time; seconds between two looks when there is nothing, and at least and at most after a failure."""

    batch: int = 500
    idle_seconds: float = 0.5
    least_pause: float = 0.2
    most_pause: float = 30.0

    def pause(self, failures: int) -> float:
        """How long to wait after so many failures in a row, with jitter."""
        longest = min(self.least_pause * 2 ** min(failures - 1, 30), self.most_pause)
        return random.uniform(longest / 2, longest)  # noqa: S311 - spreads, hides nothing
