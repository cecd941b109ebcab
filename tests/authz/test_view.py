from __future__ import annotations

import json

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    get_introspection_query,
    graphql_sync,
    parse,
    print_schema,
    validate,
    validate_schema,
)

from authz.errors import ContractRefused
from authz.mask import Mask
from authz.operation import authorise
from authz.view import view_of
from tests.authz.small_world import CONTRACT, DIRECTIVES, SCHEMA, api_schema, mask_of, masks_of_agencies

VIEW = view_of(SCHEMA, mask_of())


def fields_of(name: str) -> set[str]:
    found = VIEW.get_type(name)
    assert isinstance(found, GraphQLObjectType | GraphQLInterfaceType)
    return set(found.fields)


def test_a_view_is_a_valid_schema() -> None:
    assert validate_schema(VIEW) == []
    assert validate_schema(build_schema(print_schema(VIEW))) == []


def test_granted_public_and_listed_fields_are_there_and_hidden_ones_are_not() -> None:
    assert fields_of("Person") == {"id", "title", "familyName", "givenName", "personalCode", "warrants", "events", "documents"}
    assert fields_of("PageInfo") == {"hasNextPage"}


def test_types_that_nothing_leads_to_are_gone() -> None:
    for name in ("Secret", "Address", "PlaceFilter", "Circle"):
        assert VIEW.get_type(name) is None


def test_a_listed_field_can_be_null() -> None:
    assert str(VIEW.type_map["Warrant"].fields["kind"].type) == "String"  # type: ignore[attr-defined]
    assert str(VIEW.type_map["Event"].fields["kind"].type) == "String!"  # type: ignore[attr-defined]


def test_a_type_that_lacks_an_interfaces_field_is_none_of_its_types() -> None:
    assert {t.name for t in VIEW.get_possible_types(VIEW.type_map["Node"])} == {"Person", "Event"}  # type: ignore[arg-type]
    assert {t.name for t in VIEW.get_possible_types(VIEW.type_map["Titled"])} == {"Person", "Document"}  # type: ignore[arg-type]


def test_only_what_may_be_filtered_or_is_listed_is_in_a_where() -> None:
    assert set(VIEW.type_map["PersonWhere"].fields) == {"and", "or", "not", "familyName", "personalCode", "events"}  # type: ignore[attr-defined]
    assert set(VIEW.type_map["EventWhere"].fields) == {"and", "kind"}  # type: ignore[attr-defined]


def test_only_orders_that_may_be_used_or_are_listed_are_there() -> None:
    assert set(VIEW.type_map["PersonOrder"].values) == {"FAMILY_NAME_ASC", "PERSONAL_CODE_ASC", "ID_ASC"}  # type: ignore[attr-defined]


def test_an_argument_whose_type_has_nothing_left_is_gone() -> None:
    view = view_of(SCHEMA, mask_of("STATISTICS"))
    # `where` is still there, because a listed field stands in it; the filter of events has nothing left.
    assert set(view.type_map["Query"].fields["events"].args) == set()  # type: ignore[attr-defined]


def test_a_field_whose_required_argument_may_not_be_used_is_gone() -> None:
    text = CONTRACT.replace("node, search}", "node, search, personByCode}").replace(
        "listed: [Person.personalCode, ", "listed: ["
    )
    view = view_of(SCHEMA, mask_of(document=text))
    assert "personByCode" not in view.type_map["Query"].fields  # type: ignore[attr-defined]


def test_of_the_rights_directives_only_the_class_is_shown() -> None:
    assert {directive.name for directive in VIEW.directives} == {
        "classified",
        "include",
        "skip",
        "deprecated",
        "specifiedBy",
        "oneOf",
    }
    node = VIEW.type_map["Person"].fields["events"].ast_node  # type: ignore[attr-defined]
    assert [directive.name.value for directive in node.directives] == ["classified"]
    assert node.arguments == ()


def test_a_default_that_names_something_hidden_is_not_shown() -> None:
    schema = build_schema(
        DIRECTIVES
        + """
        type Query { things(orderBy: [Order!]! = [B] @public, first: Int! = 3 @public): [Thing!] @classified(as: "L0") }
        type Thing { a: String @classified(as: "L0") b: String @classified(as: "L2") }
        enum Order { A @discloses(field: "Thing.a") B @discloses(field: "Thing.b") }
        """
    )
    text = CONTRACT[: CONTRACT.index("visibility:")] + (
        "grants: [{purposes: ['*'], read: [Query.things, Thing.a], sort: [Thing.a]}]\n"
    )
    view = view_of(schema, _mask_over(schema, text))
    arguments = view.type_map["Query"].fields["things"].args  # type: ignore[attr-defined]
    assert str(arguments["orderBy"].type) == "[Order!]"
    assert arguments["orderBy"].default is None
    assert set(view.type_map["Order"].values) == {"A"}  # type: ignore[attr-defined]
    assert "first: Int! = 3" in print_schema(view)


def _mask_over(schema: object, text: str) -> Mask:
    from authz.book import ContractBook
    from tests.authz.small_world import CLOCK, contract_of

    mask = ContractBook.of([contract_of(text)], schema, CLOCK).mask("C-1", 1, "STATISTICS")  # type: ignore[arg-type]
    assert mask is not None
    return mask


def test_a_mask_that_opens_no_query_has_no_view() -> None:
    from dataclasses import replace

    with pytest.raises(ContractRefused):
        view_of(SCHEMA, replace(mask_of(), read=frozenset(), listed=frozenset()))


def test_introspection_tells_the_view_and_nothing_else() -> None:
    told = json.dumps(graphql_sync(VIEW, get_introspection_query(input_value_deprecation=True)).data)
    for hidden in (
        "phone",
        "Secret",
        "address",
        "riskScore",
        "informant",
        "forgotten",
        "PHONE_ASC",
        "discloses",
        "rowattr",
        "body",
    ):
        assert f'"{hidden}"' not in told


@pytest.mark.parametrize("key", sorted(masks_of_agencies()))
def test_every_shipped_contract_has_a_valid_view(key: tuple[str, str]) -> None:
    assert validate_schema(view_of(api_schema(), masks_of_agencies()[key])) == []


@pytest.mark.parametrize("key", sorted(masks_of_agencies()))
def test_whatever_a_view_shows_can_be_asked_for(key: tuple[str, str]) -> None:
    """One query through every visible field: valid for the view, and answered or withheld, never unknown."""
    mask = masks_of_agencies()[key]
    view = view_of(api_schema(), mask)
    assert view.query_type is not None
    document = parse("{" + _everything(view.query_type, 3) + "}")
    assert validate(view, document) == []
    permit = authorise(api_schema(), document, None, mask)
    assert {entry.field for entry in permit.withheld} <= mask.listed


def _everything(object_type: GraphQLObjectType, depth: int) -> str:
    from graphql import get_named_type, is_required_argument

    parts = []
    for name, field in object_type.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        named = get_named_type(field.type)
        if not isinstance(named, GraphQLObjectType):
            parts.append(name if not hasattr(named, "fields") else "")
        elif depth:
            parts.append(f"{name} {{ __typename {_everything(named, depth - 1)} }}")
    return " ".join(parts)
