from __future__ import annotations

import pytest

from authz.catalogue import catalogue_of
from authz.compile import compile_contract, questions
from authz.explain import Answer, why
from tests.authz.small_world import CONTRACT, SCHEMA, contract_of

TEXT = CONTRACT.replace("listed: [Person.personalCode,", "listed: [Person.phone, Person.personalCode,")
NEEDS = {"Person.riskScore": frozenset(("Person.personalCode",))}


def ask(right: str, field: str, purpose: str = "INVESTIGATION", text: str = TEXT) -> tuple[Answer, ...]:
    catalogue = catalogue_of(SCHEMA)
    return why(compile_contract(contract_of(text), catalogue, NEEDS), catalogue, NEEDS, purpose, right, field)


def line(needle: str) -> int:
    return next(number for number, text in enumerate(TEXT.splitlines(), 1) if needle in text)


def test_a_yes_names_the_grant_the_bundle_and_what_else_applies() -> None:
    (answer,) = ask("read", "Person.familyName")
    assert answer.allowed
    assert [str(clause).split(" ", 1)[1] for clause in answer.clauses] == [
        "grants it, by the bundle @person-basic",
        "the bundle @person-basic names it",
    ]
    assert answer.clauses[1].at.line == line("person-basic:")
    assert answer.conditions == (
        "a user has to be named",
        "a case reference of the form \\d{2}-\\d{5} has to be stated",
        f"only rows that the rule at contract.yaml:{line('  Person: {overlaps')} shows",
    )


def test_filter_without_an_operator_is_every_operator() -> None:
    answers = ask("filter", "Person.familyName")
    assert {answer.right: answer.allowed for answer in answers} == {
        "filter:eq": True,
        "filter:in": True,
        "filter:startsWith": False,
    }


def test_a_no_names_the_deny_and_what_the_agency_may_know() -> None:
    (answer,) = ask("read", "Person.phone")
    assert not answer.allowed
    assert answer.because == "denied by a clause, which wins over every grant."
    assert answer.clauses[0].at.line == line("resources: [Person.phone]")
    assert "may know of it" in answer.clauses[1].does


@pytest.mark.parametrize(
    ("right", "field", "purpose", "because"),
    [
        ("read", "Person.familyName", "STATISTICS", "granted for INVESTIGATION only."),
        ("read", "Person.address", "STATISTICS", "no clause grants it, and what is not granted is denied."),
        ("read", "Person.familyNam", "STATISTICS", "the schema has no such field. Did you mean Person.familyName?"),
        ("sort", "Event.kind", "STATISTICS", "there is no such right on it (there are: read, subscribe, trigger, filter:eq,"),
        ("read", "PersonConnection.pageInfo", "STATISTICS", "no right is needed: it is public"),
        ("read", "Person.forgotten", "STATISTICS", "there is no such right on it (there are: none"),
    ],
)
def test_every_other_no_says_why(right: str, field: str, purpose: str, because: str) -> None:
    (answer,) = ask(right, field, purpose)
    assert not answer.allowed
    assert answer.because.startswith(because)


def test_a_field_that_is_made_from_a_denied_one() -> None:
    text = TEXT.replace("Event.{id, kind, summary}", "Event.{id, kind, summary}\n      - Person.riskScore")
    (answer,) = ask("read", "Person.riskScore", text=text)
    assert answer.because == "granted, but its value is made from Person.personalCode."


def test_the_answer_is_always_what_the_mask_says() -> None:
    catalogue = catalogue_of(SCHEMA)
    compiled = compile_contract(contract_of(TEXT), catalogue, NEEDS)
    for purpose, mask in compiled.masks.items():
        for field, right in questions(catalogue):
            (answer,) = why(compiled, catalogue, NEEDS, purpose, right, field)
            assert answer.allowed is mask.permits(right, field)
            assert answer.clauses or not answer.allowed
