"""S-34 mutation-payload: what a mutation gives back is walked like everything else.

The shipped graph has no mutations; the small world gets one.
"""

from __future__ import annotations

import pytest
from graphql import build_schema, parse, print_ast

from authz.book import ContractBook
from authz.errors import NotInSchema
from authz.operation import authorise
from tests.authz.small_world import CLOCK, CONTRACT, SDL, contract_of

MUTATION = """
type Mutation { addNote(id: ID! @public, text: String! @public): Payload @classified(as: "L2") }
type Payload { person: Person @public done: Boolean @public }
"""
SCHEMA = build_schema(SDL + MUTATION)
GRANTED = CONTRACT.replace("- Query.{person,", "- Mutation.addNote\n      - Query.{person,")
WRITE = 'mutation {{ addNote(id: "x", text: "y") {{ person {{ {} }} }} }}'


def mask(document: str):
    found = ContractBook.of([contract_of(document)], SCHEMA, CLOCK).mask("C-1", 1, "INVESTIGATION")
    assert found is not None
    return found


def test_s34_a_denied_field_of_the_payload_is_withheld() -> None:
    permit = authorise(SCHEMA, parse(WRITE.format("familyName alias: personalCode")), None, mask(GRANTED))
    assert [(entry.path, entry.field) for entry in permit.withheld] == [(("addNote", "person", "alias"), "Person.personalCode")]
    assert "personalCode" not in print_ast(permit.document)
    assert "addNote" in print_ast(permit.document)


@pytest.mark.parametrize("field", ["phone", "address { city }"])
def test_s34_a_hidden_field_of_the_payload_refuses_the_whole(field: str) -> None:
    with pytest.raises(NotInSchema):
        authorise(SCHEMA, parse(WRITE.format(field)), None, mask(GRANTED))


def test_s34_without_the_right_nothing_is_written() -> None:
    with pytest.raises(NotInSchema):
        authorise(SCHEMA, parse(WRITE.format("familyName")), None, mask(CONTRACT))
