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
    assert all("no sort, and filter by eq only" in message for message in messages)


def test_a_mask_is_for_texts() -> None:
    text = CONTRACT.replace(
        "denies:\n", "  - {purposes: [INVESTIGATION], read: [Person.riskScore], mask: m}\nmasks: {m: {fn: initials}}\ndenies:\n"
    )
    messages = [f.message for f in findings_of(contract_of(text), catalogue_of(SCHEMA)) if f.level == "error"]
    assert messages == ["`Person.riskScore` is Int: masks are for String and ID."]


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


def test_a_demand_that_is_not_checked_refuses_the_contract() -> None:
    grouped = "masks: {Person.personalCode: {fn: hash}}\ndenies:\n"
    assert any("not applied yet" in message for message in errors("denies:\n", grouped))


def test_quotas_are_known_and_said_to_be_uncounted() -> None:
    found = findings("denies:\n", "quotas: [{per: user, entities: 5, window: 1d}]\ndenies:\n")
    assert [f.message for f in found if f.level == "warning"] == ["Quotas are recorded, and not counted yet."]


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
        ("masks: {m: {fn: hash}}", "is not applied yet"),
        ("quotas: [{per: user, window: 1d}]", "`entities` or `distinct_filter_values`"),
        ("obligations: {retention: {min: 2y, max: 1y}}", "is longer than `retention.max`"),
        ("obligations: {strict: true}", "needs `max_staleness`"),
        ("break_glass: {roles: [a], purposes: [INVESTIGATION], longest: 2h}", "never more than 1h"),
        ("break_glass: {roles: [a], purposes: [NONE]}", "no purpose `NONE`"),
    ],
)
def test_what_a_part_must_be_like(words: str, expected: str) -> None:
    assert any(expected in message for message in errors("denies:\n", f"{words}\ndenies:\n"))
