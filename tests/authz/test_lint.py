from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from authz.catalogue import catalogue_of
from authz.document import Finding
from authz.lint import findings_of, lint
from tests.authz.small_world import CONTRACT, SCHEMA, contract_of

DAYS = ("2026-07-01", "2026-07-02", "2027-01-01")


def findings(old: str, new: str) -> list[Finding]:
    assert old in CONTRACT
    return list(findings_of(contract_of(CONTRACT.replace(old, new)), catalogue_of(SCHEMA)))


def errors(old: str, new: str) -> list[str]:
    return [finding.message for finding in findings(old, new) if finding.level == "error"]


def test_a_good_contract_has_no_errors_and_no_warnings() -> None:
    assert {finding.level for finding in findings("LV-IC", "LV-IC")} <= {"note"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: C-1", 'id: "C,1"', "has other than letters"),
        ("purposes: [STATISTICS]", "purposes: [STATISTIC]", "no purpose `STATISTIC`"),
        ("purposes: [STATISTICS]", "purposes: []", "no `purposes`"),
        ('"@person-basic"', '"@person"', "no bundle `person`"),
        ("Person.phone]", "phone]", "`phone` is no field"),
        ("Person.phone]", "Person.Familyname]", "told apart by case"),
        ("2027-01-01T00:00:00Z", "2029-01-01T00:00:00Z", "at most two years"),
        ("2027-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "not later than"),
        ('case_ref_pattern: "\\\\d{2}-\\\\d{5}"', 'case_ref_pattern: "("', "is no pattern"),
        ("STATISTICS: {requires: [user]}", "STATISTICS: {requires: [user], case_ref_pattern: x}", "does not require case_ref"),
        ('read: ["Query.{events, persons}", Event.kind, Person.id]', 'read: ["Query.*"]', "needs `schema.digest: sha256:"),
        ("sort: [Person.familyName]", "sort: [Person.familyName]\n    mask: nothing", "no mask `nothing`"),
        ("overlaps: [territories,", "overlaps: [regions,", "declares no row attribute `regions`"),
        ("overlaps: [territories, $consumer.territories]", "eq: [territories, x]", "which is [String]"),
        ("overlaps: [territories, $consumer.territories]", "lte: [classification, $consumer.rank]", "no $consumer.rank"),
        ("  Person: {overlaps: [territories, $consumer.territories]}\n", "", "has no row rule for it"),
        ("STATISTICS: {requires: [user]}", "STATISTICS: {requires: [user], aggregates_only: true}", "`Event.kind` is a value"),
        (
            'read: ["Query.{events, persons}", Event.kind, Person.id]',
            "read: [Event.kind, Person.id]",
            "may read no field of Query",
        ),
    ],
)
def test_what_refuses_a_contract(old: str, new: str, expected: str) -> None:
    assert any(expected in message for message in errors(old, new))


def test_a_masked_field_is_neither_sorted_nor_matched_in_part() -> None:
    masked = """
  - purposes: [INVESTIGATION]
    read: [Person.title]
    mask: last4
  - purposes: [INVESTIGATION]
    read: [Person.familyName]
masks:
  last4: {fn: keep_last, n: 4}
denies:
"""
    text = CONTRACT.replace("denies:\n", masked.lstrip("\n"))
    assert not [f for f in findings_of(contract_of(text), catalogue_of(SCHEMA)) if f.level == "error"]
    text = text.replace("read: [Person.title]", "read: [Person.familyName]").replace("givenName, events", "events")
    messages = [f.message for f in findings_of(contract_of(text), catalogue_of(SCHEMA)) if f.level == "error"]
    assert any("granted in two ways" in message for message in messages)
    text = text.replace("{id, familyName, events", "{id, events").replace(
        "    read: [Person.familyName]\nmasks", "    read: [Person.id]\nmasks"
    )
    messages = [f.message for f in findings_of(contract_of(text), catalogue_of(SCHEMA)) if f.level == "error"]
    assert messages
    assert all("no sort, and filter by eq only" in message or "try values" in message for message in messages)


def errors_of(text: str) -> list[str]:
    return [finding.message for finding in findings_of(contract_of(text), catalogue_of(SCHEMA)) if finding.level == "error"]


def test_whoever_may_look_up_a_masked_value_is_counted() -> None:
    masked = """
  - purposes: [INVESTIGATION]
    read: [Person.personalCode]
    filter: {Person.personalCode: [eq]}
    mask: m
masks: {m: {fn: hash}}
denies:
"""
    text = CONTRACT.replace("denies:\n", masked.lstrip("\n"))
    assert [m for m in errors_of(text) if "try values until one fits" in m]
    quota = "quotas: [{per: user, window: 1d, distinct_filter_values: {Person.personalCode: 50}}]\n"
    assert errors_of(text + quota) == []


def test_what_is_shown_as_a_hit_shows_nothing_of_itself() -> None:
    masked = "  - {purposes: [INVESTIGATION], read: [Person.warrants], mask: m}\nmasks: {m: {fn: hit}}\ndenies:\n"
    text = CONTRACT.replace("denies:\n", masked)
    assert errors_of(text) == []
    more = text.replace("      - Document.{title, number}", "      - Document.{title, number}\n      - Warrant.kind")
    assert errors_of(more) == ["`Person.warrants` is a hit for INVESTIGATION, which may read Warrant.kind: keep one."]


def test_an_edge_that_leads_to_nothing_is_a_warning() -> None:
    (found,) = (finding for finding in findings(" Warrant.kind,", "") if finding.level == "warning")
    assert found.code == "LEADS_NOWHERE"
    assert found.message.startswith("`Person.warrants` is shown for INVESTIGATION, STATISTICS, and no field of Warrant is")


def test_a_mask_is_for_texts() -> None:
    text = CONTRACT.replace(
        "denies:\n", "  - {purposes: [INVESTIGATION], read: [Person.riskScore], mask: m}\nmasks: {m: {fn: initials}}\ndenies:\n"
    )
    messages = [f.message for f in findings_of(contract_of(text), catalogue_of(SCHEMA)) if f.level == "error"]
    assert messages == ["`Person.riskScore` is Int: the mask initials is for ID, String."]


def test_a_field_that_the_schema_lost_is_a_warning_with_its_line() -> None:
    found = findings("Document.{title, number}", "Document.{title, gone}")
    warning = next(finding for finding in found if finding.level == "warning")
    assert warning.code == "UNKNOWN_FIELD"
    assert "`Document.gone`" in warning.message
    assert (
        "Document.{title, gone}"
        in CONTRACT.replace("Document.{title, number}", "Document.{title, gone}").splitlines()[warning.line - 1]
    )


def test_an_operator_that_nothing_offers_is_a_warning() -> None:
    warning = next(f for f in findings("Event.kind: [eq]", "Event.kind: [like]") if f.level == "warning")
    assert warning.message == "Nothing filters `Event.kind` by 'like' (there is eq, in, startsWith): denied."


def test_a_wildcard_is_good_while_the_schema_is_the_one_it_was_written_for() -> None:
    pinned = f"schema: {{digest: '{catalogue_of(SCHEMA).digest}'}}\ngrants:\n"
    text = CONTRACT.replace("grants:\n", pinned).replace("Document.{title, number}", "Document.*")
    assert not [f for f in findings_of(contract_of(text), catalogue_of(SCHEMA)) if f.level == "error"]


def test_lint_reads_a_file_with_and_without_a_schema(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(CONTRACT.replace("Event.kind: [eq]", "Event.gone: [eq]"))
    assert [f.level for f in lint(path)] == ["note"]
    assert [f.level for f in lint(path, SCHEMA)] == ["note", "warning"]
    path.write_text("kind: x")
    assert lint(path)[0].level == "error"


def test_the_day_tells_of_a_review_and_of_the_end(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(CONTRACT.replace("2027-01-01T00:00:00Z}", "2027-01-01T00:00:00Z, review_by: 2026-07-01}"))
    codes = {day: [f.code for f in lint(path, SCHEMA, date.fromisoformat(day)) if f.level == "warning"] for day in DAYS}
    assert codes == {"2026-07-01": [], "2026-07-02": ["REVIEW_DUE"], "2027-01-01": ["ENDED"]}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("masks: {m: {fn: keep_last}}", "needs `n`"),
        ("quotas: [{per: user, window: 1d}]", "`entities` or `distinct_filter_values`"),
        ("obligations: {retention: {min: 2y, max: 1y}}", "is longer than `retention.max`"),
        ("obligations: {strict: true}", "needs `max_staleness`"),
        ("break_glass: {roles: [a], purposes: [INVESTIGATION], longest: 2h}", "never more than 1h"),
        ("break_glass: {roles: [a], purposes: [NONE]}", "no purpose `NONE`"),
    ],
)
def test_what_a_part_must_be_like(words: str, expected: str) -> None:
    assert any(expected in message for message in errors("denies:\n", f"{words}\ndenies:\n"))
