"""Fills the four registers with the invented world."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.registers import Registers
    from subgraphs.room.records import Outcome
    from subgraphs.room.world import World

SeedListener = Callable[[str, int, int], None]
"""Told the room, how many of the world's events it holds the part of, and how many there are."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What became of each room's records, and how long it took."""

    outcomes: dict[str, Outcome]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """One flat object a room, and the seconds."""
        rooms = {room: {"new": o.new, "changed": o.changed, "same": o.same} for room, o in self.outcomes.items()}
        return {**rooms, "seconds": round(self.seconds, 3)}


def invented_world(size: str, seed: int | None = None) -> World:
    """The world of a size (`tiny`, `small`, `medium`, `large`)."""
    from subgraphs.room.world import DEFAULT_SEED, World

    return World.of_size(size, DEFAULT_SEED if seed is None else seed)


async def seed_registers(registers: Registers, size: str, seed: int | None, listener: SeedListener) -> Seeded:
    """Write what the registers lack of the invented world, and a few cases; what is there stays as it is."""
    from subgraphs.documents.seed import seed as seed_documents
    from subgraphs.events.cases.seed import seed as seed_cases
    from subgraphs.events.seed import seed as seed_events
    from subgraphs.persons.seed import seed as seed_persons
    from subgraphs.vehicles.seed import seed as seed_vehicles

    started = time.monotonic()
    world = invented_world(size, seed)

    def telling(room: str) -> Callable[[int, int], None]:
        return lambda done, total: listener(room, done, total)

    # side by side, so that what all four derive from is derived once
    persons, vehicles, documents, events = await asyncio.gather(
        seed_persons(registers.persons, world, telling("persons")),
        seed_vehicles(registers.vehicles, world, telling("vehicles")),
        seed_documents(registers.documents, world, telling("documents")),
        seed_events(registers.events, world, telling("events")),
    )
    await seed_cases(registers.events.cases, world)
    outcomes = {"persons": persons, "vehicles": vehicles, "documents": documents, "events": events}
    return Seeded(outcomes, time.monotonic() - started)
