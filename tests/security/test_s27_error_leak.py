"""S-27 error-leak: an error inside a room whose words hold a person's data, and an operation with a slip of the pen."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from subgraphs.room.errors import StoreFailed
from subgraphs.room.sqlite import Database
from tests.security.leaks import listening
from tests.security.town import Town

SECRET = "309900-00000"


@pytest.mark.parametrize("way", ["POST", "GET"])
async def test_s27_a_rooms_error_is_told_by_an_id_alone(town: Town, monkeypatch, way: str) -> None:
    async def broken(*_arguments: object) -> None:
        raise RuntimeError(f"duplicate key (personal_code)=({SECRET})")

    for question in ("by_ids", "surviving", "find"):
        monkeypatch.setattr(town.stores["persons"], question, broken)
    for query in ("{ persons { nodes { familyName } } }", "{ events { nodes { persons { person { familyName } } } } }"):
        answer = await town.ask(query, way=way)
        assert SECRET.encode() not in answer.body
        error = answer.json["errors"][0]
        assert error["extensions"]["errorId"]
        assert not {"personal_code", "duplicate"} & set(error["message"].split())
    alone = await town.ask_room("persons", "{ persons { nodes { familyName } } }")
    assert SECRET.encode() not in alone.body


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("{ persons { nodes { familyNam } } }", "familyName"),
        ("{ persons(orderBy: [FAMILY_NAME_AS]) { nodes { familyName } } }", "FAMILY_NAME_ASC"),
        ('{ persons(where: {familyNam: {eq: "x"}}) { nodes { familyName } } }', "familyName:"),
        ("{ persons { nodes { ... on Perso { familyName } } } }", "Person"),
        ("{ person(i: 1) { familyName } }", "id"),
    ],
)
async def test_s27_nothing_is_suggested(town: Town, query: str, name: str) -> None:
    for answer in (await town.ask(query), await town.ask(query, way="GET"), await town.ask_room("persons", query)):
        assert "data" not in answer.json
        assert b"Did you mean" not in answer.body
        assert f'"{name}"' not in answer.body.decode().replace("\\", "")


async def test_s27_what_a_database_says_of_values_is_not_logged(tmp_path: Path) -> None:
    """Unless told otherwise, SQLAlchemy puts a statement's values into its errors, and the driver whole rows into its log."""
    database = Database(tmp_path / "some.sqlite3")
    with listening() as ear:
        logging.getLogger("aiosqlite").debug("a row: %s", SECRET)
        try:
            with pytest.raises(StoreFailed) as caught:
                async with database.reading() as connection:
                    await connection.exec_driver_sql("SELECT * FROM nothing WHERE code = ?", (SECRET,))
        finally:
            await database.close()  # its thread would outlive a failure, and the run with it
        logging.getLogger("test").error("failed", exc_info=caught.value)
    assert "nothing" in "".join(ear.heard)
    assert SECRET not in "".join(ear.heard)
