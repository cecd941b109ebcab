"""S-04 interface-and: a field of an interface that one of its types denies."""

from __future__ import annotations

from graphql import parse, print_ast, validate

from authz.operation import authorise
from authz.view import view_of
from tests.authz.small_world import SCHEMA, mask_of


def test_the_answer_is_restricted_to_the_types_that_allow_the_field() -> None:
    permit = authorise(SCHEMA, parse('{ node(id: "x") { id } }'), None, mask_of(), audit_keys=False)
    assert " ".join(print_ast(permit.document).split()) == '{ node(id: "x") { ... on Event { id } ... on Person { id } } }'
    assert "Document.id" not in permit.fields


def test_the_id_that_the_audit_adds_never_answers_for_a_denied_one() -> None:
    permit = authorise(SCHEMA, parse('{ node(id: "x") { id } }'), None, mask_of())
    assert permit.audit_key != "id"
    assert f"{permit.audit_key}: id" in print_ast(permit.document)


def test_the_view_says_that_such_a_node_is_never_a_document() -> None:
    errors = validate(view_of(SCHEMA, mask_of()), parse('{ node(id: "x") { ... on Document { title } } }'))
    assert len(errors) == 1
