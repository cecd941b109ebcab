"""Reports: who looked at me, what a user did, what looks like misuse; told in both languages, harmless in every form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from authz.audit import AuditEntry, AuditLog, Operation, VariableSeal
from authz.audit.errors import UnreadableRules
from authz.audit.report import (
    MisuseRules,
    Relation,
    Subject,
    as_csv,
    as_html,
    misuse_report,
    person_report,
    read_relations,
    rules,
    user_report,
)
from kernel.clock import FixedClock

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # eleven o'clock in Riga
ANNA, BERTS = "per_" + "a" * 32, "per_" + "b" * 32
SEAL = VariableSeal(b"k" * 32)
RULES = MisuseRules.read()


@pytest.fixture
def write(path, entry: Callable[..., AuditEntry]):
    """Writes one record at a time, so many minutes after MONDAY."""

    def record(minutes: float = 0, persons: tuple[str, ...] = (), **more) -> None:
        log = AuditLog.open(path, FixedClock(MONDAY + timedelta(minutes=minutes)))
        given = {"purpose": "EVENT_RESPONSE", "entities": {"Person": persons} if persons else {}} | more
        log.append_blocking(entry(f"req-{minutes}", **given))
        log.close()

    return record


def signs(path, **options):
    found = misuse_report(path, RULES, MONDAY + timedelta(days=60), **options)
    return [(row[1], row[2], row[4]) for row in found.sections[0].rows]


def of_person(path, **options):
    subject = Subject("Anna", frozenset({ANNA}), SEAL.value("309912-12345"))
    return person_report(path, subject, RULES, MONDAY + timedelta(days=1), **options)


def test_a_person_learns_which_agencies_looked_when_and_why_in_their_language(path, write):
    write(0, (ANNA, BERTS), resources=frozenset({"Person.surname", "Vehicle.plate"}))
    write(5, (BERTS,))
    report = of_person(path)
    row = (
        "2026-11-23 11:00:00",
        "aplūkošana",
        "LV-PROK",
        "reaģēšana uz notikumu",
        "personas dati, transportlīdzeklis",
        "atrasts",
    )
    assert report.sections[0].rows == (row,)
    assert report.title == "Kas ir skatījis manus datus"
    assert of_person(path, language="en").sections[0].rows[0][3] == "response to an event"


def test_a_search_by_the_personal_code_is_found_though_the_log_does_not_hold_the_code(path, write):
    sealed = SEAL.seal({"code": "309912 12345"})
    write(0, operation=Operation("Look", "00", sealed.whole, sealed.values))
    assert [row[5] for row in of_person(path, language="en").sections[0].rows] == ["searched by personal code"]
    assert b"309912" not in path.read_bytes()


def test_what_the_law_restricts_telling_and_who_it_was_stand_only_in_the_inspectors_report(path, write):
    write(0, (ANNA,), purpose="OPERATIONAL_ACTIVITY", case_ref="11-00001")
    write(1, (ANNA,))
    told, full = of_person(path, language="en"), of_person(path, language="en", full=True)
    assert [row[3] for row in told.sections[0].rows] == ["response to an event"]
    assert not any("anna" in str(cell) or "11-00001" in str(cell) for row in told.sections[0].rows for cell in row)
    assert [row[3] for row in full.sections[0].rows] == ["operational activity", "response to an event"]
    assert full.sections[0].rows[0][6:8] == ("anna", "11-00001")
    assert "Art. 15" in told.note
    assert "Not to be handed out" in full.note


def test_records_that_only_hold_a_similar_text_and_older_ones_are_left_out(path, write):
    write(0, (ANNA,))
    write(1, user=ANNA)  # a user who calls themselves like that
    write(2, (ANNA,))
    assert len(of_person(path).sections[0].rows) == 2
    assert len(of_person(path, since=MONDAY + timedelta(minutes=1)).sections[0].rows) == 1


def test_a_users_report_counts_and_lists(path, write):
    write(0, (ANNA, BERTS), case_ref="1")
    write(1, kind="denial", status="denied", error_code="PURPOSE_REQUIRED")
    write(2, (BERTS,), user="berts")
    report = user_report(path, "anna", MONDAY)
    assert dict(report.facts)["different persons"] == "2"
    assert (dict(report.facts)["requests"], dict(report.facts)["refusals"]) == ("2", "1")
    assert [row[5] for row in report.sections[0].rows] == ["given", "refused (PURPOSE_REQUIRED)"]
    assert user_report(path, "anna", MONDAY, agency="LV-OTHER").sections[0].rows == ()


def test_an_honest_day_shows_no_sign(path, write):
    for number in range(10):
        write(number * 20, (f"per_{number:032x}",), case_ref=f"11-{number:05}", purpose="CRIMINAL_PROCEEDING")
    write(300, kind="denial", status="denied")
    write(60 * 14, (ANNA,))  # at night, on duty
    assert signs(path) == []


def test_look_ups_without_a_case_are_a_sign(path, write):
    write(0, (ANNA,), purpose="CRIMINAL_PROCEEDING")
    assert signs(path) == [("anna", "Persons looked up without a case", 1)]


@pytest.mark.parametrize(
    ("minutes", "is_sign"), [(0, False), (60 * 10, True), (-60 * 5, True), (-60 * 24, True), (60 * 8, False)]
)
def test_look_ups_out_of_hours_are_a_sign_by_the_clock_of_riga(path, write, minutes, is_sign):
    write(minutes, (ANNA,), purpose="IDENTITY_CHECK")
    assert signs(path) == ([("anna", "Look-ups out of hours", 1)] if is_sign else [])


def test_ones_own_relatives_are_a_sign_for_oneself_alone(path, write, tmp_path):
    write(0, (ANNA,))
    write(1, (ANNA,), user="berts")
    table = tmp_path / "relations.csv"
    table.write_text("agency,user,person,relation\nLV-PROK,anna," + ANNA + ",self\n", encoding="utf-8")
    relations = read_relations(table)
    assert relations == (Relation("LV-PROK", "anna", ANNA, "self"),)
    assert signs(path, relations=relations) == [("anna", "Own record or own relatives looked up", 1)]


def test_repeated_refusals_within_an_hour_are_one_sign(path, write):
    for minutes in (0, 5, 10, 15, 20, 25, 200):
        write(minutes, kind="denial", status="denied", error_code="UNAUTHORIZED_FIELD_OR_TYPE")
    assert signs(path) == [("anna", "Repeated refusals", 6)]


def test_refusals_spread_over_the_day_are_no_sign(path, write):
    for hours in range(8):
        write(hours * 60, kind="denial", status="denied")
    assert signs(path) == []


def test_browsing_through_many_persons_is_a_sign_and_one_long_list_of_the_same_is_not(path, write):
    for number in range(10):
        write(number, tuple(f"per_{number * 5 + one:032x}" for one in range(5)))
    assert signs(path) == [("anna", "Many different persons in a short time", 50)]
    for number in range(30):
        write(500 + number, (ANNA, BERTS), user="berts", case_ref="11-1")
    assert {row[0] for row in signs(path)} == {"anna"}


def test_one_person_again_and_again_without_a_common_case_is_a_sign(path, write):
    for day in (0, 1, 2, 3, 4, 7):
        write(day * 24 * 60, (ANNA,))
        write(day * 24 * 60, (BERTS,), case_ref="11-00001")
    assert signs(path) == [("anna", "One person looked up again and again", 6)]


def test_every_emergency_is_told(path, write):
    write(0, (ANNA,), emergency="emg_1")
    write(1, (BERTS,), emergency="emg_1")
    assert signs(path) == [("anna", "Emergency access", 2)]


def test_every_rule_is_explained_in_both_languages_and_the_heaviest_user_comes_first(path, write):
    write(0, (ANNA,), user="light", purpose="IDENTITY_CHECK", case_ref="1")
    write(600, (ANNA,), user="light", purpose="IDENTITY_CHECK", case_ref="1")
    write(0, (ANNA,), user="heavy", purpose="CRIMINAL_PROCEEDING")
    report = misuse_report(path, RULES, MONDAY, language="lv")
    assert [row[1] for row in report.sections[1].rows] == ["heavy", "light"]
    assert len(report.sections[2].rows) == len(RULES.rules)
    assert "nav pierādījums" in report.note


@pytest.mark.parametrize(
    "text",
    ["", "version: 2\nrules: []", "version: 1\nrules: [{id: a}]", "version: 1\nrules: []\nmore: 1", ":", "\x00"],
)
def test_rules_that_cannot_be_used_are_refused(tmp_path, text):
    (tmp_path / "rules.yaml").write_text(text)
    with pytest.raises(UnreadableRules):
        MisuseRules.read(tmp_path / "rules.yaml")


@pytest.mark.parametrize(
    "change", [("within: 1h", "within: soon"), ('from: "07:00"', 'from: "7 am"'), ("check: related", "check: guess")]
)
def test_a_number_in_a_rule_that_cannot_be_read_is_named(tmp_path, change):
    text = tmp_path / "rules.yaml"
    text.write_text(Path(rules.__file__).with_name("misuse.yaml").read_text(encoding="utf-8").replace(*change))
    with pytest.raises(UnreadableRules):
        MisuseRules.read(text)


def test_relations_that_are_no_table_are_refused(tmp_path):
    (tmp_path / "short.csv").write_text("agency,user,person,relation\nLV-VP,anna\n")
    (tmp_path / "other.csv").write_text("user;person\nanna;per_1\n")
    for name in ("short.csv", "other.csv", "none.csv"):
        with pytest.raises(UnreadableRules):
            read_relations(tmp_path / name)


class Page(HTMLParser):
    """Which tags and attributes a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_the_page_needs_nothing_from_anywhere_runs_nothing_and_prints(path, write):
    write(0, (ANNA,), user="<script>alert(1)</script>", case_ref='"><img src=x onerror=alert(1)>', purpose="IDENTITY_CHECK")
    page = as_html(of_person(path, full=True))
    found = Page()
    found.feed(page)
    assert "script" not in found.tags
    assert not {"src", "href", "onerror"} & set(found.attributes)
    assert "http" not in page.replace("http-equiv", "")
    assert all(part in page for part in ("@media print", "@page{size:A4", 'lang="lv"', "default-src 'none'"))
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_of_a_spreadsheet_is_a_formula(path, write, evil):
    write(0, (ANNA,), user=evil, purpose="IDENTITY_CHECK")
    text = as_csv(of_person(path, full=True))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[1][6] == f"'{evil}"
    assert text.startswith("\ufeff")
