"""S-08 requires-transitive: a readable field that is made from a denied one."""

from __future__ import annotations

import pytest

from authz.catalogue import catalogue_of
from authz.compile import compile_contract
from authz.dependencies import dependencies_of
from tests.authz.small_world import CONTRACT, SCHEMA, contract_of

TEXT = CONTRACT.replace("Document.{title, number}", "Document.{title, number}\n      - Person.riskScore")


def read_with(sdl: str) -> frozenset[str]:
    compiled = compile_contract(contract_of(TEXT), catalogue_of(SCHEMA), dependencies_of(sdl))
    return compiled.masks["INVESTIGATION"].read


def test_without_a_requirement_the_field_is_readable() -> None:
    assert "Person.riskScore" in read_with("type Person { riskScore: Int }")


@pytest.mark.parametrize("directive", ['@requires(fields: "personalCode")', '@join__field(graph: A, requires: "personalCode")'])
def test_a_field_that_requires_a_denied_one_is_denied(directive: str) -> None:
    assert "Person.riskScore" not in read_with(f"type Person {{ riskScore: Int {directive} personalCode: String }}")


def test_a_chain_of_requirements_is_followed_to_its_end() -> None:
    sdl = """type Person {
      riskScore: Int @requires(fields: "givenName")
      givenName: String @requires(fields: "personalCode")
      personalCode: String
    }"""
    read = read_with(sdl)
    assert not {"Person.riskScore", "Person.givenName"} & read


def test_a_field_reviewed_to_declassify_is_readable() -> None:
    sdl = 'type Person { riskScore: Int @requires(fields: "personalCode") @declassifies personalCode: String }'
    assert "Person.riskScore" in read_with(sdl)


CONTEXT = """
directive @context(name: String!) on OBJECT
type Event @context(name: "a__suspect") { kind: String personalCode: String }
type Person { riskScore: Int @join__field(graph: A, contextArguments: [
  {context: "a__suspect", name: "code", type: "String", selection: "SELECTION"}]) }
"""


@pytest.mark.parametrize("selection", ["{ informant { personalCode } }", "... on Event { informant { personalCode } }"])
def test_s08_a_field_that_a_context_fills_with_a_denied_one_is_denied(selection: str) -> None:
    sdl = CONTEXT.replace("SELECTION", selection).replace("personalCode: String", "informant: Person")
    assert dependencies_of(sdl)["Person.riskScore"] == {"Event.informant", "Person.personalCode"}
    assert "Person.riskScore" not in read_with(sdl)


def test_s08_a_context_that_gives_readable_things_denies_nothing() -> None:
    assert "Person.riskScore" in read_with(CONTEXT.replace("SELECTION", "{ kind }"))
