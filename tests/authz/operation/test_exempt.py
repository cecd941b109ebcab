from __future__ import annotations

import pytest
from graphql import build_schema, parse

from authz.operation import exempt_of, recheck
from schema import text
from tests.authz.small_world import masks_of_agencies


def test_keys_nested_keys_and_ids_of_nodes_are_exempt() -> None:
    sdl = """
    directive @key(fields: String!) repeatable on OBJECT
    interface Node { id: ID! }
    type Query { a: A n: B }
    type A @key(fields: "code of { name }") { code: String of: C secret: String }
    type B implements Node { id: ID! secret: String }
    type C { name: String secret: String }
    """
    exempt = exempt_of(build_schema(sdl))
    assert exempt == {"A.code", "A.of", "C.name", "B.id", "Query._entities", "Query._service", "_Service.sdl"}


@pytest.mark.parametrize("room", ["persons", "vehicles", "events", "documents"])
def test_a_rooms_keys_are_opaque_ids(room: str) -> None:
    exempt = exempt_of(build_schema(text(room), assume_valid=True, assume_valid_sdl=True))
    assert {name.split(".")[1] for name in exempt if not name.startswith(("Query.", "_Service."))} <= {"id", "ref"}


def test_a_room_answers_references_for_what_is_granted() -> None:
    room = build_schema(text("persons"), assume_valid=True, assume_valid_sdl=True)
    document = parse("query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Person { ref familyName } } }")
    mask = masks_of_agencies()["LV-VP", "EVENT_RESPONSE"]
    assert recheck(room, document, None, mask, {"r": [{"__typename": "Person", "ref": "per_x"}]}, exempt=exempt_of(room))
