"""The protected mode with the shipped graph and contracts: identified, authorised, signed, recorded, or not answered."""

from __future__ import annotations

import msgspec
import pytest

from authz.audit import AuditEntry, verify
from gateway.access import Asked
from gateway.access.sign_ins import MOST

SHOWCASE = """
query WhoWasWithThisCar($plate: String!) {
  vehicleByPlate(plate: $plate) {
    plate make model status alerts { kind }
    holders { kind from person { familyName givenNames personalCode } }
    involvements(first: 10, orderBy: [OCCURRED_AT_DESC]) { nodes { role event { registrationNumber kind occurred { from }
      place { text point { lat lon } } persons { role dataSubjectCategory
        person { familyName personalCode documents { kind number status } } } } } }
  }
}
"""
PLATE = {"plate": "QA-1234"}


def answer_of(answered):
    return msgspec.json.decode(answered.body)


async def test_the_prosecutor_gets_the_whole_answer_and_it_is_recorded(protected):
    token = protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012")
    answered = await protected.ask(SHOWCASE, token, PLATE)
    answer = answer_of(answered)
    assert (answered.status, answer.get("errors")) == (200, None)
    node = answer["data"]["vehicleByPlate"]["involvements"]["nodes"][0]
    assert node["event"]["persons"][1]["person"]["documents"][0]["number"] == "a value"
    assert answer["extensions"]["withheld"] == []
    assert answer["extensions"]["purpose"] == "CRIMINAL_PROCEEDING"
    record = protected.log.tail(1)[0]
    assert record.id == answer["extensions"]["audit"]["recordId"]


async def test_the_record_says_who_why_which_fields_and_which_entities_and_no_value(protected, tmp_path):
    token = protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012")
    await protected.ask(SHOWCASE, token, PLATE)
    entry = protected.log.tail(1)[0].entry
    assert (entry.agency, entry.user, entry.purpose, entry.case_ref) == (
        "LV-PROK",
        "jana.berzina",
        "CRIMINAL_PROCEEDING",
        "11-00012",
    )
    assert (entry.kind, entry.status, entry.contract.id) == ("combination", "ok", "C-2026-001")
    assert entry.operation.name == "WhoWasWithThisCar"  # the name inside the document
    assert {"Vehicle.plate", "Person.personalCode", "Document.number"} <= entry.resources
    assert {"Vehicle", "Person", "Event", "Document"} <= entry.entities.keys()
    assert entry.filters == {"Vehicle.plate:eq", "Vehicle.country:eq"}  # the country by default
    assert set(entry.subgraphs) == set(protected.rooms)
    assert "QA-1234" not in str(entry)
    assert verify(tmp_path / "audit.db").ok


async def test_entities_are_recorded_though_the_client_did_not_ask_for_their_ids_and_the_ids_are_not_shown(protected):
    token = protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012")
    answer = answer_of(await protected.ask("query($plate: String!) { vehicleByPlate(plate: $plate) { make } }", token, PLATE))
    assert answer["data"] == {"vehicleByPlate": {"make": "a value"}}
    assert len(protected.log.tail(1)[0].entry.entities["Vehicle"]) == 1


@pytest.mark.parametrize("token", [None, "", "nonsense", "a.b.c"])
async def test_without_a_valid_token_there_is_401_and_nothing_else(protected, token):
    answered = await protected.ask(SHOWCASE, token, PLATE)
    assert answered.status == 401
    assert list(answer_of(answered)) == ["errors"]
    assert protected.fetched() == ""


@pytest.mark.parametrize(("token", "reason"), [(None, "missing"), ("nonsense", "malformed"), ("a.b.c", "header")])
async def test_who_is_not_let_in_is_recorded_by_the_reason_and_without_anything_of_the_token(protected, token, reason):
    await protected.ask(SHOWCASE, token, PLATE)
    kept = await newest(protected)
    assert (kept.kind, kept.status, kept.error_code) == ("authentication", "denied", "UNAUTHENTICATED")
    assert (kept.reason, kept.agency, kept.user, kept.operation) == (reason, "unknown", "unknown", None)
    assert "nonsense" not in repr(kept)


async def test_a_flood_of_strangers_fills_no_disk_and_each_is_counted(protected):
    headers = Asked(SHOWCASE)
    for _ in range(3 * MOST):
        assert (await protected.pipeline.answer(headers)).status == 401
    await protected.ask(SHOWCASE, None, PLATE)
    assert (await newest(protected)).counts == {"missing": 2 * MOST}
    assert len(protected.log.tail(1000)) == MOST + 2


async def newest(protected):
    """The newest record, when what nobody waited for is written."""
    closing = AuditEntry(kind="admin", request_id="end", agency="", user="", status="ok")
    await protected.log.append(closing)
    *_, kept, _ = protected.log.tail(2)
    return kept.entry


async def test_without_a_purpose_there_is_403_with_the_list_of_purposes_and_a_record(protected):
    answered = await protected.ask(SHOWCASE, protected.token("LV-PROK", None), PLATE)
    error = answer_of(answered)["errors"][0]
    assert (answered.status, error["extensions"]["code"]) == (403, "PURPOSE_REQUIRED")
    assert "CRIMINAL_PROCEEDING" in error["extensions"]["purposes"]
    entry = protected.log.tail(1)[0].entry
    assert (entry.kind, entry.status, entry.error_code, entry.agency) == ("denial", "denied", "PURPOSE_REQUIRED", "LV-PROK")


async def test_a_header_states_purpose_and_case_in_place_of_the_token(protected):
    token = protected.token("LV-PROK", None)
    answered = await protected.ask(SHOWCASE, token, PLATE, saite_purpose="CRIMINAL_PROCEEDING", saite_case="11-00012")
    assert answered.status == 200
    answered = await protected.ask(SHOWCASE, token, PLATE, saite_purpose="CRIMINAL_PROCEEDING")
    assert (answered.status, answered.code) == (403, "CASE_REFERENCE_REQUIRED")


async def test_what_is_listed_is_withheld_never_fetched_and_told(protected):
    token = protected.token("LV-PP-RIGA", "EVENT_RESPONSE")
    query = "query($plate: String!) { vehicleByPlate(plate: $plate) { holders { person { documents { kind number } } } } }"
    answered = await protected.ask(query, token, PLATE)
    answer = answer_of(answered)
    path = ["vehicleByPlate", "holders", "person", "documents", "number"]
    documents = answer["data"]["vehicleByPlate"]["holders"][0]["person"]["documents"]
    assert [(one["number"], one["kind"] is None) for one in documents] == [(None, False)] * 2
    assert [(entry["path"], entry["right"]) for entry in answer["extensions"]["withheld"]] == [(path, "read")]
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (path, "UNAUTHORIZED_FIELD_OR_TYPE")
    ]
    assert "number" not in protected.fetched()
    entry = protected.log.tail(1)[0].entry
    assert [withheld.field for withheld in entry.withheld] == ["Document.number"]
    assert "Document.number" not in entry.resources


async def test_an_alias_does_not_bring_a_withheld_field_back(protected):
    token = protected.token("LV-PP-RIGA", "EVENT_RESPONSE")
    query = "query($plate: String!) { vehicleByPlate(plate: $plate) { holders { person { documents { id: number } } } } }"
    answer = answer_of(await protected.ask(query, token, PLATE))
    assert answer["data"]["vehicleByPlate"]["holders"][0]["person"]["documents"] == [{"id": None}] * 2
    assert len(protected.log.tail(1)[0].entry.entities["Document"]) >= 2


async def test_what_is_hidden_answers_as_what_does_not_exist(protected):
    token = protected.token("LV-STAT", "STATISTICS")
    hidden = await protected.ask("{ events(first: 1) { nodes { summary } } }", token)
    absent = await protected.ask("{ events(first: 1) { nodes { sumnary } } }", token)
    assert hidden.body.replace(b"summary", b"sumnary") == absent.body
    assert b"Did you mean" not in hidden.body
    assert protected.fetched() == ""


async def test_introspection_shows_the_contract_view_only(protected):
    query = '{ __type(name: "Event") { fields { name } } q: __schema { queryType { fields { name } } } }'
    statistics = answer_of(await protected.ask(query, protected.token("LV-STAT", "STATISTICS")))["data"]
    police = answer_of(await protected.ask(query, protected.token("LV-PP-RIGA", "EVENT_RESPONSE")))["data"]
    names = {field["name"] for field in statistics["__type"]["fields"]}
    assert "kind" in names
    assert not names & {"summary", "persons", "registrationNumber"}
    assert {field["name"] for field in statistics["q"]["queryType"]["fields"]} < {
        field["name"] for field in police["q"]["queryType"]["fields"]
    }
    assert protected.fetched() == ""


async def test_plans_of_one_contract_are_not_used_for_another(protected):
    query = "{ events(first: 1) { nodes { kind summary } } }"
    allowed = await protected.ask(query, protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012"))
    refused = await protected.ask(query, protected.token("LV-STAT", "STATISTICS"))
    assert (allowed.has_data, refused.code) == (True, "GRAPHQL_VALIDATION_FAILED")


async def test_a_filter_that_is_not_granted_refuses_the_operation_also_in_a_variable(protected):
    token = protected.token("LV-PP-RIGA", "EVENT_RESPONSE")
    query = "query($w: EventWhere) { events(where: $w, first: 1) { nodes { kind } } }"
    granted = await protected.ask(query, token, {"w": {"registrationNumber": {"eq": "1"}}})
    assert granted.has_data
    fetched = protected.fetched()
    refused = await protected.ask(query, token, {"w": {"and": [{"summary": {"contains": "x"}}]}})
    assert not refused.has_data
    assert protected.fetched() == fetched
    assert [r.entry.kind for r in protected.log.tail(5)] == ["consultation", "denial"]


async def test_every_fetch_carries_a_context_for_its_room_and_body_and_no_client_header(protected):
    token = protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012")
    await protected.ask(SHOWCASE, token, PLATE, x_secret="do not pass on")
    contexts = [context for room in protected.rooms.values() for context in room.contexts]
    assert len(contexts) >= 4
    assert {(context.agency, context.purpose, context.case_ref) for context in contexts} == {
        ("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012")
    }
    assert len({context.txn for context in contexts}) == 1
    headers = [header for room in protected.rooms.values() for header in room.headers]
    assert all(set(header) == {"Saite-Context"} for header in headers)


async def test_a_subgraph_message_is_masked_and_the_log_has_it(protected, caplog):
    protected.rooms["vehicles"].failing = "duplicate key (personal_code)=(30990000000)"
    answered = await protected.ask(SHOWCASE, protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012"), PLATE)
    assert b"30990000000" not in answered.body
    assert b"personal_code" not in answered.body
    assert b"vehicles" not in answered.body
    error_id = answer_of(answered)["errors"][0]["extensions"]["errorId"]
    assert error_id in [getattr(record, "error_id", None) for record in caplog.records]
    assert protected.log.tail(1)[0].entry.status == "partial"


async def test_no_record_no_answer(protected):
    token = protected.token("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012")
    protected.log.close()
    answered = await protected.ask(SHOWCASE, token, PLATE)
    assert (answered.status, answered.code, answered.has_data) == (503, "AUDIT_UNAVAILABLE", False)
    assert b"a value" not in answered.body
