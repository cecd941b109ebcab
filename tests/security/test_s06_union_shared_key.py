"""S-06 union-shared-key: two members of a union with a field of one name, allowed for one."""

from __future__ import annotations

from graphql import parse, print_ast

from authz.operation import authorise
from tests.authz.small_world import CONTRACT, SCHEMA, mask_of

QUERY = '{ search(text: "x") { ... on Person { title } ... on Document { title } } }'


def test_the_members_of_a_union_are_decided_one_by_one() -> None:
    permit = authorise(SCHEMA, parse(QUERY), None, mask_of(), audit_keys=False)
    assert [(entry.path, entry.field) for entry in permit.withheld] == [(("search", "title"), "Person.title")]
    assert permit.fields == {"Query.search", "Document.title"}


def test_it_is_so_the_other_way_round_too() -> None:
    text = CONTRACT.replace("Document.{title, number}", "Document.number\n      - Person.title")
    text = text.replace("Person.title, PersonConnection", "Document.title, PersonConnection")
    permit = authorise(SCHEMA, parse(QUERY), None, mask_of(document=text), audit_keys=False)
    assert [entry.field for entry in permit.withheld] == ["Document.title"]
    assert "... on Person {" in print_ast(permit.document)
