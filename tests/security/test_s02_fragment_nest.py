"""S-02 fragment-nest: a denied field two fragments deep, used twice."""

from __future__ import annotations

from graphql import parse, print_ast

from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of

QUERY = """
{ a: persons { nodes { ...Outer } } b: person(id: "x") { ...Outer } }
fragment Outer on Person { ...Inner familyName }
fragment Inner on Person { personalCode givenName }
"""


def test_a_field_denied_deep_in_fragments_is_denied_once_for_each_path() -> None:
    permit = authorise(SCHEMA, parse(QUERY), None, mask_of())
    assert [entry.path for entry in permit.withheld] == [("a", "nodes", "personalCode"), ("b", "personalCode")]


def test_the_other_fields_of_the_fragments_are_returned() -> None:
    kept = print_ast(authorise(SCHEMA, parse(QUERY), None, mask_of()).document)
    assert kept.count("familyName") == kept.count("givenName") == 2
    assert "personalCode" not in kept
