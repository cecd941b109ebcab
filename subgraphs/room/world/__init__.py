"""The invented world: Latvian persons, vehicles, documents and events that no real person, vehicle or document stands behind.

What comes in: a size (`small`, `medium`, `large`) and a seed. What goes out: `World`, from which every room derives its own
register alone. How it is made and from what: `docs/world.md`.
"""

from __future__ import annotations

from subgraphs.room.world.community import UNKNOWN, Community
from subgraphs.room.world.world import DEFAULT_SEED, SIZES, World

__all__ = ["DEFAULT_SEED", "SIZES", "UNKNOWN", "Community", "World"]
