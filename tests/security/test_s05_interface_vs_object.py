"""S-05 interface-vs-object: one field, asked through an interface and through the type."""

from __future__ import annotations

import pytest
from graphql import parse, print_ast

from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of

WAYS = (
    '{ node(id: "x") { ... on Titled { title } } }',
    '{ node(id: "x") { ... on Titled { ... on Person { title } ... on Document { title } } } }',
    '{ search(text: "x") { ... on Titled { title } } }',
    '{ search(text: "x") { ... on Person { title } ... on Document { title } } }',
)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_field_has_the_same_decision(way: str) -> None:
    permit = authorise(SCHEMA, parse(way), None, mask_of(), audit_keys=False)
    assert [entry.field for entry in permit.withheld] == ["Person.title"]
    assert "Document.title" in permit.fields
    kept = " ".join(print_ast(permit.document).split())
    assert "... on Document { title }" in kept
    assert "Person { title" not in kept
