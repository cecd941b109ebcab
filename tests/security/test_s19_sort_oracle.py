"""S-19 sort-oracle: an order that ranks persons by a denied field."""

from __future__ import annotations

import pytest
from graphql import parse

from authz.errors import NotInSchema, Unauthorized
from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of


@pytest.mark.parametrize(
    "order", ["PERSONAL_CODE_ASC", "[PERSONAL_CODE_ASC]", "[FAMILY_NAME_ASC, PERSONAL_CODE_ASC]", "PHONE_ASC"]
)
def test_a_denied_order_is_refused_as_a_literal(order: str) -> None:
    with pytest.raises((Unauthorized, NotInSchema)):
        authorise(SCHEMA, parse(f"{{ persons(orderBy: {order}, first: 1) {{ nodes {{ id }} }} }}"), None, mask_of())


@pytest.mark.parametrize("value", ["PERSONAL_CODE_ASC", ["PERSONAL_CODE_ASC"], ["FAMILY_NAME_ASC", "PHONE_ASC"]])
def test_a_denied_order_is_refused_in_a_variable(value: object) -> None:
    document = parse("query ($o: [PersonOrder!]) { persons(orderBy: $o, first: 1) { nodes { id } } }")
    permit = authorise(SCHEMA, document, None, mask_of())
    with pytest.raises((Unauthorized, NotInSchema)):
        permit.check_variables({"o": value})


def test_a_denied_order_is_refused_inside_a_list_and_as_a_default() -> None:
    inside = parse("query ($o: PersonOrder!) { persons(orderBy: [FAMILY_NAME_ASC, $o]) { nodes { id } } }")
    with pytest.raises(Unauthorized):
        authorise(SCHEMA, inside, None, mask_of()).check_variables({"o": "PERSONAL_CODE_ASC"})
    default = parse("query ($o: [PersonOrder!] = [PERSONAL_CODE_ASC]) { persons(orderBy: $o) { nodes { id } } }")
    with pytest.raises(Unauthorized):
        authorise(SCHEMA, default, None, mask_of())
