"""S-28 introspection-view: what introspection tells under a contract."""

from __future__ import annotations

import json

import pytest
from graphql import get_introspection_query, graphql_sync, print_schema

from authz.catalogue import catalogue_of
from authz.view import view_of
from tests.authz.small_world import api_schema, masks_of_agencies


@pytest.mark.parametrize("key", sorted(masks_of_agencies()))
def test_introspection_names_no_field_that_the_contract_hides(key: tuple[str, str]) -> None:
    mask = masks_of_agencies()[key]
    view = view_of(api_schema(), mask)
    data = graphql_sync(view, get_introspection_query(input_value_deprecation=True, directive_is_repeatable=True)).data
    assert data is not None
    told = {f"{t['name']}.{f['name']}" for t in data["__schema"]["types"] for f in t["fields"] or ()}
    governed = {name for name, e in catalogue_of(api_schema()).fields.items() if not e.mark.public}
    assert told & governed <= mask.read | mask.count | mask.listed


def test_the_statistics_office_learns_of_no_register_but_its_own() -> None:
    view = view_of(api_schema(), masks_of_agencies()["LV-STAT", "STATISTICS"])
    told = json.dumps(graphql_sync(view, get_introspection_query(input_value_deprecation=True)).data) + print_schema(view)
    for name in (
        "Person",
        "Vehicle",
        "Document",
        "personalCode",
        "plate",
        "summary",
        "@discloses",
        "rowattr",
        "registrationNumber",
    ):
        assert f'"{name}"' not in told
        assert f" {name} " not in told


def test_asking_for_a_hidden_type_by_name_finds_nothing() -> None:
    view = view_of(api_schema(), masks_of_agencies()["LV-STAT", "STATISTICS"])
    assert graphql_sync(view, '{ __type(name: "Person") { name } }').data == {"__type": None}
