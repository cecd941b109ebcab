"""The record of a real request holds every field that the law and the contracts ask for, and only what was really given."""

from __future__ import annotations

import asyncio
from hashlib import sha256

import msgspec
import pytest

import gateway.pipeline
from gateway.access import Asked
from tests.gateway.access.conftest import book, graph, protected  # noqa: F401  # fixtures

TRACE = "0af7651916cd43dd8448eb211c80319c"
QUERY = """query Car($plate: String!, $deep: Boolean = false) { vehicleByPlate(plate: $plate) { plate make
  holders @include(if: $deep) { person { familyName } } } }"""
PLATE = {"plate": "QA-1234"}


def token_of(protected) -> str:  # noqa: F811
    return protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012")


async def record_of(protected, query: str, variables=None, **headers: str):  # noqa: F811
    answered = await protected.ask(query, token_of(protected), variables, **headers)
    return answered, protected.log.tail(1)[0].entry


async def test_who_what_why_where_from_and_by_which_rules(protected):  # noqa: F811
    answered, entry = await record_of(
        protected,
        QUERY,
        PLATE,
        traceparent=f"00-{TRACE}-b7ad6b7169203331-01",
        user_agent="Lieta/3.1",
        saite_justification="Pārbaude",
    )
    data = answered.body.split(b'"data":', 1)[1].split(b',"extensions"', 1)[0]
    assert entry.answer_sha256 == sha256(data).hexdigest()
    assert (entry.trace_id, entry.device, entry.decision) == (TRACE, "Lieta/3.1", "ALLOW")
    assert all(
        digest.startswith("sha256:") for digest in (entry.bundle, entry.schema_digest, entry.rows_digest, entry.mask_digest)
    )
    assert entry.justification_hmac is not None
    assert "Pārbaude" not in str(entry)
    assert [fetch.service for fetch in entry.fetches] == ["vehicles"]
    room = protected.rooms["vehicles"]
    assert entry.fetches[0].sent
    assert entry.fetches[0].received
    assert room.contexts[-1].txn == entry.request_id


async def test_fields_that_a_condition_left_out_are_not_recorded_as_given(protected):  # noqa: F811
    _, without = await record_of(protected, QUERY, PLATE)
    _, with_holders = await record_of(protected, QUERY, {**PLATE, "deep": True})
    assert without.resources == {"Query.vehicleByPlate", "Vehicle.plate", "Vehicle.make"}
    assert with_holders.resources == without.resources | {"Vehicle.holders", "VehicleHolding.person", "Person.familyName"}


async def test_fields_below_what_was_not_found_are_not_recorded_as_given(protected, monkeypatch):  # noqa: F811
    from tests.gateway.access import conftest

    monkeypatch.setattr(conftest, "resolve", lambda *_a, **_k: None)
    _, entry = await record_of(protected, QUERY, PLATE)
    assert entry.resources == {"Query.vehicleByPlate"}
    assert entry.entities == {}


async def test_the_address_of_the_client_is_recorded(protected):  # noqa: F811
    headers = {"authorization": f"Bearer {token_of(protected)}"}
    await protected.pipeline.answer(Asked(QUERY, None, PLATE, headers, peer="192.0.2.7"))
    assert protected.log.tail(1)[0].entry.client_address == "192.0.2.7"


async def test_a_request_that_is_given_up_leaves_a_failed_record(protected, monkeypatch):  # noqa: F811
    started = asyncio.Event()

    async def endless(*_a, **_k):
        started.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(gateway.pipeline, "execute", endless)
    task = asyncio.create_task(protected.ask(QUERY, token_of(protected), PLATE))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    entry = protected.log.tail(1)[0].entry
    assert (entry.status, entry.error_code, entry.resources) == ("failed", "CANCELLED", frozenset())


async def test_a_fault_is_recorded_under_the_id_that_the_client_was_told(protected, monkeypatch):  # noqa: F811
    monkeypatch.setattr(gateway.pipeline, "render", lambda *_a, **_k: 1 / 0)
    answered, entry = await record_of(protected, QUERY, PLATE)
    told = msgspec.json.decode(answered.body)["errors"][0]["extensions"]["errorId"]
    assert (entry.error_id, entry.decision) == (told, "ALLOW")


async def test_an_operation_name_that_no_record_can_hold_is_a_bad_request(protected):  # noqa: F811
    headers = {"authorization": f"Bearer {token_of(protected)}"}
    answered = await protected.pipeline.answer(Asked(QUERY, "Car\ud800", PLATE, headers))
    assert (answered.status, answered.code) == (400, "UNRECORDABLE_REQUEST")
    entry = protected.log.tail(1)[0].entry
    assert (entry.kind, entry.operation.name) == ("denial", "Car\\ud800")
    assert protected.fetched() == ""


async def test_a_declaration_that_is_refused_is_recorded(protected):  # noqa: F811
    answered, entry = await record_of(protected, QUERY, PLATE, saite_purpose="x\x07")
    assert answered.status == 400
    assert (entry.kind, entry.status) == ("denial", "denied")


async def test_a_sort_that_was_used_is_recorded(protected):  # noqa: F811
    inner = "involvements(first: 1, orderBy: [OCCURRED_AT_DESC]) { nodes { role } }"
    query = f"query($plate: String!) {{ vehicleByPlate(plate: $plate) {{ {inner} }} }}"
    _, entry = await record_of(protected, query, PLATE)
    assert entry.sorts
