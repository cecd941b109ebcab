from __future__ import annotations

from datetime import UTC, datetime

import pytest

from authz.errors import (
    CaseReferenceInvalid,
    CaseReferenceRequired,
    ClientNotInContract,
    ContractNotInForce,
    ContractUnconfirmed,
    NoContract,
    NotAllowed,
    PurposeRequired,
    UserRequired,
)
from authz.gate import admit
from authz.identity import Actor
from tests.authz.small_world import CONTRACT, book_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ACTOR = Actor(agency="LV-TEST", user="u1", client_id="app", issuer="https://idp.example")


def test_a_stated_purpose_with_its_case_gives_its_mask() -> None:
    assert admit(book_of(), ACTOR, "INVESTIGATION", "26-00017", NOW).purpose == "INVESTIGATION"
    assert admit(book_of(), ACTOR, "STATISTICS", None, NOW).purpose == "STATISTICS"


@pytest.mark.parametrize("purpose", [None, "", "CURIOSITY"])
def test_without_a_purpose_of_the_contract_the_answer_lists_those_it_has(purpose: str | None) -> None:
    with pytest.raises(PurposeRequired) as caught:
        admit(book_of(), ACTOR, purpose, None, NOW)
    assert caught.value.extensions["purposes"] == ["INVESTIGATION", "STATISTICS"]
    assert caught.value.status == 403


def test_a_case_reference_is_required_and_has_a_form() -> None:
    with pytest.raises(CaseReferenceRequired):
        admit(book_of(), ACTOR, "INVESTIGATION", None, NOW)
    for wrong in ("26-0001", "26-00017\n", "x26-00017", "2" * 5_000):
        with pytest.raises(CaseReferenceInvalid):
            admit(book_of(), ACTOR, "INVESTIGATION", wrong, NOW)


def test_an_agency_without_a_contract_has_no_access() -> None:
    with pytest.raises(NoContract):
        admit(book_of(), Actor("LV-ELSE", "u", "app", "i"), "STATISTICS", None, NOW)


@pytest.mark.parametrize("now", [datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)])
def test_a_contract_holds_from_its_first_instant_and_not_at_its_end(now: datetime) -> None:
    with pytest.raises(ContractNotInForce):
        admit(book_of(), ACTOR, "STATISTICS", None, now)


def test_the_first_instant_is_in_force() -> None:
    assert admit(book_of(), ACTOR, "STATISTICS", None, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_purpose_may_want_to_know_the_person() -> None:
    with pytest.raises(UserRequired):
        admit(book_of(), Actor("LV-TEST", "", "app", "i"), "STATISTICS", None, NOW)


def test_a_contract_that_names_clients_knows_no_others() -> None:
    book = book_of(
        CONTRACT.replace("purposes:\n  INV", "clients: [{client_id: app, issuer: 'https://idp.example'}]\npurposes:\n  INV")
    )
    assert admit(book, ACTOR, "STATISTICS", None, NOW)
    for other in (Actor("LV-TEST", "u", "other", ACTOR.issuer), Actor("LV-TEST", "u", "app", "https://evil.example")):
        with pytest.raises(ClientNotInContract):
            admit(book, other, "STATISTICS", None, NOW)


def test_a_lapsed_audit_of_the_partner_suspends_the_contract() -> None:
    text = CONTRACT + "assurance: {partner_audit: {standard: ISO27001, valid_until: 2026-05-31}}\n"
    with pytest.raises(ContractNotInForce, match="ISO27001"):
        admit(book_of(text), ACTOR, "STATISTICS", None, NOW)


def test_every_refusal_is_a_403_but_for_what_cannot_be_confirmed() -> None:
    leaves = set(NotAllowed.__subclasses__())
    assert ContractUnconfirmed.status == 503
    assert {leaf.status for leaf in leaves - {ContractUnconfirmed}} == {403}
