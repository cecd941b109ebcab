"""S-12 typename-oracle: `__typename` of things of which nothing may be read (the operation's part)."""

from __future__ import annotations

from graphql import parse, print_ast

from authz.operation import authorise
from tests.authz.small_world import CONTRACT, SCHEMA, mask_of


def test_a_union_without_a_readable_member_is_denied_and_never_asked() -> None:
    text = CONTRACT.replace(
        'read: ["Query.{events, persons}", Event.kind, Person.id]', 'read: ["Query.{events, search}", Event.kind]'
    )
    permit = authorise(SCHEMA, parse('{ search(text: "123ABC") { __typename } }'), None, mask_of("STATISTICS", text))
    assert [(entry.path, entry.reason) for entry in permit.withheld] == [(("search",), "NO_READABLE_TYPE")]
    assert print_ast(permit.document).split() == ["{", "__typename", "}"]


def test_only_readable_members_tell_their_names() -> None:
    permit = authorise(SCHEMA, parse('{ search(text: "123ABC") { __typename } }'), None, mask_of())
    assert "Secret" not in print_ast(permit.document)
