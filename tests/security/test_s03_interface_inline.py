"""S-03 interface-inline: a denied field of a concrete type, asked through `node`."""

from __future__ import annotations

from graphql import parse, print_ast

from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of


def test_a_denied_field_behind_an_interface_is_withheld_and_the_others_stay() -> None:
    permit = authorise(SCHEMA, parse('{ node(id: "x") { ... on Person { warrants { kind } familyName } } }'), None, mask_of())
    assert [entry.field for entry in permit.withheld] == ["Person.warrants"]
    kept = print_ast(permit.document)
    assert "familyName" in kept
    assert "warrants" not in kept
