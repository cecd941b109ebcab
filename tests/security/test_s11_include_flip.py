"""S-11 include-flip: `@include` and `@skip` around a denied field."""

from __future__ import annotations

import pytest
from graphql import parse, print_ast

from authz.errors import NotInSchema
from authz.operation import authorise
from tests.authz.small_world import SCHEMA, mask_of


@pytest.mark.parametrize("directive", ["@include(if: $x)", "@skip(if: $x)", "@include(if: true)", "@include(if: false)"])
@pytest.mark.parametrize("value", [True, False])
def test_the_decision_is_the_same_whatever_the_directive_says(directive: str, value: bool) -> None:
    head = "($x: Boolean!)" if "$x" in directive else ""
    document = parse(f"query Q{head} {{ persons {{ nodes {{ familyName personalCode {directive} }} }} }}")
    permit = authorise(SCHEMA, document, None, mask_of())
    permit.check_variables({"x": value})
    assert [entry.field for entry in permit.withheld] == ["Person.personalCode"]
    assert "personalCode" not in print_ast(permit.document)


def test_a_directive_on_a_fragment_hides_nothing_either() -> None:
    text = "query Q($x: Boolean!) { persons { nodes { ... @skip(if: $x) { personalCode } ...F @include(if: $x) } } }"
    permit = authorise(SCHEMA, parse(text + " fragment F on Person { warrants { kind } }"), None, mask_of())
    assert {entry.field for entry in permit.withheld} == {"Person.personalCode", "Person.warrants"}


def test_a_hidden_field_is_unknown_even_when_it_is_not_included() -> None:
    with pytest.raises(NotInSchema):
        authorise(SCHEMA, parse("{ persons { nodes { id phone @include(if: false) } } }"), None, mask_of())
