"""Cases asked of the room, over its own store."""

from __future__ import annotations

from dataclasses import replace

from subgraphs.events.model import Registrar
from tests.subgraphs.samples import event, id_of

TIMELINE = """query ($id: ID!) { case(id: $id) { timeline(first: 100) { totalCount nodes {
  operation agency { code } official reason caseVersion eventVersion event { id } } } } }"""


def codes(done):
    return [problem["code"] for problem in done["userErrors"]]


REFUSED = [
    ("addEventToCase", {"eventId": id_of("evt", 2)}, "EVENT_IN_CASE"),
    ("addEventToCase", {"eventId": id_of("evt", 9)}, "EVENT_NOT_FOUND"),
    ("addEventToCase", {"eventId": id_of("evt", 3)}, "EVENT_NOT_FOUND"),
    ("removeEventFromCase", {"eventId": id_of("evt", 1), "reason": "x"}, "EVENT_NOT_IN_CASE"),
    ("removeEventFromCase", {"eventId": id_of("evt", 2), "reason": " "}, "REQUIRED"),
    ("transferCase", {"agency": "LV-VP", "reason": "x"}, "SAME_AGENCY"),
    ("transferCase", {"agency": "LV-XX", "reason": "x"}, "UNKNOWN_CODE"),
    ("reopenCase", {"reason": "x"}, "WRONG_CASE_STATUS"),
    ("closeCase", {"reason": "x", "expectedVersion": 1}, "CONFLICT"),
    ("closeCase", {"reason": "x", "caseId": id_of("case", 9)}, "CASE_NOT_FOUND"),
    ("closeCase", {"reason": "x", "caseId": id_of("evt", 9)}, "BAD_ID"),
]


async def test_a_case_goes_from_its_opening_over_another_agency_to_its_end(office):
    now = await office.opened()
    assert (now["version"], now["status"], now["number"]) == (1, "OPENED", "VP-L-2026-000001")
    await office.room.store.put_many([event(1)])
    now = await office.done("addEventToCase", now, {"eventId": id_of("evt", 1)})
    assert now["events"]["nodes"] == [{"id": id_of("evt", 1)}]
    now = await office.done("transferCase", now, {"agency": "LV-PP-RIGA", "reason": "Piekritība"})
    assert (now["status"], now["agency"], now["openedBy"]) == ("TRANSFERRED", {"code": "LV-PP-RIGA"}, {"code": "LV-VP"})
    assert codes(await office.change("closeCase", now, {"reason": "x"})) == ["NOT_YOUR_CASE"]
    riga = replace(office, agency="LV-PP-RIGA")
    now = await riga.done("removeEventFromCase", now, {"eventId": id_of("evt", 1), "reason": "Kļūda"})
    assert now["events"]["nodes"] == []
    now = await riga.done("closeCase", now, {"reason": "Pabeigta"})
    assert (now["status"], now["closedAt"]) == ("CLOSED", "2026-11-23T12:00:00Z")
    refused = await riga.change("addEventToCase", now, {"eventId": id_of("evt", 1)})
    assert codes(refused) == ["WRONG_CASE_STATUS"]
    assert refused["userErrors"][0]["possible"] == ["reopenCase"]
    assert "Iespējams: reopenCase" in refused["userErrors"][0]["messageLv"]
    now = await riga.done("reopenCase", now, {"reason": "Jauni apstākļi"})
    assert (now["status"], now["closedAt"]) == ("REOPENED", None)


async def test_an_event_tells_the_cases_it_is_in_and_a_case_its_decisions(office):
    first, second = await office.opened(), await office.opened(procedure="ADMINISTRATIVE_OFFENCE")
    now = await office.desk.registered()
    await office.done("addEventToCase", first, {"eventId": now["id"]})
    given = {"kind": "CRIMINAL_PROCEEDING_STARTED", "caseId": second["id"]}
    assert codes(await office.desk.change("recordDecision", now, given)) == []
    query = """query ($id: ID!, $event: ID!, $number: String!) {
      case(id: $id) { version decisions { event { id } decision { kind caseNumber } } }
      caseByNumber(number: $number) { id }
      cases(where: {procedure: {eq: CRIMINAL}}, orderBy: [OPENED_AT_DESC]) { totalCount nodes { id } }
      event(id: $event) { case { id } cases { number } } }"""
    found = await office.ask(query, id=second["id"], event=now["id"], number="vp l 2026 000002")
    assert found["case"] == {
        "version": 2,
        "decisions": [
            {
                "event": {"id": now["id"]},
                "decision": {"kind": "CRIMINAL_PROCEEDING_STARTED", "caseNumber": "VP-L-2026-000002"},
            }
        ],
    }
    assert found["caseByNumber"] == {"id": second["id"]}
    assert found["cases"] == {"totalCount": 1, "nodes": [{"id": first["id"]}]}
    assert {case["number"] for case in found["event"]["cases"]} == {"VP-L-2026-000001", "VP-L-2026-000002"}


async def test_a_decision_in_a_case_of_another_agency_needs_the_event_in_it(office):
    riga = replace(office, agency="LV-PP-RIGA", desk=replace(office.desk, agency="LV-PP-RIGA"))
    case, now = await office.opened(), await riga.desk.registered()
    given = {"kind": "VERBAL_WARNING", "caseId": case["id"]}
    assert codes(await riga.desk.change("recordDecision", now, given)) == ["CASE_NOT_FOUND"]
    case = await office.done("addEventToCase", case, {"eventId": now["id"]})
    assert codes(await riga.desk.change("recordDecision", now, given)) == []
    unknown = {**given, "caseId": id_of("case", 9)}
    assert codes(await office.desk.change("recordDecision", now, unknown)) == ["CASE_NOT_FOUND"]
    assert codes(await office.desk.change("recordDecision", now, {**given, "caseNumber": "1"})) == ["CASE_NAMED_TWICE"]
    shared = await office.opened()
    await office.done("transferCase", shared, {"agency": "LV-PROK", "reason": "x"})
    mine = await office.desk.registered()
    stays = await office.desk.change("recordDecision", mine, {**given, "caseId": shared["id"]})
    assert codes(stays) == ["NOT_YOUR_CASE"]


async def test_what_cannot_be_is_refused_and_changes_nothing(office):
    sealed = {"sealed": True, "registered_by": Registrar("LV-PP-RIGA")}
    await office.room.store.put_many([event(1), event(2), event(3, **sealed)])
    now = await office.done("addEventToCase", await office.opened(), {"eventId": id_of("evt", 2)})
    for number, (name, given, code) in enumerate(REFUSED):
        refused = await office.change(name, now, given, key=f"case-00{number:02}")
        assert codes(refused) == [code], (name, given)
        assert all(problem["message"] and problem["messageLv"] for problem in refused["userErrors"])
        assert refused["case"] is None
    assert len(await office.desk.rows("case_change")) == 2
    assert codes(await office.change("closeCase", now, {"reason": "x"}, key="case-0001")) == []  # a refusal uses up no key


async def test_the_same_request_with_the_same_key_writes_once(office):
    given = {"procedure": "CRIMINAL"}
    first = await office.do("openCase", given, key="case-0001")
    assert await office.do("openCase", given, key="case-0001") == first
    assert codes(await office.do("openCase", {"procedure": "OPERATIONAL"}, key="case-0001")) == ["IDEMPOTENCY_KEY_REUSED"]
    closed = await office.change("closeCase", first["case"], {"reason": "x"}, key="case-0002")
    assert await office.change("closeCase", first["case"], {"reason": "x"}, key="case-0002") == closed
    assert [len(await office.desk.rows(table)) for table in ("case_file", "case_change", "case_file_history")] == [1, 2, 1]


async def test_the_time_line_tells_who_did_what_over_agencies_and_nothing_of_hidden_events(office):
    riga = replace(office, agency="LV-PP-RIGA", desk=replace(office.desk, agency="LV-PP-RIGA"))
    case, seen, hidden = await office.opened(), await riga.desk.registered(), await office.desk.registered()
    elsewhere = {"kind": "ADMINISTRATIVE_VIOLATION", "place": {"atvk": "0028000"}}
    assert codes(await office.desk.change("amendEvent", hidden, elsewhere)) == []
    case = await office.done("addEventToCase", case, {"eventId": seen["id"]})
    case = await office.done("addEventToCase", case, {"eventId": hidden["id"]})
    await riga.desk.change("linkPerson", seen, {"role": "WITNESS"})
    case = await office.done("transferCase", case, {"agency": "LV-PP-RIGA", "reason": "Piekritība"})
    whole = (await office.ask(TIMELINE, id=case["id"]))["case"]["timeline"]
    assert whole["totalCount"] == len(whole["nodes"]) == 8
    assert {(entry["operation"], entry["agency"]["code"]) for entry in whole["nodes"]} == {
        ("openCase", "LV-VP"),
        ("registerEvent", "LV-PP-RIGA"),
        ("registerEvent", "LV-VP"),
        ("amendEvent", "LV-VP"),
        ("addEventToCase", "LV-VP"),
        ("linkPerson", "LV-PP-RIGA"),
        ("transferCase", "LV-VP"),
    }
    found = (await riga.ask(TIMELINE, id=case["id"]))["case"]["timeline"]
    assert found["totalCount"] == len(found["nodes"]) == 5
    assert {(entry["operation"], (entry["event"] or {}).get("id")) for entry in found["nodes"]} == {
        ("openCase", None),
        ("registerEvent", seen["id"]),
        ("addEventToCase", seen["id"]),
        ("linkPerson", seen["id"]),
        ("transferCase", None),
    }
    counted = "query ($id: ID!) { case(id: $id) { events { totalCount nodes { id } } } }"
    assert (await riga.ask(counted, id=case["id"]))["case"]["events"] == {"totalCount": 1, "nodes": [{"id": seen["id"]}]}
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await riga.ask(node, id=case["id"])) == {"node": {"id": case["id"]}}
    port = replace(office, agency="LV-OP-RIGA")
    assert (await port.ask("query ($id: ID!) { case(id: $id) { id } }", id=case["id"])) == {"case": None}
