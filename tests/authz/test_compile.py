from __future__ import annotations

import random

import casbin
import pytest
from graphql import build_schema

from authz.catalogue import catalogue_of
from authz.claims import claims_of
from authz.compile import compile_contract, policy_rows, questions
from authz.enforcer import MODEL, Judge
from authz.errors import ContractRefused, PolicyUnsound
from authz.rows import NO_ROW, All, Eq, In, Not
from tests.authz.small_world import CONTRACT, SCHEMA, SDL, contract_of, mask_of


def test_a_mask_holds_what_the_contract_grants_for_its_purpose() -> None:
    mask = mask_of("STATISTICS")
    assert mask.read == {"Query.events", "Query.persons", "Event.kind", "Person.id"}
    assert mask.count == {"PersonConnection.totalCount"}
    assert mask.filter == {}
    assert mask.sort == frozenset()


def test_filters_have_their_operators() -> None:
    assert mask_of().filter == {"Person.familyName": {"eq", "in"}, "Person.events": {"some", "role"}, "Event.kind": {"eq"}}


def test_a_denial_wins_over_a_grant() -> None:
    text = CONTRACT.replace("Event.kind, Person.id]", "Event.kind, Person.id, Person.phone]").replace(
        "[STATISTICS, read, Person.familyName]", "[STATISTICS, read, Person.phone]"
    )
    assert "Person.phone" not in mask_of("STATISTICS", text).read


def test_the_reason_of_a_listed_field_says_why() -> None:
    text = CONTRACT.replace("listed: [Person.personalCode,", "listed: [Person.phone, Person.familyName, Person.personalCode,")
    reasons = mask_of("STATISTICS", text).reasons
    assert reasons["Person.phone"] == "DENIED_BY_CONTRACT"
    assert reasons["Person.familyName"] == "OTHER_PURPOSE"
    assert reasons["Person.personalCode"] == "NOT_GRANTED"


def test_a_field_added_to_the_schema_is_denied_until_a_contract_names_it() -> None:
    wider = build_schema(SDL.replace("body: String", 'body: String @classified(as: "L3") fresh: String'))
    compiled = compile_contract(contract_of(), catalogue_of(wider))
    assert not any(mask.permits("read", "Document.fresh") for mask in compiled.masks.values())


def test_a_field_that_the_schema_lost_is_reported_and_denied() -> None:
    narrower = build_schema(SDL.replace('number: String @classified(as: "L2")', ""))
    compiled = compile_contract(contract_of(), catalogue_of(narrower))
    assert "Document.number" not in compiled.masks["INVESTIGATION"].read
    assert [f.code for f in compiled.findings if f.level == "warning"] == ["UNKNOWN_FIELD"]


def test_a_failing_canary_refuses_the_contract() -> None:
    with pytest.raises(ContractRefused, match=r"INVESTIGATION must not have read on Person.familyName"):
        mask_of(document=CONTRACT.replace("[INVESTIGATION, read, Person.phone]", "[INVESTIGATION, read, Person.familyName]"))
    with pytest.raises(ContractRefused, match=r"INVESTIGATION must have filter:startsWith on Person.familyName"):
        mask_of(document=CONTRACT.replace('"filter:eq"', '"filter:startsWith"'))


def test_a_contract_with_errors_is_refused_with_all_of_them() -> None:
    text = CONTRACT.replace("id: C-1", 'id: "C,1"').replace("purposes: [STATISTICS]", "purposes: [NONE]")
    with pytest.raises(ContractRefused, match=r"(?s)ID.*PURPOSE"):
        mask_of(document=text)


def test_row_rules_are_bound_to_the_contracts_context() -> None:
    assert mask_of().rows["Event"] == All((In("territory", ("0001000",)), Not(Eq("sealed", True))))


def test_a_type_of_which_nothing_may_be_read_has_no_visible_row() -> None:
    text = CONTRACT.replace('["Query.{events, persons}", Event.kind, Person.id]', '["Query.{events, persons}", Event.kind]')
    assert mask_of("STATISTICS", text).rows["Person"] == NO_ROW


def test_a_digest_changes_with_the_rights_and_not_with_the_order_of_words() -> None:
    base = mask_of().digest
    assert (
        mask_of(document=CONTRACT.replace("[eq, in]", "[in, eq]")).digest != base
    )  # the document is part of what is cached by
    assert mask_of().digest == base
    assert mask_of("STATISTICS").digest != base


def test_masks_equal_plain_casbin_with_every_row_in_one_enforcer() -> None:
    """The compiler shows Casbin a few rows at a time; an enforcer that holds all of them must decide the same."""
    contract, catalogue = contract_of(), catalogue_of(SCHEMA)
    plain = casbin.Enforcer(casbin.Enforcer.new_model(text=MODEL))
    rows = policy_rows(contract, claims_of(contract, catalogue))
    plain.get_model().add_policies("p", "p", [[r.contract, r.resource, r.action, r.purpose, r.effect] for r in rows])
    compiled = compile_contract(contract, catalogue)
    asked = [(purpose, field, right) for purpose in contract.purposes for field, right in questions(catalogue)]
    for purpose, field, right in random.Random(7).sample(asked, 150):
        decided = compiled.masks[purpose].permits(right, field)
        assert decided is plain.enforce(contract.id, field, right, purpose), (purpose, field, right)
    assert any(mask.read for mask in compiled.masks.values())


def test_asking_every_single_question_gives_the_same_masks() -> None:
    catalogue = catalogue_of(SCHEMA)
    assert compile_contract(contract_of(), catalogue, thorough=True).masks == compile_contract(contract_of(), catalogue).masks


def test_a_casbin_that_decides_about_one_field_otherwise_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample of fields about which the same is written: each must come out alike."""
    true = Judge.allows
    monkeypatch.setattr(
        Judge, "allows", lambda self, *asked: True if asked[1:3] == ("Warrant.kind", "read") else true(self, *asked)
    )
    monkeypatch.setattr("authz.compile._SAMPLE", 1000)
    with pytest.raises(PolicyUnsound, match=r"about Warrant\.kind otherwise"):
        mask_of()


def test_break_glass_may_open_what_is_listed_and_not_what_is_denied() -> None:
    text = CONTRACT.replace("listed: [Person.personalCode,", "listed: [Person.phone, Person.personalCode,")
    glass = text + "break_glass: {roles: [duty-officer], purposes: [INVESTIGATION], longest: 30m}\n"
    assert mask_of(document=text).emergency == frozenset()
    assert mask_of("STATISTICS", glass).emergency == frozenset()
    assert mask_of(document=glass).emergency == {
        "Person.personalCode",
        "Person.warrants",
        "Warrant.kind",
        "Person.title",
        "PersonConnection.totalCount",
    }
    assert mask_of(document=glass).digest != mask_of(document=text).digest


def test_a_mask_carries_what_run_time_counts_and_tells() -> None:
    mask = mask_of(document=CONTRACT + "quotas: [{per: user, entities: 5, window: 1d}]\nobligations: {log_class: basic}\n")
    assert (mask.quotas[0].entities, mask.quotas[0].per, mask.obligations.log_class) == (5, "user", "basic")
