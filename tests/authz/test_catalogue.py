from __future__ import annotations

import pytest
from graphql import build_schema

from authz.catalogue import catalogue_of
from authz.errors import SchemaNotProtected
from tests.authz.small_world import DIRECTIVES, SCHEMA

CATALOGUE = catalogue_of(SCHEMA)


def test_every_field_has_its_mark() -> None:
    assert CATALOGUE.fields["Person.familyName"].mark.classification == "L2"
    assert CATALOGUE.fields["PersonConnection.totalCount"].mark.counts
    assert CATALOGUE.fields["PersonConnection.nodes"].mark.public
    assert not CATALOGUE.fields["Person.forgotten"].mark.is_marked


def test_operators_of_a_field_are_those_that_any_input_offers() -> None:
    assert CATALOGUE.operators["Person.familyName"] == {"eq", "in", "startsWith"}
    assert CATALOGUE.operators["Person.events"] == {"some", "role"}
    assert CATALOGUE.operators["Person.personalCode"] == {"eq", "in", "startsWith"}
    assert CATALOGUE.operators["Event.summary"] == {"within"}


def test_row_attributes_have_their_kinds() -> None:
    assert CATALOGUE.row_attributes["Event"] == {"territory": "String", "sealed": "Boolean", "place": "Point"}


def test_the_digest_follows_what_rights_are_about() -> None:
    def digest(level: str, description: str = "") -> str:
        return catalogue_of(
            build_schema(DIRECTIVES + f'{description} type Query {{ a: String @classified(as: "{level}") }}')
        ).digest

    assert digest("L1") == digest("L1", '"""words"""')
    assert digest("L1") != digest("L2")


def test_an_enum_of_orders_without_marks_is_denied_and_not_overlooked() -> None:
    sdl = 'type Query { a(orderBy: [O!] @public): String @classified(as: "L1") } enum O { X }'
    assert catalogue_of(build_schema(DIRECTIVES + sdl)).order_enums == {"O"}


def test_renamed_directives_are_read_by_their_new_names() -> None:
    link = """
    directive @link(url: String!, import: [Import], as: String) repeatable on SCHEMA
    scalar Import
    extend schema @link(url: "https://saite.example/rights/v1.0", import: [{name: "@classified", as: "@level"}])
    directive @level(as: String!) on FIELD_DEFINITION
    directive @rights__public on FIELD_DEFINITION
    """
    sdl = (
        'type Query { a: String @level(as: "L1") b: String @classified(as: "L0") c: String @rights__public d: String @public }'
    )
    fields = catalogue_of(build_schema(DIRECTIVES + link + sdl)).fields
    assert {name: entry.mark.is_marked for name, entry in fields.items()} == {
        "Query.a": True,
        "Query.b": False,
        "Query.c": True,
        "Query.d": False,
    }


def test_a_schema_without_classes_is_refused() -> None:
    with pytest.raises(SchemaNotProtected):
        catalogue_of(build_schema("type Query { a: String }"))
