"""S-39 casbin-fail-open: every known way in which Casbin says yes or breaks."""

from __future__ import annotations

import casbin
import pytest

from authz import enforcer
from authz.book import ContractBook
from authz.catalogue import catalogue_of
from authz.compile import compile_contract
from authz.enforcer import MODEL, Judge, Row
from authz.errors import ContractRefused, PolicyUnsound
from tests.authz.small_world import CLOCK, CONTRACT, SCHEMA, contract_of

ASKED = ("C-1", "Person.name", "read", "X")


def test_an_empty_policy_allows_nothing() -> None:
    assert not Judge([]).allows(*ASKED)


def test_empty_strings_are_refused_before_casbin_sees_them() -> None:
    for place in range(4):
        question = list(ASKED)
        question[place] = ""
        with pytest.raises(PolicyUnsound):
            Judge([]).allows(*question)


def test_a_row_with_an_unknown_effect_is_refused() -> None:
    with pytest.raises(PolicyUnsound):
        Row(*ASKED, "alow")  # type: ignore[arg-type]


def test_a_switched_off_enforcer_decides_nothing() -> None:
    judge = Judge([Row(*ASKED, "allow")])
    judge._enforcer.enable_enforce(False)
    with pytest.raises(PolicyUnsound, match="switched off"):
        judge.allows(*ASKED)


def test_a_failing_casbin_is_never_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Judge([Row(*ASKED, "allow")])

    def fail(*_: str) -> bool:
        raise RuntimeError("invalid policy size")

    monkeypatch.setattr(judge._enforcer, "enforce", fail)
    with pytest.raises(PolicyUnsound, match="invalid policy size"):
        judge.allows(*ASKED)


def test_a_truthy_answer_that_is_no_true_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Judge([Row(*ASKED, "allow")])
    monkeypatch.setattr(judge._enforcer, "enforce", lambda *_: [True, []])
    assert not judge.allows(*ASKED)


def test_an_enforcer_that_says_yes_to_everything_does_not_get_through_its_first_questions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(casbin.Enforcer, "enforce", lambda *_: True)
    with pytest.raises(PolicyUnsound, match="wrong answer"):
        Judge([])


def test_two_distributions_over_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enforcer, "version", lambda _: "2.8.0")
    with pytest.raises(PolicyUnsound, match="both installed"):
        Judge([])


def test_the_model_does_not_allow_an_empty_request_on_an_empty_policy() -> None:
    plain = casbin.Enforcer(casbin.Enforcer.new_model(text=MODEL))
    assert not plain.enforce("", "", "", "")


def test_canaries_refuse_a_contract_whose_decisions_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Judge, "allows", lambda *_: True)
    with pytest.raises(ContractRefused, match="must not have"):
        compile_contract(contract_of(), catalogue_of(SCHEMA))


def test_one_contracts_fault_is_not_anothers() -> None:
    broken = CONTRACT.replace("C-1", "C-2").replace("LV-TEST", "LV-OTHER").replace("eq: [sealed, true]", "eq: [gone, true]")
    book = ContractBook.of([contract_of(broken), contract_of()], SCHEMA, CLOCK)
    assert book.of_agency("LV-OTHER") is None
    assert book.of_agency("LV-TEST") is not None


def test_an_unsound_policy_leaves_the_book_in_force_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    book = ContractBook.of([contract_of()], SCHEMA, CLOCK)
    before = book.mask("C-1", 1, "STATISTICS")
    monkeypatch.setattr(Judge, "_ask", lambda *_: True)
    with pytest.raises(PolicyUnsound):
        ContractBook.of([contract_of()], SCHEMA, CLOCK)
    assert book.mask("C-1", 1, "STATISTICS") is before
