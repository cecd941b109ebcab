"""The small world, made once."""

from __future__ import annotations

import pytest

from subgraphs.room.world import World
from tests.subgraphs.room.world.registers import Registers, registers


@pytest.fixture(scope="session")
def small() -> Registers:
    """The registers of the small world: ten thousand events."""
    return registers(World.of_size("small"))
