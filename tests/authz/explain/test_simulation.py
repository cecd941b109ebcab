from __future__ import annotations

from authz.audit import AuditEntry, WithheldField
from authz.catalogue import catalogue_of
from authz.compile import CompiledContract, compile_contract
from authz.explain import Difference, Sample, recorded_of, replay, simulate
from tests.authz.small_world import CONTRACT, SCHEMA, contract_of

PERSONS = (
    "query P($where: PersonWhere) { persons(where: $where, orderBy: [FAMILY_NAME_ASC]) { nodes { familyName personalCode } } }"
)
LITERAL = '{ persons(where: {familyName: {in: ["x"]}}) { nodes { id } } }'
NARROW = CONTRACT.replace("Person.familyName: [eq, in]", "Person.familyName: [eq]").replace(
    "familyName, givenName", "givenName"
)
NARROW = NARROW.replace("[INVESTIGATION, read, Person.familyName], ", "")


def compiled(text: str) -> CompiledContract:
    return compile_contract(contract_of(text), catalogue_of(SCHEMA))


def tried(text: str, new: str, **options: object) -> list[Difference]:
    _, found = simulate([Sample("a.graphql", text, **options)], SCHEMA, compiled(CONTRACT), compiled(new))  # type: ignore[arg-type]
    return list(found)


def test_what_comes_out_alike_is_not_told() -> None:
    count, found = simulate([Sample("a", PERSONS)], SCHEMA, compiled(CONTRACT), compiled(CONTRACT))
    assert (count, found) == (2, ())


def test_a_filter_that_is_taken_away_refuses_the_operation() -> None:
    (found,) = tried(LITERAL, NARROW)
    assert (found.is_loss, found.purpose) == (True, "INVESTIGATION")
    assert found.sentence.startswith("is answered today and would be refused:")


def test_values_of_variables_are_tried_too() -> None:
    text = "query P($where: PersonWhere) { persons(where: $where) { nodes { id } } }"
    assert tried(text, NARROW, variables={"where": {"familyName": {"eq": "x"}}}) == []
    (found,) = tried(text, NARROW, variables={"where": {"familyName": {"in": ["x"]}}}, purpose="INVESTIGATION")
    assert found.is_loss


def test_a_field_that_is_withheld_or_given_now() -> None:
    text = "{ persons { nodes { id personalCode } } }"
    wider = CONTRACT.replace("Person.{id, familyName,", "Person.{id, personalCode, familyName,")
    (found,) = tried(text, wider, purpose="INVESTIGATION")
    assert (found.is_loss, found.sentence) == (False, "would be answered with Person.personalCode, withheld today")
    _, back = simulate([Sample("a", text, purpose="INVESTIGATION")], SCHEMA, compiled(wider), compiled(CONTRACT))
    assert (back[0].is_loss, back[0].sentence) == (True, "would be answered without Person.personalCode")


def test_a_purpose_that_is_gone_refuses() -> None:
    gone = CONTRACT.replace("  STATISTICS: {requires: [user]}\n", "")
    grant = gone[gone.index("  - purposes: [STATISTICS]") : gone.index("denies:")]
    gone = gone.replace(grant, "").replace("    - [STATISTICS, read, Person.familyName]\n", "")
    (found,) = tried("{ events { kind } }", gone, purpose="STATISTICS")
    assert found.sentence.endswith("there is no purpose STATISTICS")


def entry(**said: object) -> AuditEntry:
    base: dict[str, object] = {"kind": "consultation", "request_id": "r", "agency": "LV-TEST", "user": "u", "status": "ok"}
    return AuditEntry(**{**base, "purpose": "INVESTIGATION", **said})  # type: ignore[arg-type]


def test_records_of_the_audit_are_held_against_a_draft() -> None:
    used = entry(
        resources=frozenset(("Person.familyName", "Person.id")),
        filters=frozenset(("Person.familyName:in",)),
        withheld=(WithheldField("Person.personalCode", "read", "NOT_GRANTED"),),
    )
    recorded = recorded_of(
        [("rec1", used), ("rec2", entry(agency="LV-OTHER", resources=frozenset(("Event.kind",))))], "LV-TEST"
    )
    assert [one.name for one in recorded] == ["rec1"]
    assert replay(recorded, compiled(CONTRACT)) == (1, ())
    count, found = replay(recorded, compiled(NARROW.replace("Person.{id, givenName,", "Person.{id, personalCode, givenName,")))
    assert count == 1
    assert [(d.is_loss, d.sentence) for d in found] == [
        (True, "would be refused for filter Person.familyName:in"),
        (True, "would be answered without Person.familyName"),
        (False, "would be answered with Person.personalCode, withheld then"),
    ]
