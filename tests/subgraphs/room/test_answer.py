"""Errors on the wire: a client's own are told, every other one is an id that the log explains."""

from __future__ import annotations

import logging

import sqlalchemy as sa

from tests.subgraphs.samples import vehicle


async def test_a_database_that_cannot_answer_is_an_id_on_the_wire_and_a_reason_in_the_log(open_room, caplog):
    room = await open_room("vehicles")
    await room.store.put_many([vehicle(1)])
    async with room.store.database.writing() as connection:
        await connection.execute(sa.text("DROP TABLE vehicle"))
    with caplog.at_level(logging.ERROR):
        answer = await room.ask('{ vehicle(id: "veh_1") { id } }')
    error = answer.json["errors"][0]
    assert answer.status == 200
    assert answer.json["data"] == {"vehicle": None}
    assert error["extensions"]["code"] == "INTERNAL_ERROR"
    assert "vehicle" not in error["message"]
    record = next(record for record in caplog.records if getattr(record, "error_id", "") == error["extensions"]["errorId"])
    assert record.code == "VEHICLES_UNAVAILABLE"


async def test_a_variable_of_the_wrong_type_is_told(open_room):
    room = await open_room("vehicles")
    answer = await room.ask("query($first: Int) { vehicles(first: $first) { nodes { id } } }", {"first": "many"})
    assert answer.json["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_misspelt_field_gets_no_suggestion(open_room):
    room = await open_room("vehicles")
    answer = await room.ask("{ vehicles { nodes { plat } } }")
    assert answer.status == 400
    assert "Did you mean" not in answer.body.decode()
