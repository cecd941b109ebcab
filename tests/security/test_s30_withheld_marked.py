"""S-30 withheld-marked: what is withheld is said, and the saying cannot be switched off (the permit's part)."""

from __future__ import annotations

from graphql import parse, print_ast

from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of


def test_a_listed_field_has_one_entry_however_many_rows_there_are() -> None:
    permit = authorise(SCHEMA, parse("{ persons(first: 3) { nodes { warrants { kind } personalCode } } }"), None, mask_of())
    assert [entry.path for entry in permit.withheld] == [("persons", "nodes", "personalCode"), ("persons", "nodes", "warrants")]
    assert all(not part.isdigit() for entry in permit.withheld for part in entry.path)
    assert {entry.reason for entry in permit.withheld} == {"NOT_GRANTED"}


def test_an_entry_names_the_right_that_is_missing() -> None:
    permit = authorise(SCHEMA, parse("{ persons { totalCount } }"), None, mask_of())
    assert [(entry.right, entry.reason) for entry in permit.withheld] == [("count", "OTHER_PURPOSE")]


def test_no_directive_switches_the_entry_off() -> None:
    for directive in ("@skip(if: true)", "@include(if: false)"):
        permit = authorise(
            SCHEMA, parse(f"{{ persons {{ nodes {{ id warrants {directive} {{ kind }} }} }} }}"), None, mask_of()
        )
        assert len(permit.withheld) == 1


def test_what_is_withheld_is_never_fetched() -> None:
    permit = authorise(SCHEMA, parse("{ persons { nodes { id warrants { kind } } } }"), None, mask_of())
    assert "warrants" not in print_ast(permit.document)
    assert not {"Person.warrants", "Warrant.kind"} & permit.fields
