"""S-17 filter-relation: a denied leaf behind an allowed edge, and the reverse."""

from __future__ import annotations

import pytest
from graphql import parse

from authz.errors import NotInSchema, Unauthorized
from authz.operation import authorise
from tests.authz.small_world import CONTRACT, SCHEMA, mask_of


def test_a_denied_leaf_behind_an_allowed_edge_is_denied() -> None:
    text = '{ persons(where: {events: {informant: {familyName: {eq: "x"}}}}) { nodes { id } } }'
    with pytest.raises(NotInSchema):
        authorise(SCHEMA, parse(text), None, mask_of())


def test_an_allowed_leaf_behind_a_denied_edge_is_denied() -> None:
    mask = mask_of(document=CONTRACT.replace("      Person.events: [some, role]\n", ""))
    with pytest.raises((Unauthorized, NotInSchema)):
        authorise(SCHEMA, parse('{ persons(where: {events: {kind: {eq: "x"}}}) { nodes { id } } }'), None, mask)


def test_an_edge_alone_tells_that_something_is_there_and_needs_its_right_too() -> None:
    mask = mask_of(document=CONTRACT.replace("Person.events: [some, role]", "Person.events: [role]"))
    with pytest.raises(Unauthorized, match="filter:some"):
        authorise(SCHEMA, parse("{ persons(where: {events: {}}) { nodes { id } } }"), None, mask)
