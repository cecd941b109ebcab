"""S-01 alias-mask: a denied field under the name of an allowed one."""

from __future__ import annotations

from graphql import parse, print_ast

from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of


def test_an_alias_changes_nothing_about_a_denied_field() -> None:
    permit = authorise(SCHEMA, parse("{ persons { nodes { id: personalCode } } }"), None, mask_of("STATISTICS"))
    assert [(entry.path, entry.field) for entry in permit.withheld] == [(("persons", "nodes", "id"), "Person.personalCode")]
    assert "personalCode" not in print_ast(permit.document)


def test_an_allowed_field_under_the_name_of_a_denied_one_stays_allowed() -> None:
    permit = authorise(SCHEMA, parse("{ persons { nodes { personalCode: id } } }"), None, mask_of("STATISTICS"))
    assert permit.withheld == ()
    assert "personalCode: id" in print_ast(permit.document)
