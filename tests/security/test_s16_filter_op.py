"""S-16 filter-op: another operator than the granted one."""

from __future__ import annotations

import pytest
from graphql import parse

from authz.errors import Unauthorized
from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of


def test_starts_with_is_denied_where_only_eq_is_granted() -> None:
    authorise(SCHEMA, parse('{ persons(where: {familyName: {eq: "B"}}) { nodes { id } } }'), None, mask_of())
    with pytest.raises(Unauthorized, match="filter:startsWith"):
        authorise(SCHEMA, parse('{ persons(where: {familyName: {startsWith: "B"}}) { nodes { id } } }'), None, mask_of())


def test_a_granted_operator_covers_no_other_beside_it() -> None:
    with pytest.raises(Unauthorized):
        authorise(
            SCHEMA, parse('{ persons(where: {familyName: {eq: "B", startsWith: "B"}}) { nodes { id } } }'), None, mask_of()
        )


def test_the_operator_in_a_variable_is_seen() -> None:
    document = parse("query ($f: TextFilter) { persons(where: {familyName: $f}) { nodes { id } } }")
    permit = authorise(SCHEMA, document, None, mask_of())
    with pytest.raises(Unauthorized):
        permit.check_variables({"f": {"startsWith": "B"}})
