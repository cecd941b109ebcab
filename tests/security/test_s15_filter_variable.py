"""S-15 filter-variable: a denied filter in a variable, in every shape it can have."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse

from authz.errors import NotInSchema, Unauthorized
from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of

PERSONS = "query ($w: PersonWhere, $l: [PersonWhere!], $p: TextFilter) {{ persons(where: {}) {{ nodes {{ id }} }} }}"
CODE = {"personalCode": {"eq": "x"}}


@pytest.mark.parametrize(
    ("where", "variables"),
    [
        ("$w", {"w": CODE}),
        ("$w", {"w": {"or": [{"familyName": {"eq": "a"}}, CODE]}}),
        ("$w", {"w": {"not": {"and": [{"or": [CODE]}]}}}),
        ("$w", {"w": {"and": CODE}}),
        ("{and: $l}", {"l": CODE}),
        ("{and: $l}", {"l": [{}, CODE]}),
        ("{and: [$w]}", {"w": CODE}),
        ("{personalCode: $p}", {}),
        ("$w", {"w": {"phone": {"eq": "x"}}}),
        ("$w", {"w": {"events": {"informant": {"familyName": {"eq": "x"}}}}}),
    ],
)
def test_no_shape_of_a_variable_brings_a_denied_filter_through(where: str, variables: dict[str, Any]) -> None:
    with pytest.raises((Unauthorized, NotInSchema)):
        authorise(SCHEMA, parse(PERSONS.format(where)), None, mask_of()).check_variables(variables)


def test_a_default_value_is_no_way_either() -> None:
    text = 'query ($w: PersonWhere = {or: [{personalCode: {eq: "x"}}]}) { persons(where: $w) { nodes { id } } }'
    with pytest.raises(Unauthorized):
        authorise(SCHEMA, parse(text), None, mask_of())


def test_one_permit_judges_the_variables_of_every_request_anew() -> None:
    permit = authorise(SCHEMA, parse(PERSONS.format("$w")), None, mask_of())
    permit.check_variables({"w": {"familyName": {"eq": "a"}}})
    with pytest.raises(Unauthorized):
        permit.check_variables({"w": CODE})
    permit.check_variables({"w": {"familyName": {"eq": "a"}}})
