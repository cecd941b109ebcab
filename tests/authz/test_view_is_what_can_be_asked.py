"""The view of any contract is valid GraphQL, can be downloaded and read again, and is exactly what may be asked.

For random contracts: every field, argument, input field and order value of the whole schema is put into an operation that the
view can reach. Where the view has it, the operation is valid and authorised (answered, withheld, or refused in plain words);
where the view does not, `authorise` never permits it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    assert_valid_schema,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    parse,
    print_schema,
    validate,
)

from authz.catalogue import catalogue_of
from authz.compile import compile_contract
from authz.document import read_contract_text
from authz.errors import ContractRefused, NotInSchema, Unauthorized
from authz.mask import Mask
from authz.operation import authorise
from authz.view import view_of
from tests.authz.oracle import random_contract
from tests.authz.small_world import SCHEMA, api_schema, masks_of_agencies

CONTRACTS = 32


def masks(seed: int) -> Iterator[Mask]:
    """The masks of one random contract, as far as it is one that compiles."""
    contract, _ = read_contract_text(random_contract(random.Random(seed)))
    assert contract is not None
    try:
        yield from compile_contract(contract, catalogue_of(SCHEMA)).masks.values()
    except ContractRefused:
        return


def view_or_none(mask: Mask) -> GraphQLSchema | None:
    try:
        return view_of(SCHEMA, mask)
    except ContractRefused:
        return None


def outcome(mask: Mask, text: str) -> str:
    """What authorisation says of an operation."""
    try:
        authorise(SCHEMA, parse(text), None, mask)
    except NotInSchema:
        return "unknown"
    except Unauthorized:
        return "refused"
    return "permitted"


def ways(view: GraphQLSchema) -> dict[str, str]:
    """For each object type that the view leads to: an operation with `%s` where its fields go."""
    query = view.query_type
    assert query is not None
    found, waiting = {query.name: "{ %s }"}, [query.name]
    while waiting:
        parent = view.type_map[waiting.pop(0)]
        assert isinstance(parent, GraphQLObjectType)
        for name, field in parent.fields.items():
            named = get_named_type(field.type)
            inside = f"{name}{required(field.args)} {{ %s }}"
            members = [named] if isinstance(named, GraphQLObjectType) else []
            if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
                members = list(view.get_possible_types(named))
            for member in members:
                if member.name not in found:
                    narrowed = "%s" if member is named else f"... on {member.name} {{ %s }}"
                    found[member.name] = found[parent.name] % (inside % narrowed)
                    waiting.append(member.name)
    return found


def required(arguments: dict[str, GraphQLArgument], chosen: str = "", value: str = "") -> str:
    """The arguments that a field needs, with one `chosen`."""
    given = {name: next(samples(one.type)) for name, one in arguments.items() if is_required_argument(one)}
    given |= {chosen: value} if chosen else {}
    return "(" + ", ".join(f"{name}: {literal}" for name, literal in given.items()) + ")" if given else ""


def samples(kind: object, depth: int = 2) -> Iterator[str]:
    """Literals for an input type: each order value, each input field once, down to `depth`."""
    if is_non_null_type(kind):
        yield from samples(kind.of_type, depth)
    elif is_list_type(kind):
        yield from (f"[{one}]" for one in samples(kind.of_type, depth))
    elif isinstance(kind, GraphQLEnumType):
        yield from kind.values
    elif isinstance(kind, GraphQLInputObjectType):
        if depth:
            yield from (f"{{{name}: {one}}}" for name, field in kind.fields.items() for one in samples(field.type, depth - 1))
    else:
        yield {"Int": "1", "Float": "1.5", "Boolean": "true"}.get(str(kind), '"x"')


def operations(way: str, kind: GraphQLObjectType) -> Iterator[str]:
    """Each field of the type, alone and with each argument in each form."""
    for name, field in kind.fields.items():
        below = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
        yield way % f"{name}{required(field.args)}{below}"
        for argument, definition in field.args.items():
            for sample in samples(definition.type):
                yield way % f"{name}{required(field.args, argument, sample)}{below}"


@pytest.mark.parametrize("part", range(4))
def test_a_view_is_valid_and_exactly_what_may_be_asked(part: int) -> None:
    asked = 0
    for seed in range(part * CONTRACTS // 4, (part + 1) * CONTRACTS // 4):
        for mask in masks(seed):
            view = view_or_none(mask)
            if view is None:
                continue
            assert_valid_schema(view)
            for type_name, way in ways(view).items():
                whole = SCHEMA.type_map[type_name]
                assert isinstance(whole, GraphQLObjectType)
                for text in operations(way, whole):
                    asked += 1
                    is_valid = validate(view, parse(text)) == []
                    assert outcome(mask, text) != ("unknown" if is_valid else "permitted"), (seed, mask.purpose, text)
    assert asked > 500


def test_a_downloaded_view_is_the_view() -> None:
    views = [view for seed in range(CONTRACTS) for mask in masks(seed) if (view := view_or_none(mask)) is not None]
    views += [view_of(api_schema(), mask) for mask in masks_of_agencies().values()]
    for view in views:
        text = print_schema(view)
        again = build_schema(text)
        assert_valid_schema(again)
        assert print_schema(again) == text
