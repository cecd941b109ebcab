from __future__ import annotations

import pytest

from authz.catalogue import catalogue_of
from authz.compile import CompiledContract, compile_contract
from authz.explain import changes_between
from authz.explain.changes import compact
from tests.authz.document.test_reading import FULL
from tests.authz.small_world import CONTRACT, SCHEMA, contract_of

OVERLAPS = '{"overlaps": ["territories", ["0001000", "0034000"]]}'
MASKED = "  - {purposes: [INVESTIGATION], read: [Person.title], mask: m}\nmasks: {m: {fn: keep_last, n: 4}}\ndenies:\n"


def compiled(text: str) -> CompiledContract:
    return compile_contract(contract_of(text), catalogue_of(SCHEMA))


def told(old: str, new: str) -> list[tuple[str, str]]:
    return [(change.effect, change.sentence) for change in changes_between(compiled(old), compiled(new))]


def changed(old: str, new: str) -> list[tuple[str, str]]:
    """What is said when `old` in the contract becomes `new`, and that the way back is the opposite."""
    assert old in CONTRACT
    forth, back = told(CONTRACT, CONTRACT.replace(old, new)), told(CONTRACT.replace(old, new), CONTRACT)
    opposite = {"widens": "narrows", "narrows": "widens", "unclear": "unclear", "neutral": "neutral"}
    assert sorted(opposite[effect] for effect, _ in forth) == sorted(effect for effect, _ in back)
    return forth


def test_the_same_in_other_words_is_no_change() -> None:
    spelled = CONTRACT.replace('- "@person-basic"', "- Person.{id, familyName, givenName, events, documents}")
    assert told(CONTRACT, spelled) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Event.{id, kind, summary}", "Event.{id, kind}", ("narrows", "INVESTIGATION may no longer read Event.summary.")),
        ("Event.kind: [eq]", "Event.kind: [eq, in]", ("widens", "INVESTIGATION may now filter (in) by Event.kind.")),
        ("sort: [Person.familyName]", "sort: []", ("narrows", "INVESTIGATION may no longer sort by Person.familyName.")),
        ("min_cell: 5", "min_cell: 4", ("widens", "`aggregates.min_cell`: 5 → 4.")),
        ("STATISTICS: {requires: [user]}", "STATISTICS: {}", ("widens", "For STATISTICS a user need not be stated any more.")),
        ("2027-01-01", "2027-06-01", ("widens", "It ends 2027-06-01 instead of 2027-01-01.")),
        (
            "onward_transfer: forbidden",
            "onward_transfer: with_consent",
            ("widens", "Onward transfer: forbidden → with_consent."),
        ),
        (
            'case_ref_pattern: "\\\\d{2}-\\\\d{5}"',
            'case_ref_pattern: "\\\\d{2}-\\\\d{6}"',
            ("unclear", "The form of a case reference for INVESTIGATION: \\d{2}-\\d{5} → \\d{2}-\\d{6}."),
        ),
        (
            '["0001000"]',
            '["0001000", "0034000"]',
            (
                "widens",
                f'INVESTIGATION sees more rows of Person: {{"overlaps": ["territories", ["0001000"]]}} → {OVERLAPS}.',
            ),
        ),
    ],
)
def test_one_change_is_one_sentence_and_the_way_back_is_its_opposite(old: str, new: str, expected: tuple[str, str]) -> None:
    assert expected in changed(old, new)


def test_a_new_purpose_widens() -> None:
    text = CONTRACT.replace("  STATISTICS: {requires: [user]}", "  STATISTICS: {requires: [user]}\n  OTHER: {requires: [user]}")
    text = text.replace("purposes: [STATISTICS]", "purposes: [STATISTICS, OTHER]")
    expected = ("widens", "The purpose OTHER is new: it may read 4 fields, filter by 0, sort by 0, and ask 1 counts.")
    assert told(CONTRACT, text) == [expected]
    assert told(text, CONTRACT)[0][0] == "narrows"


def test_masks_of_values() -> None:
    def masked(n: int) -> str:
        return CONTRACT.replace("denies:\n", MASKED.replace("n: 4", f"n: {n}"))

    whole = CONTRACT.replace("denies:\n", "  - {purposes: [INVESTIGATION], read: [Person.title]}\ndenies:\n")
    assert told(whole, masked(4)) == [("narrows", "INVESTIGATION sees Person.title as keep_last 4 instead of whole.")]
    assert told(masked(4), whole) == [("widens", "INVESTIGATION sees Person.title whole instead of keep_last 4.")]
    assert told(masked(4), masked(6)) == [("widens", "INVESTIGATION sees Person.title as keep_last 6 instead of keep_last 4.")]


def test_quotas_limits_clients_and_duties() -> None:
    more = """
quotas: [{per: user, entities: 5, window: 1d}, {per: user, distinct_filter_values: {Person.personalCode: 50}, window: 1d}]
limits: {depth: 8}
clients: [{client_id: desk}]
obligations: {strict: true, max_staleness: 60s}
break_glass: {roles: [duty], purposes: [INVESTIGATION]}
"""
    forth = told(CONTRACT, CONTRACT + more)
    assert ("narrows", "Quota of entities per user in 1d: no limit → 5.") in forth
    assert ("narrows", "Quota of different values of Person.personalCode per user in 1d: no limit → 50.") in forth
    assert ("narrows", "`limits.depth`: no limit → 8.") in forth
    assert ("narrows", "Clients: any → desk.") in forth
    assert ("widens", "Who may break the glass changed.") in forth
    assert ("widens", "`limits.depth`: 8 → 9.") in told(CONTRACT + more, CONTRACT + more.replace("depth: 8", "depth: 9"))
    assert ("widens", "The client app is new.") in told(
        CONTRACT + more, CONTRACT + more.replace("desk}", "desk}, {client_id: app}")
    )


def test_names_are_gathered_by_type() -> None:
    assert compact(["Person.id", "Event.b", "Event.a"]) == "Event.{a, b}, Person.id"


ALTERED = (
    ("title: A contract for tests", "title: Another"),
    ("name: An agency for tests", "name: Another agency"),
    ("onward_transfer: [LV-A, LV-B]", "onward_transfer: [LV-A]"),
    ("dpia_ref: DPIA-1", "dpia_ref: DPIA-2"),
    ("not_after: 2027-01-01", "not_after: 2026-12-01"),
    ("\\\\d{5}", "\\\\d{6}"),
    ("listed: [Person.personalCode, ", "listed: ["),
    ("Event.kind: [eq]", "Event.kind: [in]"),
    ("subscribe: [Event.kind]", "subscribe: [Event.id]"),
    ("trigger: [Event.kind]", "trigger: [Event.id]"),
    ("territories: [0001000, 0034000]", "territories: [0001000]"),
    ("min_cell: 5", "min_cell: 6"),
    ("forbid_overlap: true", "forbid_overlap: false"),
    ('issuer: "https://idp.example"', 'issuer: "https://other.example"'),
    ("on_denied: reject", "on_denied: filter"),
    ("entities: 500", "entities: 501"),
    ("Person.personalCode: 50", "Person.personalCode: 51"),
    ("alert_at: 0.8", "alert_at: 0.9"),
    ("cost: 5000", "cost: 5001"),
    ("stream_max: 8h", "stream_max: 9h"),
    ("max_staleness: 60s", "max_staleness: 61s"),
    ("min: 1y", "min: 30d"),
    ("notify_on: [quota, denial_burst]", "notify_on: [quota]"),
    ("valid_until: 2027-03-01", "valid_until: 2027-03-02"),
    ("longest: 30m", "longest: 31m"),
    ("    - [INVESTIGATION, sort, Person.personalCode]\n", ""),
)


@pytest.mark.parametrize(("old", "new"), ALTERED, ids=[new.strip() or "a canary" for _, new in ALTERED])
def test_no_word_changes_unseen(old: str, new: str) -> None:
    full = FULL.replace("\nmasks: {place: {fn: grid, metres: 500}}", "")  # not applied yet, so refused
    assert old in full
    assert told(full, full.replace(old, new))
