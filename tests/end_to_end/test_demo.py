"""The real demo process, asked by the lines that it prints, as all five agencies."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
from contextlib import closing
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import pytest

AGENCIES = ("LV-PROK", "LV-VP", "LV-PP-RIGA", "LV-OP-RIGA", "LV-STAT")
LINKED = AGENCIES[:4]
ALERT_KIND = ["vehicleByPlate", "alerts", "kind"]
DOCUMENT_NUMBER = ["vehicleByPlate", "involvements", "nodes", "event", "persons", "person", "documents", "number"]


def run(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(line, shell=True, capture_output=True, text=True, timeout=60, check=False)


@lru_cache
def curled(line: str) -> dict[str, Any]:
    assert shutil.which("curl"), "the demo prints curl lines: this test needs curl"
    done = run(line)
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def answer_of(demo: Any, agency: str) -> dict[str, Any]:
    return curled(demo.agencies[agency].curl)


def withheld(answer: dict[str, Any]) -> list[list[str]]:
    return [entry["path"] for entry in answer["extensions"]["withheld"]]


def vehicle(answer: dict[str, Any]) -> dict[str, Any]:
    found = answer["data"]["vehicleByPlate"]
    assert isinstance(found, dict)
    return found


def events(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [node["event"] for node in vehicle(answer)["involvements"]["nodes"]]


def persons(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["person"] for event in events(answer) for entry in event["persons"]]


def documents(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [document for person in persons(answer) for document in person["documents"]]


def token_of(demo: Any, agency: str) -> str:
    return re.search(r"Authorization: Bearer [^']+", demo.agencies[agency].curl).group().partition(": ")[2]


def body_of(demo: Any, agency: str) -> dict[str, Any]:
    return json.loads(shlex.split(demo.agencies[agency].curl)[-1])


def test_it_prints_the_address_and_two_lines_for_each_of_five_agencies(demo):
    assert tuple(demo.agencies) == AGENCIES
    assert demo.printed.startswith(f"The graph is at {demo.url} ")


@pytest.mark.parametrize("agency", AGENCIES)
def test_the_printed_query_line_gives_the_data_that_the_curl_line_gives(demo, agency):
    done = run(demo.agencies[agency].query)
    assert done.returncode == 0, done.stderr
    answer = answer_of(demo, agency)
    assert json.loads(done.stdout) == answer["data"]
    assert re.search(r"^recorded as aud_[0-9a-f]+$", done.stderr, re.MULTILINE)
    assert [line.split()[1].rstrip(":").split(".") for line in done.stderr.splitlines() if line.startswith("withheld ")] == (
        withheld(answer)
    )


def test_the_prosecutor_sees_everything(demo):
    answer = answer_of(demo, "LV-PROK")
    assert "errors" not in answer
    assert withheld(answer) == []
    assert answer["extensions"]["purpose"] == "CRIMINAL_PROCEEDING"
    assert {alert["kind"] for alert in vehicle(answer)["alerts"]} == {"STOLEN"}
    for person in [*persons(answer), *(holder["person"] for holder in vehicle(answer)["holders"])]:
        assert person["familyName"]
        assert re.fullmatch(r"3[01]99\d\d-\d{5}", person["personalCode"])
    assert documents(answer)
    assert all(re.fullmatch(r"Q[A-Z]\d+", document["number"]) for document in documents(answer))


def test_the_state_police_is_denied_the_kind_of_alerts_for_this_purpose(demo):
    answer, full = answer_of(demo, "LV-VP"), answer_of(demo, "LV-PROK")
    assert withheld(answer) == [ALERT_KIND]
    assert vehicle(answer)["alerts"] == [{"kind": None} for _ in vehicle(full)["alerts"]]
    assert events(answer) == events(full)
    assert vehicle(answer)["holders"] == vehicle(full)["holders"]


def test_the_municipal_police_is_denied_the_numbers_of_documents(demo):
    answer, full = answer_of(demo, "LV-PP-RIGA"), answer_of(demo, "LV-PROK")
    assert withheld(answer) == [ALERT_KIND, DOCUMENT_NUMBER]
    assert documents(answer)
    assert {document["number"] for document in documents(answer)} == {None}
    assert [{**document, "number": None} for document in documents(full)] == documents(answer)


def test_the_port_police_sees_events_of_the_port_only_and_the_last_four_of_personal_codes(demo):
    answer, full = answer_of(demo, "LV-OP-RIGA"), answer_of(demo, "LV-PROK")
    seen = {event["registrationNumber"] for event in events(answer)}
    assert seen
    assert seen < {event["registrationNumber"] for event in events(full)}
    whole = {code[-4:] for code in (person["personalCode"] for person in persons(full))}
    codes = [person["personalCode"] for person in persons(answer)]
    assert codes
    assert all(re.fullmatch(r"\*{8}\d{4}", code) and code[-4:] in whole for code in codes)
    assert DOCUMENT_NUMBER in withheld(answer)


def test_the_port_polices_events_are_those_that_the_register_has_in_its_zone(demo):
    register = sqlite3.connect(f"file:{quote(str(demo.data))}/registers/events.sqlite3?mode=ro", uri=True)
    with closing(register):
        zones = dict(register.execute("SELECT number, zone FROM event").fetchall())
    seen = {event["registrationNumber"] for event in events(answer_of(demo, "LV-OP-RIGA"))}
    every = {event["registrationNumber"] for event in events(answer_of(demo, "LV-PROK"))}
    assert seen == {number for number in every if zones[number.replace("-", "")] == "PORT-RIGA"}


def test_the_municipal_police_finds_events_of_its_territory_only(demo, ask):
    body = {"query": "{ events(first: 50) { totalCount nodes { place { atvk } } } }"}
    counts = []
    for agency in ("LV-PP-RIGA", "LV-PROK"):
        status, answer = ask(demo.url, body, {"Authorization": token_of(demo, agency)})
        assert status == 200, answer
        found = json.loads(answer)["data"]["events"]
        counts.append(found["totalCount"])
        if agency == "LV-PP-RIGA":
            assert {node["place"]["atvk"][:4] for node in found["nodes"]} == {"0001"}
    assert 0 < counts[0] < counts[1]


def test_the_statistics_office_counts_and_learns_no_person(demo):
    answer = answer_of(demo, "LV-STAT")
    counted = answer["data"]["events"]
    assert counted["totalCount"] > 100
    assert {node["kind"] for node in counted["nodes"]} == {"CRIMINAL_OFFENCE"}
    assert set(counted["nodes"][0]) == {"kind", "category", "status", "occurred", "place"}
    assert "person" not in json.dumps(answer["data"]).lower()


@pytest.mark.parametrize("agency", LINKED)
def test_the_statistics_office_has_no_vehicle_to_ask_for(demo, ask, agency):
    status, answer = ask(demo.url, body_of(demo, agency), {"Authorization": token_of(demo, "LV-STAT")})
    refused = json.loads(answer)
    assert status in {200, 400}
    assert refused.get("data") is None
    assert "vehicleByPlate" in refused["errors"][0]["message"]
    assert "STOLEN" not in answer.decode()


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}])
def test_without_a_valid_token_there_is_a_401_and_nothing_else(demo, ask, header):
    status, answer = ask(demo.url, body_of(demo, "LV-PROK"), header)
    assert status == 401
    refused = json.loads(answer)
    assert set(refused) <= {"errors", "data", "extensions"}
    assert refused.get("data") is None
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["UNAUTHENTICATED"]


def test_every_answer_is_in_the_audit_log_and_the_log_is_whole(demo, saite):
    answers = [answer_of(demo, agency) for agency in AGENCIES]
    tail = saite("audit", "tail", "-n", "500", "--format", "json", "--data", demo.data)
    recorded = {record["id"]: record["entry"] for record in json.loads(tail.stdout)}
    for agency, answer in zip(AGENCIES, answers, strict=True):
        entry = recorded[answer["extensions"]["audit"]["recordId"]]
        assert (entry["agency"], entry["purpose"]) == (agency, answer["extensions"]["purpose"])
        assert len(entry["withheld"]) == len(withheld(answer))
        assert {each["field"].split(".")[1] for each in entry["withheld"]} == {path[-1] for path in withheld(answer)}
    verified = saite("audit", "verify", "--data", demo.data)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "whole" in verified.stdout


def test_what_was_recorded_is_shown_by_the_printed_line(demo):
    answer_of(demo, "LV-PROK")
    line = next(line for line in demo.printed.splitlines() if " audit tail " in line)
    done = run(line)
    assert done.returncode == 0, done.stderr
    assert "LV-PROK" in done.stdout


def test_ctrl_c_ends_it_with_exit_code_0(demo):
    assert demo.first_exit == 0
    assert "Traceback" not in demo.first_complained


def test_a_second_start_goes_on_with_the_same_data(demo):
    assert "Invented" in demo.first_complained
    assert demo.plate(demo.first_printed) == demo.plate(demo.printed)
    assert vehicle(answer_of(demo, "LV-PROK"))["plate"] == demo.plate(demo.printed)


def assert_one_clear_line(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_a_busy_port_gets_one_clear_line(saite, tmp_path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = saite("demo", "--port", str(port), "--data", tmp_path / "data")
    assert_one_clear_line(done)
    assert str(port) in done.stderr


def test_a_folder_that_cannot_be_one_gets_one_clear_line(saite, tmp_path):
    (tmp_path / "data").write_text("a file")
    done = saite("demo", "--port", "0", "--data", tmp_path / "data")
    assert_one_clear_line(done)
    assert str(tmp_path / "data") in done.stderr


def test_a_second_demo_on_the_same_folder_gets_one_clear_line(demo, saite):
    done = saite("demo", "--port", "0", "--data", demo.data)
    assert_one_clear_line(done)
    assert str(demo.data) in done.stderr
