"""The invented world: a number of communities that grow from one seed.

What comes in: a size and a seed. What goes out: communities one after the other, from any place on, in constant memory; and
for each register what it would hold of a community. The same size and seed give the same bytes on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from subgraphs.room.world.community import EVENTS, Community
from subgraphs.room.world.founding import found
from subgraphs.room.world.links import Links, links_of

SIZES: Final = {"tiny": 1_000, "small": 10_000, "medium": 100_000, "large": 1_000_000}
"""Events by the name of the size."""

DEFAULT_SEED: Final = 110
"""The number of the police."""

_KEPT: Final = 128


@lru_cache(maxsize=_KEPT)  # four seeds that go side by side derive each community once
def _founded(seed: int, number: int) -> tuple[Community, Links]:
    community = found(seed, number)
    return community, links_of(community)


@dataclass(frozen=True, slots=True)
class World:
    """A world of `communities` of 50 events each, out of `seed`. A smaller world is the beginning of a larger one of the same
    seed.
    """

    communities: int
    seed: int = DEFAULT_SEED

    @staticmethod
    def of_size(size: str, seed: int = DEFAULT_SEED) -> World:
        """The world of a named size: `tiny`, `small`, `medium`, `large`. Raises KeyError for another name."""
        return World(SIZES[size] // EVENTS, seed)

    @property
    def events_each(self) -> int:
        """Events of a community."""
        return EVENTS

    @property
    def events(self) -> int:
        """Events of the whole world."""
        return self.communities * EVENTS

    def community(self, number: int) -> Community:
        """The community `number`, from 0. Raises IndexError outside of the world."""
        if not 0 <= number < self.communities:
            raise IndexError(f"community {number} of a world that has {self.communities}: numbers go from 0")
        return _founded(self.seed, number)[0]

    def links(self, number: int) -> Links:
        """The reach of everybody and everything in the community `number`: the projection that row rules use."""
        return _founded(self.seed, number)[1]
