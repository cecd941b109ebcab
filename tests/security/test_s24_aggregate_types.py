"""S-24 aggregate-types: counts in introspection and in operations."""

from __future__ import annotations

import pytest
from graphql import parse, print_schema

from authz.errors import NotInSchema
from authz.operation import authorise
from authz.view import view_of
from tests.authz.small_world import CONTRACT, SCHEMA, mask_of

HIDDEN = CONTRACT.replace(", PersonConnection.totalCount]\n", "]\n", 1)


def test_a_count_without_its_right_is_not_in_the_view() -> None:
    assert "totalCount" not in print_schema(view_of(SCHEMA, mask_of(document=HIDDEN)))
    assert "totalCount" in print_schema(view_of(SCHEMA, mask_of("STATISTICS", HIDDEN)))


def test_a_count_without_its_right_cannot_be_asked_for() -> None:
    with pytest.raises(NotInSchema):
        authorise(SCHEMA, parse("{ persons { totalCount } }"), None, mask_of(document=HIDDEN))


def test_the_right_to_read_is_no_right_to_count() -> None:
    mask = mask_of(
        document=HIDDEN.replace("Event.{id, kind, summary}", "Event.{id, kind, summary}\n      - PersonConnection.totalCount")
    )
    assert not mask.permits("count", "PersonConnection.totalCount")
    assert not mask.permits("read", "PersonConnection.totalCount")
