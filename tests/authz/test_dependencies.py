from __future__ import annotations

import pytest

from authz.catalogue import catalogue_of
from authz.compile import compile_contract
from authz.dependencies import dependencies_of
from authz.errors import SchemaNotProtected
from tests.authz.small_world import CONTRACT, SCHEMA, contract_of


def test_a_subgraph_says_what_a_field_requires() -> None:
    sdl = """
    type Person { score: Int @requires(fields: "personalCode address { city }") personalCode: String address: Address }
    type Address { city: String }
    """
    assert dependencies_of(sdl) == {"Person.score": {"Person.personalCode", "Person.address", "Address.city"}}


def test_a_supergraph_says_it_in_its_own_words() -> None:
    sdl = 'type Person { score: Int @join__field(graph: A, requires: "code") code: String @join__field(graph: B) }'
    assert dependencies_of(sdl) == {"Person.score": {"Person.code"}}


@pytest.mark.parametrize("directive", ['requires(fields: " { code }")', 'join__field(graph: A, requires: "{ code }")'])
def test_a_field_set_may_stand_in_braces_of_its_own(directive: str) -> None:
    assert dependencies_of(f"type P {{ score: Int @{directive} code: String }}") == {"P.score": {"P.code"}}


def test_a_requirement_on_an_interface_is_one_on_each_of_its_types() -> None:
    sdl = """
    interface Named { name: String }
    type A implements Named { name: String }
    type B { of: Named x: Int @requires(fields: "of { name }") }
    """
    assert dependencies_of(sdl) == {"B.x": {"B.of", "A.name"}}


def test_a_reviewed_field_declassifies() -> None:
    assert dependencies_of('type P { s: Int @requires(fields: "c") @declassifies c: String }') == {}


def test_unreadable_sdl_is_refused() -> None:
    with pytest.raises(SchemaNotProtected):
        dependencies_of("type {")


def test_a_field_over_a_masked_one_is_denied() -> None:
    text = CONTRACT.replace(
        "denies:\n",
        "  - {purposes: [INVESTIGATION], read: [Person.riskScore, Person.title]}\n"
        "  - {purposes: [INVESTIGATION], read: [Person.personalCode], mask: m}\nmasks: {m: {fn: keep_last, n: 4}}\ndenies:\n",
    )
    needs = {"Person.riskScore": frozenset({"Person.personalCode"})}
    read = compile_contract(contract_of(text), catalogue_of(SCHEMA), needs).masks["INVESTIGATION"].read
    assert "Person.personalCode" in read
    assert "Person.riskScore" not in read
