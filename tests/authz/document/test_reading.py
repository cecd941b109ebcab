from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.document import read_contract, read_contract_text
from authz.document.findings import Place
from authz.document.model import Word
from authz.document.section import unfolded
from authz.rows import All, Eq, In, Not, Reference
from tests.authz.small_world import CONTRACT, contract_of

FULL = (
    CONTRACT.replace("onward_transfer: forbidden", "onward_transfer: [LV-A, LV-B]")
    .replace('Art. 8"]', 'Art. 8"]\n  dpia_ref: DPIA-1')
    .replace("aggregates: {min_cell: 5}", "aggregates: {min_cell: 5, max_dimensions: 3, forbid_overlap: true}")
    .replace("    sort: [Person.familyName]", "    subscribe: [Event.kind]\n    trigger: [Event.kind]\n    sort: [Event.kind]")
    .replace('{territories: ["0001000"]}', "{territories: [0001000, 0034000], rank: 2, armed: true}")
    + f"""
clients: [{{client_id: x, cert_sha256: [{"ab" * 32}], issuer: "https://idp.example", min_acr: high}}]
schema: {{on_denied: reject}}
masks: {{place: {{fn: grid, metres: 500}}}}
quotas:
  - {{per: user, entities: 500, window: 1d, alert_at: 0.8}}
  - {{per: contract, distinct_filter_values: {{Person.personalCode: 50}}, window: 1d}}
limits: {{depth: 8, cost: 5000, stream_max: 8h}}
obligations: {{strict: true, max_staleness: 60s, retention: {{min: 1y, max: 2y}}, notify_on: [quota, denial_burst]}}
assurance: {{partner_audit: {{standard: ISO27001, valid_until: 2027-03-01}}}}
break_glass: {{roles: [duty-officer], purposes: [INVESTIGATION], longest: 30m}}
"""
)


def errors_of(text: str) -> list[str]:
    contract, findings = read_contract_text(text, "c.yaml")
    assert contract is None
    return [str(finding) for finding in findings if finding.level == "error"]


def line_of(needle: str, text: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if needle in line)


def test_a_contract_is_read_with_all_its_parts() -> None:
    contract = contract_of()
    assert (contract.id, contract.version, contract.agency) == ("C-1", 1, "LV-TEST")
    assert contract.purposes["INVESTIGATION"].requires_case
    assert not contract.purposes["STATISTICS"].requires_case
    assert contract.aggregates.min_cell == 5
    assert contract.denies[0].resources[0].text == "Person.phone"


def test_row_rules_become_predicates() -> None:
    expected = All((In("territory", Reference("consumer.territories")), Not(Eq("sealed", True))))
    assert contract_of().rows["Event"].predicate == expected


def test_braces_are_several_names_on_one_line() -> None:
    assert unfolded("Vehicle.{make, model}") == ("Vehicle.make", "Vehicle.model")
    names = contract_of().bundles["person-basic"]
    assert names[0] == Word("Person.id", Place(line_of("person-basic:", CONTRACT), 18))
    assert [name.text.removeprefix("Person.") for name in names] == ["id", "familyName", "givenName", "events", "documents"]


def test_an_unknown_word_is_an_error_with_its_line_and_the_nearest_known_one() -> None:
    text = CONTRACT.replace("aggregates: {min_cell: 5}", "aggregates:\n  min_cel: 5")
    place = f"c.yaml:{line_of('min_cel:', text)}:3"
    assert errors_of(text) == [f"{place}: error UNKNOWN_WORD: `aggregates` has no word `min_cel`. Did you mean `min_cell`?"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: CooperationAgreement", "kind: Friendship", "one of CooperationAgreement, not Friendship"),
        ("apiVersion: sharing/v1", "apiVersion: sharing/v2", "one of sharing/v1"),
        ("version: 1", "version: one", "a whole number"),
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00", "an instant with its offset"),
        ("onward_transfer: forbidden", "onward_transfer: sometimes", "one of forbidden, with_consent"),
        ("requires: [user]", "requires: [mood]", "one of user, case_ref, not mood"),
        ("eq: [sealed, true]", "equals: [sealed, true]", "`equals` is no word of row rules"),
        ("eq: [sealed, true]", "eq: [sealed]", "takes two things"),
        ("min_cell: 5", "min_cell: 5, min_cell: 9", "stands twice"),
        ("[INVESTIGATION, read, Person.familyName]", "[INVESTIGATION, read]", "A test is [purpose, right, Type.field]"),
        ('basis: ["Directive (EU) 2016/680 Art. 8"]', "basis: []", "`basis` in `legal` needs one item"),
    ],
)
def test_a_wrong_value_is_an_error_that_says_what_is_right(old: str, new: str, expected: str) -> None:
    assert old in CONTRACT
    assert any(expected in error for error in errors_of(CONTRACT.replace(old, new)))


def test_every_mistake_is_reported_at_once() -> None:
    text = CONTRACT.replace("version: 1", "version: 0").replace("min_cell: 5", "min_cells: 5").replace("title:", "titel:")
    assert len(errors_of(text)) == 4


def test_aliases_are_not_read() -> None:
    assert "ALIAS" in errors_of("a: &x [1]\nb: *x\n")[0]


def test_what_is_no_yaml_has_a_line() -> None:
    assert errors_of("a: [\nb: }\n")[0].startswith("c.yaml:2:4: error NOT_YAML")


def test_a_list_is_no_contract() -> None:
    assert "NOT_A_MAPPING" in errors_of("- a\n")[0]


def test_an_empty_file_is_no_contract() -> None:
    assert errors_of("")


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    contract, findings = read_contract(tmp_path / "none.yaml")
    assert contract is None
    assert findings[0].code == "NOT_READABLE"


def test_the_digest_covers_everything_but_the_signatures() -> None:
    signed = CONTRACT + "\nsignatures:\n  - {by: LV-IC, role: data-owner, kid: k, alg: EdDSA, over: jcs-sha256, value: abc}\n"
    assert contract_of(signed).digest == contract_of().digest
    assert contract_of(CONTRACT.replace("min_cell: 5", "min_cell: 6")).digest != contract_of().digest
    assert contract_of("# a remark\n" + CONTRACT).digest == contract_of().digest


def test_a_document_that_nests_without_end_is_refused_and_does_not_end_the_process() -> None:
    for text in ("[" * 100_000, "{a: " * 50_000, "- " * 50_000 + "x"):
        assert [error.split()[2] for error in errors_of(text)] == ["TOO_DEEP:"]


def test_a_word_that_says_nothing_is_absent() -> None:
    assert contract_of(CONTRACT.replace("aggregates: {min_cell: 5}", "aggregates: {min_cell: null}")).aggregates.min_cell == 1
    assert any("needs the word `title`" in error for error in errors_of(CONTRACT.replace("A contract for tests", "null")))


def test_every_word_of_the_form_reaches_the_contract() -> None:
    """Each optional word, given a value other than its default, makes another contract: none is read and forgotten."""
    contract = contract_of(FULL)
    assert contract.clients[0].cert_sha256 == ("ab" * 32,)
    assert (contract.clients[0].issuer, contract.clients[0].min_acr) == ("https://idp.example", "high")
    assert contract.parties.onward_transfer == ("LV-A", "LV-B")
    assert contract.masks["place"].metres == 500
    assert contract.quotas[1].distinct_filter_values == {"Person.personalCode": 50}
    assert (contract.quotas[0].entities, contract.quotas[0].alert_at, contract.quotas[0].window) == (500, 0.8, "1d")
    assert (contract.aggregates.max_dimensions, contract.aggregates.forbid_overlap) == (3, True)
    assert (contract.limits.cost, contract.limits.stream_max) == (5000, "8h")
    assert (contract.obligations.strict, contract.obligations.max_staleness) == (True, "60s")
    assert contract.break_glass is not None
    assert (contract.break_glass.roles, contract.break_glass.longest) == (("duty-officer",), "30m")
    assert contract.partner_audit is not None
    assert (contract.grants[0].subscribe[0].text, contract.grants[0].trigger[0].text) == ("Event.kind", "Event.kind")
    assert contract.context == {"consumer": {"territories": ["0001000", "0034000"], "rank": 2, "armed": True}}
    assert contract.schema.on_denied == "reject"
    assert contract.legal.dpia_ref == "DPIA-1"


@pytest.mark.parametrize("text", ["? [a]\n: 1\n", "context: {consumer: {? [a] : 1}}\n", "? {a: b}\n: c\n"])
def test_a_word_is_a_text(text: str) -> None:
    assert any("A word of" in error for error in errors_of(text))


@given(st.data())
def test_no_text_makes_the_reading_fail(data: st.DataObject) -> None:
    """Cut, repeated and swapped pieces of a whole document: findings or a contract, never an exception."""
    text = FULL
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text)))
        end = min(len(text), begin + data.draw(st.integers(0, 40)))
        put = data.draw(
            st.sampled_from(
                ["", text[end : end + 30], "[", "{", "}", "]", ":", "- ", "\n", "~", "!!int x", "&a ", "*a", "\0", "2026-99-99"]
            )
        )
        text = text[:begin] + put + text[end:]
    contract, findings = read_contract_text(text)
    assert (contract is None) == any(finding.level == "error" for finding in findings)
