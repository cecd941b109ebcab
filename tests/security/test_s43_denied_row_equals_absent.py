"""S-43 denied-row-equals-absent: an object whose row a room denies is answered byte for byte as one that does not exist."""

from __future__ import annotations

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from gateway.execution.raw import Raw
from gateway.response import Absence, Projection, protected_mask, render
from tests.security.city import COUNTS, READ, city, is_visible, opened
from tests.security.population import row_of

SCHEMA = build_schema(
    """
    interface Node { id: ID! }
    type Query { holder: Holder node: Node needed: Need people: [Person] sure: [Person!] }
    type Holder { person: Person }
    type Need { person: Person! }
    type Person implements Node { id: ID! familyName: String }
    type Document implements Node { id: ID! title: String }
    """
)
PERSON = "{ familyName id }"


def answer(query: str, executed: str, data: dict) -> bytes:
    document = parse(query)
    node = document.definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    projection = Projection(
        SCHEMA,
        document,
        node,
        {},
        executed=parse(executed),
        absence=Absence(frozenset(("Person",)), frozenset(("Document",))),
    )
    rendered = render(Raw(data), projection, protected_mask())
    assert rendered.entities == {}
    return rendered.body()


@pytest.mark.parametrize(
    "denied", [{"ref": "per_1"}, {"__typename": "Person", "ref": "per_1"}, {"id": None, "familyName": None}]
)
@pytest.mark.parametrize(
    ("field", "wrapped"),
    [
        ("holder { person { familyName } }", lambda one: {"holder": {"person": one}}),
        ("needed { person { familyName } }", lambda one: {"needed": {"person": one}}),
        ("people { familyName }", lambda one: {"people": [one]}),
        ("people { __typename }", lambda one: {"people": [one]}),
        ("sure { familyName }", lambda one: {"sure": [one]}),
    ],
)
def test_an_entity_without_its_id_is_not_there(field, wrapped, denied) -> None:
    executed = f"{{ {field.replace('familyName', 'familyName id').replace('__typename', '__typename id')} }}"
    told = answer(f"{{ {field} }}", executed, wrapped(denied))
    assert told == answer(f"{{ {field} }}", executed, wrapped(None))
    assert b"per_1" not in told


@pytest.mark.parametrize("denied", [{}, {"__typename": "Document"}, {"__typename": "Document", "ref": "doc_1"}])
def test_an_object_of_a_type_of_which_nothing_may_be_read_is_not_there(denied) -> None:
    executed = "{ node { ... on Person { __typename id } } }"
    assert answer("{ node { __typename } }", executed, {"node": denied}) == b'{"data":{"node":null}}'


@pytest.mark.parametrize("right", ["", "Person.id"])
@pytest.mark.parametrize("listed", [[], ["Person.id"]])
async def test_a_hidden_person_is_null_also_for_who_cannot_read_ids(tmp_path, right: str, listed: list[str]) -> None:
    read = [*READ, right] if right else READ
    grant = {"purposes": ["CHECK"], "read": read, "count": COUNTS}
    text = city(grants=[grant], visibility={"default": "hidden", "listed": [] if right else listed})
    async with opened(tmp_path, text) as (town, people, _):
        # event 2 involves person 3, whose level is above the city's
        query = "query($id: ID!) { event(id: $id) { persons { person { familyName involvements { totalCount } } } } }"
        answer = await town.ask(query, {"id": row_of("Event", 2)[1]})
        involved = [one["person"] for one in answer.data["event"]["persons"]]
        assert not is_visible(row_of("Person", 3), people)
        assert [one is None for one in involved] == [False, True]
