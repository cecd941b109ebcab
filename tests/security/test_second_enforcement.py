"""Second enforcement: a gateway that was taken over gets from the rooms no field, filter, order and row that contracts deny.

The attacker has the gateway's signing key: contexts are genuine, bodies are whatever it likes. For random contracts each room
has to deny exactly the fields that the mask denies, whatever the gateway would have asked.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Undefined,
    Visitor,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
    visit,
)

from authz.catalogue import catalogue_of
from authz.mask import Mask
from saite.graph import api_schema
from tests.security.leaks import room_schema
from tests.security.pen import Pen, canaries_in, seen_by
from tests.security.population import population
from tests.security.random_contracts import book_of, draw
from tests.security.random_queries import literal
from tests.security.town import ROOMS, Town, open_town

VALUES = {"String": "x", "ID": "evt_0", "Int": 1, "DocumentKind": "PASSPORT"}
STRUCTURE = "{ __typename }"


def arguments_of(field: object) -> str:
    """What a field cannot do without."""
    given = [
        f"{name}: {literal(one.type, VALUES[get_named_type(one.type).name])}"
        for name, one in field.args.items()  # type: ignore[attr-defined]  # a field
        if is_required_argument(one)
    ]
    return f"({', '.join(given)})" if given else ""


def paths_of(schema: GraphQLSchema) -> dict[str, str]:
    """For each type of a room, a selection that leads there from the root: `{ events { nodes { %s } } }`."""
    root = schema.query_type
    assert root is not None
    found, waiting = {root.name: "{ %s }"}, [root]
    entities = schema.get_type("_Entity")
    if entities is not None:
        for one in schema.get_possible_types(entities):  # type: ignore[arg-type]  # a union
            found[one.name] = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {one.name} {{ %s }} }} }}"
            waiting.append(one)
    while waiting:
        parent = waiting.pop(0)
        for name, field in parent.fields.items():
            kind = get_named_type(field.type)
            if isinstance(kind, GraphQLObjectType) and kind.name not in found and not name.startswith("_"):
                found[kind.name] = found[parent.name] % f"{name}{arguments_of(field)} {{ %s }}"
                waiting.append(kind)
    return found


def questions(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Each classified or counting field of the room, and a query that selects it."""
    governed = catalogue_of(api_schema()).fields
    for type_name, path in paths_of(schema).items():
        kind = schema.get_type(type_name)
        assert isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items():
            entry = governed.get(f"{type_name}.{name}")
            if entry is not None and not entry.mark.public:
                below = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
                yield f"{type_name}.{name}", path % f"{name}{arguments_of(field)}{below}"


def steps_of(query: str, schema: GraphQLSchema) -> set[str]:
    """The fields on the way of a query, and the arguments that they use, by default or of need."""
    info, found = TypeInfo(schema), set()

    class Steps(Visitor):
        def enter_field(self, node: object, *_: object) -> None:
            parent = info.get_parent_type()
            if parent is not None:
                name = f"{parent.name}.{node.name.value}"  # type: ignore[attr-defined]  # a field node
                definition = info.get_field_def()
                assert definition is not None
                for key, one in definition.args.items():
                    if is_required_argument(one) or one.default_value is not Undefined:
                        found.add(f"{name}({key})")
                found.add(name)

    visit(parse(query), TypeInfoVisitor(info, Steps()))
    return found


def allows(mask: Mask, field: str) -> bool:
    """What the mask says; the `id` of an entity is how rooms and audit name it."""
    if field.endswith(")"):
        mark = catalogue_of(api_schema()).arguments.get(field)
        return mark is None or mark.discloses is None or mask.permits(f"filter:{mark.operator or 'eq'}", mark.discloses)
    entry = catalogue_of(api_schema()).fields.get(field)
    if entry is None or entry.mark.public:
        return True
    kind = api_schema().get_type(field.split(".", maxsplit=1)[0])
    assert isinstance(kind, GraphQLObjectType)
    if field.endswith(".id") and any(one.name == "Node" for one in kind.interfaces):
        return True
    return field in mask.count if entry.mark.counts else field in mask.read


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
async def test_a_room_alone_denies_the_same_fields_as_the_gateway(room: str, tmp_path: Path) -> None:
    rng, schema = random.Random(room), room_schema(room)
    asked = sorted(questions(schema))
    covered = {field for field, _ in asked}
    assert len(covered) > 20, "the room's fields are reached"
    async with open_town(tmp_path / "town", book_of(draw(rng).text)) as town:
        for _ in range(3):
            drawn = draw(rng)
            town.use(book_of(drawn.text))
            mask, wrong = town.mask(), []
            for field, query in asked:
                # the way there may be denied too: then the room has to deny as well
                expected = all(allows(mask, step) for step in steps_of(query, schema))
                answer = await town.ask_room(room, query, {"r": []} if "$r" in query else None)
                if (answer.status == 200) is not expected:
                    wrong.append((field, query, answer.status, answer.body))
            assert wrong == []


async def tampered(town: Town, room: str, mask: Mask, ids: list[str]) -> bytes:
    """All texts that a hostile gateway can read from a room under a mask: every field one by one, of every row."""
    schema, heard = room_schema(room), b""
    kinds = {"evt": "Event", "per": "Person", "veh": "Vehicle", "doc": "Document"}
    references = [{"__typename": kinds[one[:3]], "ref": one} for one in ids]
    for _, query in questions(schema):
        answer = await town.ask_room(room, query, {"r": references} if "$r" in query else None, mask=mask)
        heard += answer.body
    return heard


@pytest.mark.slow
async def test_hidden_rows_and_denied_values_do_not_leave_a_room_for_a_hostile_gateway(tmp_path: Path) -> None:
    rng, pen = random.Random(11), Pen()
    people = population(pen)
    ids = [row[1] for row in people.attributes]
    async with open_town(tmp_path / "town", book_of(draw(rng).text)) as town:
        await town.fill(people.rooms)
        for room in ROOMS:
            drawn = draw(rng)
            town.use(book_of(drawn.text))
            told = canaries_in(await tampered(town, room, town.mask(), ids))
            assert told <= seen_by(pen.planted, drawn.shown, drawn.sees(people))


async def test_a_gateway_that_claims_another_mask_gets_nothing(tmp_path: Path) -> None:
    wide, narrow = draw(random.Random(1)), draw(random.Random(2))
    async with open_town(tmp_path / "town", book_of(wide.text)) as town:
        wide_mask = town.mask()
        # the room has the same contract and version by name, with other words
        town.room_books.current = book_of(re.sub(r"C-\d+", wide_mask.contract_id, narrow.text))
        answer = await town.ask_room("events", "{ events { nodes { __typename } } }", mask=wide_mask)
        assert (answer.status, "data" in answer.json) == (401, False)
