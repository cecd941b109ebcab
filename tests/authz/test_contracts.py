"""The five contracts that ship, and the query that shows what Saite is for."""

from __future__ import annotations

import random

import casbin
import pytest
from graphql import parse, validate

from authz.catalogue import catalogue_of
from authz.claims import claims_of
from authz.compile import policy_rows, questions
from authz.enforcer import MODEL
from authz.operation import Permit, authorise
from authz.view import view_of
from tests.authz.small_world import api_schema, masks_of_agencies, shipped_book

CAR = """
query WhoWasWithThisCar($plate: String!) {
  vehicleByPlate(plate: $plate) {
    plate make model status alerts { kind }
    holders { kind from person { familyName givenNames personalCode } }
    involvements(first: 10, orderBy: [OCCURRED_AT_DESC]) { nodes { role event { registrationNumber kind occurred { from }
      place { text point { lat lon } } persons { role dataSubjectCategory person {
        familyName personalCode documents { kind number status } } } } } }
  }
}
"""
NUMBERS = """
query Thefts($where: EventWhere) {
  events(where: $where, orderBy: [OCCURRED_AT_DESC]) {
    totalCount
    nodes { kind subkind { code } category status occurred { from to } place { atvk municipality } }
  }
}
"""


def permit_of(agency: str, purpose: str, text: str) -> Permit:
    """What an agency may have of an operation that is valid for its view."""
    mask, document = masks_of_agencies()[agency, purpose], parse(text)
    assert validate(view_of(api_schema(), mask), document) == []
    return authorise(api_schema(), document, None, mask)


def test_the_shipped_contracts_are_in_force_without_a_warning() -> None:
    book = shipped_book()
    assert book.refused == ()
    assert {finding.code for finding in book.findings} == {"UNSIGNED"}
    assert sorted({agency for agency, _ in masks_of_agencies()}) == ["LV-OP-RIGA", "LV-PP-RIGA", "LV-PROK", "LV-STAT", "LV-VP"]


def test_the_prosecutor_sees_the_whole_car_in_a_criminal_proceeding() -> None:
    permit = permit_of("LV-PROK", "CRIMINAL_PROCEEDING", CAR)
    assert permit.withheld == ()
    assert {"Person.personalCode", "VehicleAlert.kind", "Document.number"} <= permit.fields
    assert permit.filters == {"Vehicle.plate:eq", "Vehicle.country:eq"}  # the country by default
    assert permit.sorts == {"Event.occurred"}


def test_the_prosecutor_states_a_case_for_that() -> None:
    compiled = shipped_book().of_agency("LV-PROK")
    assert compiled is not None
    purpose = compiled.contract.purposes["CRIMINAL_PROCEEDING"]
    assert purpose.requires_case
    assert purpose.case_ref_pattern == r"\d{2}-\d{5}"


@pytest.mark.parametrize(
    ("agency", "purpose", "withheld"),
    [
        ("LV-VP", "EVENT_RESPONSE", {"VehicleAlert.kind"}),
        ("LV-VP", "TRAFFIC_CONTROL", set()),
        ("LV-PP-RIGA", "EVENT_RESPONSE", {"VehicleAlert.kind", "Document.number"}),
        ("LV-OP-RIGA", "EVENT_RESPONSE", {"VehicleAlert.kind", "VehicleHolding.from", "Document.number"}),
    ],
)
def test_each_police_force_sees_its_part_of_the_car_and_what_is_withheld(agency: str, purpose: str, withheld: set[str]) -> None:
    assert {entry.field for entry in permit_of(agency, purpose, CAR).withheld} == withheld


def test_the_port_police_see_the_end_of_a_personal_code() -> None:
    mask = masks_of_agencies()["LV-OP-RIGA", "EVENT_RESPONSE"]
    assert mask.shown("Person.personalCode", "309901-00017") == "********0017"
    assert mask.shown("Person.familyName", "Bērziņa") == "Bērziņa"


def test_the_statistics_office_has_numbers_and_no_cars() -> None:
    permit = permit_of("LV-STAT", "STATISTICS", NUMBERS)
    assert permit.counts == {"EventConnection.totalCount"}
    assert permit.withheld == ()
    used = permit.check_variables({"where": {"kind": {"eq": "CRIMINAL_OFFENCE"}, "place": {"atvk": {"eq": "0001000"}}}})
    assert used.filters == {"Event.kind:eq", "Event.place:some", "Place.atvk:eq"}
    mask = masks_of_agencies()["LV-STAT", "STATISTICS"]
    assert mask.published_count(4) is None
    assert [error.message for error in validate(view_of(api_schema(), mask), parse(CAR))]
    assert not {field for field in mask.read if field.split(".")[0] in ("Person", "Vehicle", "Document", "PersonInvolvement")}


def test_only_the_statistics_office_has_its_counts_suppressed() -> None:
    assert {agency for (agency, _), mask in masks_of_agencies().items() if mask.published_count(1) is None} == {"LV-STAT"}


def test_no_contract_lets_a_personal_code_be_guessed() -> None:
    for mask in masks_of_agencies().values():
        assert mask.filter.get("Person.personalCode", frozenset()) <= {"eq", "in"}
        assert "Person.personalCode" not in mask.sort


def test_sensitive_and_operational_fields_are_read_for_the_purposes_that_need_them_only() -> None:
    api = api_schema()
    grave = {name for name, e in catalogue_of(api).fields.items() if e.mark.classification in ("L3", "L4")}
    scans = {name for name in grave if name == "Document.scans" or name.startswith("Scan.")}
    masks = masks_of_agencies()
    whole = {key for key, mask in masks.items() if grave - scans <= mask.read}
    assert whole == {("LV-PROK", "CRIMINAL_PROCEEDING"), ("LV-VP", "CRIMINAL_PROCEEDING")}
    assert {key for key, mask in masks.items() if scans & mask.read} == {("LV-PROK", "CRIMINAL_PROCEEDING")}


@pytest.mark.parametrize("agency", ["LV-PROK", "LV-VP", "LV-PP-RIGA", "LV-OP-RIGA", "LV-STAT"])
def test_the_masks_of_the_shipped_contracts_are_what_plain_casbin_decides(agency: str) -> None:
    """One enforcer with every row of the contract, asked one by one; the compiler showed Casbin a few rows at a time."""
    compiled, catalogue = shipped_book().of_agency(agency), catalogue_of(api_schema())
    assert compiled is not None
    rows = policy_rows(compiled.contract, claims_of(compiled.contract, catalogue))
    plain = casbin.Enforcer(casbin.Enforcer.new_model(text=MODEL))
    plain.get_model().add_policies("p", "p", [[r.contract, r.resource, r.action, r.purpose, r.effect] for r in rows])
    asked = [(purpose, field, right) for purpose in compiled.purposes for field, right in questions(catalogue)]
    for purpose, field, right in random.Random(agency).sample(asked, 40):
        decided = plain.enforce(compiled.contract.id, field, right, purpose)
        assert compiled.masks[purpose].permits(right, field) is decided, (purpose, field, right)
