from __future__ import annotations

from typing import Any

import pytest
from graphql import parse

from authz.errors import NotInSchema, Unauthorized
from authz.operation import Permit, authorise
from tests.authz.small_world import CONTRACT, SCHEMA, mask_of

MASK = mask_of()
VARIABLES = "$w: PersonWhere, $o: [PersonOrder!], $one: PersonOrder!, $t: TextFilter"
PERSONS = "query (" + VARIABLES + ") {{ persons({}) {{ nodes {{ id }} }} }}"


def permit_of(arguments: str) -> Permit:
    return authorise(SCHEMA, parse(PERSONS.format(arguments)), None, MASK)


def test_operators_that_are_present_are_the_rights_that_are_used() -> None:
    permit = permit_of('where: {familyName: {eq: "a", in: ["b"]}}')
    assert permit.filters == {"Person.familyName:eq", "Person.familyName:in"}


def test_an_operator_that_is_not_granted_is_refused() -> None:
    with pytest.raises(Unauthorized, match=r"`filter:startsWith` on Person\.familyName"):
        permit_of('where: {familyName: {startsWith: "a"}}')


def test_a_field_that_may_not_be_filtered_is_unknown() -> None:
    with pytest.raises(NotInSchema, match='Field "phone" is not defined by type "PersonWhere"'):
        permit_of('where: {phone: {eq: "1"}}')


def test_a_listed_field_that_may_not_be_filtered_is_refused_by_name() -> None:
    with pytest.raises(Unauthorized, match=r"Person\.personalCode"):
        permit_of('where: {personalCode: {eq: "1"}}')


@pytest.mark.parametrize(
    "where", ["{personalCode: null}", "{personalCode: {}}", "{personalCode: {eq: null}}", "{personalCode: $t}"]
)
def test_saying_nothing_about_a_field_is_saying_something(where: str) -> None:
    with pytest.raises(Unauthorized):
        permit_of(f"where: {where}")


@pytest.mark.parametrize(
    "where",
    [
        '{and: [{or: [{not: {personalCode: {eq: "x"}}}]}]}',
        '{or: {personalCode: {eq: "x"}}}',
        '{events: {and: [{informant: {familyName: {eq: "x"}}}]}}',
        "{events: {near: {within: {lat: 1, lon: 1, metres: 1}}}}",
        '{forgotten: {eq: "x"}}',
    ],
)
def test_no_depth_hides_a_filter(where: str) -> None:
    with pytest.raises((Unauthorized, NotInSchema)):
        permit_of(f"where: {where}")


def test_a_relation_needs_its_edge_and_its_leaves() -> None:
    permit = permit_of('where: {events: {and: [{kind: {eq: "x"}}]}}')
    assert permit.filters == {"Person.events:some", "Event.kind:eq"}
    without_edge = mask_of(document=CONTRACT.replace("Person.events: [some, role]", "Person.events: [role]"))
    with pytest.raises(Unauthorized, match=r"`filter:some` on Person\.events"):
        authorise(SCHEMA, parse('{ persons(where: {events: {kind: {eq: "x"}}}) { nodes { id } } }'), None, without_edge)


def test_an_argument_with_an_operator_of_its_own_needs_that_one() -> None:
    permit = authorise(SCHEMA, parse("{ persons { nodes { events(role: SUSPECT) { kind } } } }"), None, MASK)
    assert permit.filters == {"Person.events:role"}


def test_a_plain_argument_needs_eq_whatever_its_value_is() -> None:
    text = CONTRACT.replace("node, search}", "node, search, personByCode}")
    for document in ('{ personByCode(code: "x") { id } }', "query ($c: String!) { personByCode(code: $c) { id } }"):
        with pytest.raises(Unauthorized, match=r"`filter:eq` on Person\.personalCode"):
            authorise(SCHEMA, parse(document), None, mask_of(document=text))


@pytest.mark.parametrize("order", ["PERSONAL_CODE_ASC", "[FAMILY_NAME_ASC, PERSONAL_CODE_ASC]"])
def test_an_order_needs_the_right_to_sort(order: str) -> None:
    with pytest.raises(Unauthorized, match=r"`sort` on Person\.personalCode"):
        permit_of(f"orderBy: {order}")


def test_a_hidden_order_is_unknown_and_a_public_one_needs_nothing() -> None:
    with pytest.raises(NotInSchema, match='Value "PHONE_ASC" does not exist'):
        permit_of("orderBy: [PHONE_ASC]")
    assert permit_of("orderBy: [ID_ASC, FAMILY_NAME_ASC]").sorts == {"Person.familyName"}


# variables


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        ("where: $w", {"w": {"personalCode": {"eq": "1"}}}),
        ("where: $w", {"w": {"and": [{"or": {"not": {"personalCode": {"eq": "1"}}}}]}}),
        ("where: {and: [$w]}", {"w": {"personalCode": {}}}),
        ("where: {familyName: $t}", {"t": {"startsWith": "x"}}),
        ("where: $w", {"w": [{"personalCode": {"eq": "1"}}]}),
        ("orderBy: $o", {"o": ["FAMILY_NAME_ASC", "PERSONAL_CODE_ASC"]}),
        ("orderBy: $o", {"o": "PERSONAL_CODE_ASC"}),
        ("orderBy: [$one]", {"one": "PERSONAL_CODE_ASC"}),
    ],
)
def test_values_of_variables_are_walked_as_literals_are(arguments: str, variables: dict[str, Any]) -> None:
    permit = permit_of(arguments)
    with pytest.raises(Unauthorized):
        permit.check_variables(variables)


def test_granted_variables_pass_and_say_which_rights_they_used() -> None:
    permit = permit_of("where: $w, orderBy: $o")
    used = permit.check_variables({"w": {"familyName": {"eq": "x"}}, "o": ["FAMILY_NAME_ASC"], "unused": 1})
    assert used.filters == {"Person.familyName:eq"}
    assert used.sorts == {"Person.familyName"}
    assert permit.check_variables({}).filters == frozenset()


def test_a_default_is_judged_with_the_document() -> None:
    with pytest.raises(Unauthorized):
        authorise(
            SCHEMA,
            parse('query ($w: PersonWhere = {personalCode: {eq: "1"}}) { persons(where: $w) { nodes { id } } }'),
            None,
            MASK,
        )


def test_a_hidden_name_in_a_variable_is_as_one_that_does_not_exist() -> None:
    permit = permit_of("where: $w")
    messages = []
    for name in ("phone", "phono"):
        with pytest.raises(NotInSchema) as caught:
            permit.check_variables({"w": {name: {"eq": "1"}}})
        messages.append(caught.value.message.replace(name, "?"))
    assert messages[0] == messages[1]


def test_an_argument_that_does_not_exist_is_unknown() -> None:
    with pytest.raises(NotInSchema, match='Unknown argument "were"'):
        permit_of("were: 1")
