"""Registration asked of the room, over its own store."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from subgraphs.events.model import Registrar
from subgraphs.events.registration import writing
from subgraphs.events.registration.transitions import Action
from subgraphs.room.enumerations import Classification
from tests.subgraphs.conftest import NOW
from tests.subgraphs.events.registration.conftest import NEW
from tests.subgraphs.samples import event, id_of


def codes(done):
    return [problem["code"] for problem in done["userErrors"]]


async def test_an_event_goes_from_registration_to_its_end(desk):
    now = await desk.registered()
    assert (now["version"], now["status"], now["registrationNumber"]) == (1, "REGISTERED", "PP-RIGA-2026-000001")
    assert now["territoryOwner"] == {"code": "LV-PP-RIGA"}
    for name, given, status in [
        ("assign", {"unit": "Patruļa", "official": "A. Ozols"}, "ASSIGNED"),
        ("dispatch", {"crew": "R-12"}, "RESPONDING"),
        ("recordArrival", {"crew": "R-12"}, "ON_SCENE"),
        ("linkPerson", {"role": "WITNESS", "observedAge": 40}, "ON_SCENE"),
        ("linkVehicle", {"role": "SEEN", "observedPlate": "QA-1"}, "ON_SCENE"),
        ("linkDocument", {"role": "PRESENTED", "documentId": id_of("doc", 1)}, "ON_SCENE"),
        ("linkItem", {"kind": "PHONE", "role": "FOUND", "valueEur": "10.50"}, "ON_SCENE"),
        ("amendEvent", {"summary": "Troksnis", "subkind": "NOISE"}, "ON_SCENE"),
        ("recordDecision", {"kind": "DEPARTMENTAL_EXAMINATION"}, "UNDER_REVIEW"),
        ("recordDecision", {"kind": "VERBAL_WARNING", "caseNumber": "AP-26-00001"}, "DECIDED"),
        ("close", {}, "CLOSED"),
        ("reopen", {"reason": "Jauni apstākļi"}, "REOPENED"),
        ("annul", {"reason": "Reģistrēts divreiz"}, "ANNULLED"),
    ]:
        done = await desk.change(name, now, given)
        assert done["userErrors"] == [], name
        assert done["version"] == done["event"]["version"] == now["version"] + 1
        assert done["event"]["status"] == status
        now = done["event"]
    refused = await desk.change("assign", now, {"unit": "x"})
    assert codes(refused) == ["WRONG_STATUS"]
    assert refused["userErrors"][0]["possible"] == []


async def test_a_wrong_transition_says_what_is_possible_in_two_languages(desk):
    now = await desk.registered()
    refused = await desk.change("recordArrival", now, {"crew": "R-1"})
    (problem,) = refused["userErrors"]
    assert (problem["code"], problem["path"]) == ("WRONG_STATUS", ["input", "eventId"])
    assert "dispatch" in problem["possible"]
    assert "recordArrival" not in problem["possible"]
    assert "Possible: amendEvent" in problem["message"]
    assert "Iespējams: amendEvent" in problem["messageLv"]
    assert refused["event"] is None


async def test_everything_that_is_wrong_is_told_at_once_with_its_path(desk):
    wrong = {
        **NEW,
        "unit": " ",
        "place": {"atvk": "28000", "lat": 99, "lon": 24},
        "category": "A",
        "subkind": "NO_SUCH",
        "occurredFrom": "2026-11-23T11:00:00Z",
        "occurredTo": "2026-11-23T10:00:00Z",
        "submission": {**NEW["submission"], "receivedAt": "2027-01-01T00:00:00Z", "submitterId": "veh_1"},
        "qualification": [{"law": "KL", "article": ""}],
    }
    done = await desk.do("registerEvent", wrong, key="short")
    assert {(".".join(problem["path"]), problem["code"]) for problem in done["userErrors"]} == {
        ("input.idempotencyKey", "BAD_IDEMPOTENCY_KEY"),
        ("input.unit", "REQUIRED"),
        ("input.place.atvk", "BAD_ATVK"),
        ("input.place.lat", "OUT_OF_RANGE"),
        ("input.category", "CATEGORY_NOT_YOURS"),
        ("input.subkind", "UNKNOWN_CODE"),
        ("input.occurredTo", "BEFORE"),
        ("input.submission.receivedAt", "IN_FUTURE"),
        ("input.submission.submitterId", "BAD_ID"),
        ("input.qualification.0.article", "REQUIRED"),
    }
    assert all(problem["message"] and problem["messageLv"] for problem in done["userErrors"])
    assert await desk.rows("event") == []


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("amendEvent", {}, "NOTHING_TO_CHANGE"),
        ("amendEvent", {"kind": None}, "REQUIRED"),
        ("amendEvent", {"responseExcluded": "PHONE_RESOLVED"}, "NOTHING_TO_CHANGE"),
        ("linkPerson", {"role": "WITNESS", "observedAge": 200}, "OUT_OF_RANGE"),
        ("linkVehicle", {"role": "SEEN"}, "NAMES_NOBODY"),
        ("linkDocument", {"role": "SEIZED"}, "NAMES_NOBODY"),
        ("linkItem", {"kind": "KEY", "role": "FOUND", "quantity": 0}, "OUT_OF_RANGE"),
        ("linkItem", {"kind": "KEY", "role": "FOUND", "valueEur": "-1"}, "OUT_OF_RANGE"),
        ("recordDecision", {"kind": "TRANSFERRED_TO_AGENCY"}, "USE_TRANSFER"),
        ("recordDecision", {"kind": "NO_ACTION", "decidedOn": "2026-12-01"}, "IN_FUTURE"),
        ("close", {"unfounded": True}, "REQUIRED"),
        ("transferToAgency", {"agency": "LV-XX", "reason": "x"}, "UNKNOWN_CODE"),
        ("transferToAgency", {"agency": "LV-PP-RIGA", "reason": "x"}, "SAME_AGENCY"),
        ("dispatch", {"crew": "R-1", "dispatchedAt": "2026-11-23T13:00:00Z"}, "IN_FUTURE"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(desk, name, given, code):
    now = await desk.registered()
    assert codes(await desk.change(name, now, given)) == [code]
    assert len(await desk.rows("event_change")) == 1


async def test_a_crew_arrives_that_was_sent_and_not_before(desk):
    now = (await desk.change("dispatch", await desk.registered(), {"crew": "R-1"}))["event"]
    assert codes(await desk.change("recordArrival", now, {"crew": "R-2"})) == ["NOT_DISPATCHED"]
    early = {"crew": "R-1", "arrivedAt": "2026-11-23T11:00:00Z"}
    assert codes(await desk.change("recordArrival", now, early)) == ["BEFORE"]


async def test_a_change_that_was_decided_on_an_older_version_is_told_the_current_one(desk):
    first = await desk.registered()
    await desk.change("assign", first, {"unit": "A"})
    (problem,) = (await desk.change("assign", first, {"unit": "B"}))["userErrors"]
    assert (problem["code"], problem["path"], problem["currentVersion"]) == ("CONFLICT", ["input", "expectedVersion"], 2)


async def test_of_two_who_change_at_once_one_is_told_of_the_conflict(desk):
    first = await desk.registered()
    both = await asyncio.gather(*(desk.change("assign", first, {"unit": unit}) for unit in "AB"))
    assert sorted(codes(done) for done in both) == [[], ["CONFLICT"]]


async def test_the_same_request_with_the_same_key_gives_the_same_answer_and_writes_once(desk):
    first = await desk.do("registerEvent", NEW, key="journal-0001")
    assert await desk.do("registerEvent", NEW, key="journal-0001") == first
    given = {"crew": "R-1"}
    sent = await desk.change("dispatch", first["event"], given, key="journal-0002")
    assert await desk.change("dispatch", first["event"], given, key="journal-0002") == sent
    assert [len(await desk.rows(table)) for table in ("event", "event_change", "idempotency_key")] == [1, 2, 2]
    assert len(await desk.room.store.after(0, 10)) == 2


async def test_many_at_once_with_one_key_register_one_event(desk):
    answers = await asyncio.gather(*(desk.do("registerEvent", NEW, key="journal-0001") for _ in range(8)))
    assert len({json.dumps(answer) for answer in answers}) == 1
    assert len(await desk.rows("event")) == 1


async def test_a_key_for_another_request_is_refused_and_another_agency_has_keys_of_its_own(desk):
    await desk.do("registerEvent", NEW, key="journal-0001")
    assert codes(await desk.do("registerEvent", {**NEW, "unit": "cita"}, key="journal-0001")) == ["IDEMPOTENCY_KEY_REUSED"]
    port = replace(desk, agency="LV-OP-RIGA")
    done = await port.do("registerEvent", NEW, key="journal-0001")
    assert done["event"]["registrationNumber"] == "OP-RIGA-2026-000001"


async def test_a_refused_change_uses_up_no_key(desk):
    now = await desk.registered()
    assert codes(await desk.change("close", now, key="journal-0009")) == ["WRONG_STATUS"]
    assert codes(await desk.change("annul", now, {"reason": "x"}, key="journal-0009")) == []


async def test_numbers_have_no_gaps_though_registrations_fail(desk, monkeypatch):
    await desk.registered()
    note = writing.mark_of

    def broken(*arguments):
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(writing, "mark_of", broken)
    document = "mutation ($input: RegisterEventInput!) { registerEvent(input: $input) { version } }"
    given = {"input": {**NEW, "idempotencyKey": "journal-0007"}}
    failed = await desk.room.ask(document, given, agency=desk.agency, purpose=desk.purpose)
    assert failed.json["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"
    monkeypatch.setattr(writing, "mark_of", note)
    assert [len(await desk.rows(table)) for table in ("event", "event_change", "idempotency_key")] == [1] * 3
    again = await desk.do("registerEvent", NEW, key="journal-0007")
    assert again["event"]["registrationNumber"] == "PP-RIGA-2026-000002"


async def test_an_event_of_another_agency_is_read_and_not_changed(desk):
    police = {"territory_owner": "LV-VP", "registered_by": Registrar("LV-VP")}
    await desk.room.store.put_many([event(1, **police), event(2, **police, place=None), event(3, sealed=True)])
    theirs, hidden, sealed = ({"id": id_of("evt", n), "version": 1} for n in (1, 2, 3))
    assert codes(await desk.change("assign", theirs, {"unit": "A"})) == ["NOT_YOUR_EVENT"]
    unknown = await desk.change("assign", {"id": id_of("evt", 9), "version": 1}, {"unit": "A"})
    assert codes(unknown) == ["EVENT_NOT_FOUND"]
    assert await desk.change("assign", hidden, {"unit": "A"}, key="k-0000001") == unknown
    assert await desk.change("assign", sealed, {"unit": "A"}, key="k-0000002") == unknown


async def test_after_a_transfer_the_other_agency_goes_on_and_the_first_does_not(desk):
    now = await desk.registered()
    given = await desk.change("transferToAgency", now, {"agency": "LV-VP", "reason": "Noziegums"})
    assert given["event"]["status"] == "TRANSFERRED"
    assert codes(await desk.change("assign", given["event"], {"unit": "A"})) == ["NOT_YOUR_EVENT"]
    police = replace(desk, agency="LV-VP")
    assert (await police.change("assign", given["event"], {"unit": "A"}))["event"]["status"] == "ASSIGNED"


async def test_what_a_purpose_is_not_granted_is_unknown_to_the_room(desk):
    document = "mutation ($input: ReasonInput!) { annul(input: $input) { version } }"
    given = {"idempotencyKey": "journal-0001", "eventId": id_of("evt", 1), "expectedVersion": 1, "reason": "x"}
    for agency, purpose in (("LV-PP-RIGA", "IDENTITY_CHECK"), ("LV-PROK", "CRIMINAL_PROCEEDING"), ("LV-STAT", "STATISTICS")):
        refused = await desk.room.ask(document, {"input": given}, agency=agency, purpose=purpose)
        assert "data" not in refused.json, agency
        assert refused.json["errors"]


async def test_the_history_tells_who_did_what_when_and_why_and_the_event_before_and_after(desk):
    now = await desk.registered(summary="Pirmā ziņa")
    now = (await desk.change("linkPerson", now, {"role": "WITNESS"}))["event"]
    now = (await desk.change("amendEvent", now, {"summary": "Otrā ziņa"}))["event"]
    await desk.change("annul", now, {"reason": "Kļūda"})
    text = """query ($id: ID!) { event(id: $id) { changes {
        version at fields operation agency { code } official purpose reason
        before { version status summary persons { role } changes { version } }
        after { status summary persons { role } } } } }"""
    answer = await desk.room.ask(text, {"id": now["id"]}, agency="LV-PP-RIGA", purpose="EVENT_RESPONSE")
    found = answer.data["event"]["changes"]
    assert [(one["version"], one["operation"], one["reason"]) for one in found] == [
        (1, "registerEvent", None),
        (2, "linkPerson", None),
        (3, "amendEvent", None),
        (4, "annul", "Kļūda"),
    ]
    who = {(one["agency"]["code"], one["official"], one["purpose"], one["at"]) for one in found}
    assert who == {("LV-PP-RIGA", "user", "EVENT_RESPONSE", NOW.isoformat().replace("+00:00", "Z"))}
    assert found[0]["before"] is None
    amended = found[2]
    assert amended["fields"] == ["summary"]
    assert amended["before"] == {
        "version": 2,
        "status": "REGISTERED",
        "summary": "Pirmā ziņa",
        "persons": [{"role": "WITNESS"}],
        "changes": None,
    }
    assert (amended["after"]["summary"], found[0]["after"]["persons"]) == ("Otrā ziņa", [])


async def test_an_earlier_version_that_the_row_rules_hide_is_not_shown(desk):
    await desk.room.store.put_many([event(1, classification=Classification.OPERATIONAL)])
    await desk.room.store.put_many([event(1)])
    text = "query ($id: ID!) { event(id: $id) { changes { version operation before { version } after { version } } } }"
    answer = await desk.room.ask(text, {"id": id_of("evt", 1)}, agency="LV-PP-RIGA", purpose="EVENT_RESPONSE")
    assert answer.data["event"]["changes"] == [
        {"version": 1, "operation": None, "before": None, "after": None},
        {"version": 2, "operation": None, "before": None, "after": {"version": 2}},
    ]


async def test_each_change_waits_in_the_outbox_under_the_name_of_what_was_done(desk):
    now = await desk.registered(summary="Slepens")
    await desk.change("dispatch", now, {"crew": "R-1"})
    told = await desk.room.store.after(0, 10)
    assert [(each.room, each.id, each.version, each.kind) for each in told] == [
        ("events", now["id"], 1, "registered"),
        ("events", now["id"], 2, "dispatched"),
    ]


def test_the_outbox_has_a_name_for_what_each_mutation_does():
    assert {"registerEvent", *(action.value.partition(" ")[0] for action in Action)} - {"link…"} <= writing.KINDS.keys()


async def test_the_state_police_has_a_clock_that_runs_from_receipt_to_arrival(desk):
    police = replace(desk, agency="LV-VP")
    now = await police.registered(category="A", receivedInUnitAt="2026-11-23T11:45:00Z")
    late = {"crew": "V-1", "dispatchedAt": "2026-11-23T11:40:00Z"}
    assert codes(await police.change("dispatch", now, late)) == ["BEFORE"]
    now = (await police.change("dispatch", now, {"crew": "V-1", "dispatchedAt": "2026-11-23T11:46:00Z"}))["event"]
    now = (await police.change("amendEvent", now, {"category": "D"}))["event"]
    now = (await police.change("recordArrival", now, {"crew": "V-1"}))["event"]
    text = "query ($id: ID!) { event(id: $id) { category response { dueAt minutesToArrival onTime isBreached } } }"
    shown = await desk.room.ask(text, {"id": now["id"]}, agency="LV-VP", purpose="EVENT_RESPONSE")
    assert shown.data["event"] == {
        "category": "D",
        "response": {"dueAt": "2026-11-23T12:00:00Z", "minutesToArrival": 15, "onTime": True, "isBreached": False},
    }


async def test_two_changes_of_one_request_run_in_order_and_show_what_each_left(desk):
    now = await desk.registered()
    text = """mutation ($a: LinkPersonInput!, $b: LinkPersonInput!) {
      a: linkPerson(input: $a) { event { version persons { role } } userErrors { code } }
      b: linkPerson(input: $b) { event { version persons { role } } userErrors { code } } }"""
    part = {"eventId": now["id"], "role": "WITNESS"}
    given = {
        "a": {**part, "expectedVersion": 1, "idempotencyKey": "journal-0001"},
        "b": {**part, "role": "VICTIM", "expectedVersion": 2, "idempotencyKey": "journal-0002"},
    }
    answer = (await desk.room.ask(text, given, agency=desk.agency, purpose=desk.purpose)).data
    assert answer["a"] == {"event": {"version": 2, "persons": [{"role": "WITNESS"}]}, "userErrors": []}
    assert answer["b"] == {
        "event": {"version": 3, "persons": [{"role": "WITNESS"}, {"role": "VICTIM"}]},
        "userErrors": [],
    }
