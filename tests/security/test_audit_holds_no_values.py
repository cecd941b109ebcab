"""An audit record names entities by opaque ids; a register's own `id` of another kind is a value, and stays out."""

from __future__ import annotations

from pathlib import Path

from tests.security.city import READ, city, opened
from tests.security.pen import canaries_in


async def test_the_id_in_a_source_system_is_shown_and_not_recorded(tmp_path: Path) -> None:
    text = city(grants=[{"purposes": ["CHECK"], "read": [*READ, "Vehicle.source", "Document.source"]}])
    async with opened(tmp_path, text) as (town, _, _):
        answer = await town.ask("{ vehicles(first: 3) { nodes { source { system id } } } }")
        assert len(canaries_in(answer.body)) == 3
        entry = town.log.tail(1)[0].entry
        assert set(entry.entities) == {"Vehicle"}
        assert canaries_in(repr(entry).encode()) == set()
