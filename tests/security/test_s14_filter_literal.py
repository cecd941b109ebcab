"""S-14 filter-literal: a denied filter as a literal."""

from __future__ import annotations

import pytest
from graphql import parse

from authz.errors import NotInSchema, Unauthorized
from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of


def test_a_filter_on_a_hidden_field_is_unknown() -> None:
    with pytest.raises(NotInSchema):
        authorise(SCHEMA, parse('{ persons(where: {phone: {eq: "26000000"}}) { nodes { id } } }'), None, mask_of())


def test_a_filter_on_a_listed_field_refuses_the_whole_operation() -> None:
    document = parse('{ events { kind } persons(where: {personalCode: {eq: "309901-00017"}}) { nodes { id } } }')
    with pytest.raises(Unauthorized) as caught:
        authorise(SCHEMA, document, None, mask_of())
    assert caught.value.code == "UNAUTHORIZED_FIELD_OR_TYPE"
    assert "309901" not in caught.value.message
