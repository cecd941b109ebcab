"""S-42 values-without-end: nesting is bounded, and the schema's own defaults are judged as values are."""

from __future__ import annotations

import pytest
from graphql import build_schema, parse

from authz.errors import NotInSchema, OperationTooLarge, Unauthorized
from authz.operation import authorise, recheck
from tests.authz.small_world import SCHEMA, SDL, mask_of
from tests.gateway.access.conftest import book, graph, protected  # noqa: F401  # fixtures

VARIABLE = parse("query($w: PersonWhere) { persons(where: $w) { nodes { id } } }")


def nested(depth: int) -> dict:
    where: dict = {}
    for _ in range(depth):
        where = {"and": [where]}
    return where


@pytest.mark.parametrize("depth", [400, 5_000])
def test_a_variable_that_nests_too_deep_is_refused_cleanly(depth: int) -> None:
    permit = authorise(SCHEMA, VARIABLE, None, mask_of())
    with pytest.raises(OperationTooLarge):
        permit.check_variables({"w": nested(depth)})
    with pytest.raises(OperationTooLarge):
        recheck(SCHEMA, VARIABLE, None, mask_of(), {"w": nested(depth)}, exempt=frozenset(("Person.id",)))


def test_a_literal_that_nests_too_deep_is_refused_cleanly() -> None:
    text = "{ persons(where: " + "{and: [" * 60 + "{}" + "]}" * 60 + ") { nodes { id } } }"
    with pytest.raises(OperationTooLarge):
        authorise(SCHEMA, parse(text), None, mask_of())


@pytest.mark.parametrize(
    ("plain", "defaulted"),
    [
        ("orderBy: [PersonOrder!] @public", "orderBy: [PersonOrder!] = [PHONE_ASC] @public"),
        ("where: PersonWhere @public", 'where: PersonWhere = {phone: {eq: "1"}} @public'),
    ],
)
@pytest.mark.parametrize("query", ["{ persons { nodes { id } } }", "query($x: Int) { persons(first: $x) { nodes { id } } }"])
def test_a_default_of_an_argument_needs_the_right(plain: str, defaulted: str, query: str) -> None:
    assert plain in SDL
    with pytest.raises((Unauthorized, NotInSchema)):
        authorise(build_schema(SDL.replace(plain, defaulted)), parse(query), None, mask_of())


def test_a_default_of_an_input_field_needs_the_right() -> None:
    plain = 'phone: TextFilter @discloses(field: "Person.phone")'
    schema = build_schema(SDL.replace(plain, plain.replace(" @", ' = {eq: "1"} @')))
    for where in ("{}", '{familyName: {eq: "x"}}'):
        with pytest.raises((Unauthorized, NotInSchema)):
            authorise(schema, parse(f"{{ persons(where: {where}) {{ nodes {{ id }} }} }}"), None, mask_of())
    with pytest.raises((Unauthorized, NotInSchema)):
        authorise(schema, VARIABLE, None, mask_of()).check_variables({"w": {}})


async def test_the_gateway_refuses_a_variable_that_nests_too_deep_without_a_fault(protected) -> None:  # noqa: F811
    query = "query($w: EventWhere) { events(where: $w, first: 1) { nodes { kind } } }"
    token = protected.token("LV-PP-RIGA", "EVENT_RESPONSE")
    for depth in (45, 60, 400):
        answered = await protected.ask(query, token, {"w": nested(depth)})
        assert (answered.status < 500, answered.has_data) == (True, depth == 45)
    assert protected.log.tail(1)[0].entry.kind == "denial"
