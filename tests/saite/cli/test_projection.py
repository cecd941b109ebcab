"""`saite projection`, run as it is called."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner

from ingest.registers import Registers
from saite.cli.projection import app
from saite.folder import DataFolder
from saite.registers import open_registers
from subgraphs.room.records import Involved
from tests.subgraphs.samples import event, id_of, vehicle, vehicle_part

CAR = id_of("veh", 1)


async def _open(data: Path, involved: Involved | None) -> None:
    folder = DataFolder(data)
    folder.prepare()
    async with open_registers(folder) as registers:
        await _fill(registers, involved)


async def _fill(registers: Registers, involved: Involved | None) -> None:
    await registers.vehicles.put_many([vehicle(1)])
    await registers.events.put_many([event(1, vehicles=(vehicle_part(1, 1),))])
    if involved is not None:
        await registers.vehicles.replace_involved([involved])


def test_a_projection_that_shows_too_much_is_found_and_mended(tmp_path: Path) -> None:
    asyncio.run(_open(tmp_path, Involved(CAR, ("0001000", "0099000"), ("LV-PP-RIGA",))))
    runner, data = CliRunner(), ["--data", str(tmp_path)]
    found = runner.invoke(app, ["verify", "vehicles", "--format", "json", *data])
    assert found.exit_code == 1
    assert json.loads(found.stdout) == {
        "vehicles": [
            {
                "id": CAR,
                "kept": {"territories": ["0001000", "0099000"], "agencies": ["LV-PP-RIGA"]},
                "right": {"territories": ["0001000"], "agencies": ["LV-PP-RIGA"]},
                "showsTooMuch": True,
            }
        ]
    }
    assert "persons: 0 mended\nvehicles: 1 mended" in runner.invoke(app, ["rebuild", *data]).stdout
    assert runner.invoke(app, ["verify", *data]).exit_code == 0


def test_a_projection_that_was_lost_is_found_and_mended(tmp_path: Path) -> None:
    asyncio.run(_open(tmp_path, None))
    runner, data = CliRunner(), ["--data", str(tmp_path)]
    found = runner.invoke(app, ["verify", *data])
    assert "vehicles: 1 differ from the events, 0 of them show too much" in found.stdout
    assert runner.invoke(app, ["rebuild", "vehicles", *data]).exit_code == 0
    assert runner.invoke(app, ["verify", *data]).exit_code == 0
