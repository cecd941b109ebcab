"""What a room keeps of another room's rows may decide which rows are seen, and is shown to those alone who see all of them."""

from __future__ import annotations

import pytest

from authz.catalogue import catalogue_of
from authz.errors import ContractRefused
from authz.vocabulary import PROJECTED, PROJECTED_FROM
from saite.graph import api_schema
from tests.security.city import CITY, city
from tests.security.random_contracts import PROJECTIONS, book_of

READING = {"grants": [*CITY["grants"], {"purposes": ["CHECK"], "read": sorted(PROJECTIONS)}]}


def rows(event: object) -> dict[str, object]:
    return {"rows": {**CITY["rows"], "Event": event}}


@pytest.mark.parametrize("event", [{"in": ["territory", "$consumer.territories"]}, {"not": {"eq": ["sealed", True]}}, "none"])
def test_a_projection_of_events_is_not_shown_where_some_are_hidden(event: object) -> None:
    with pytest.raises(ContractRefused, match="tells of every Event"):
        book_of(city(**READING, **rows(event)))


def test_who_sees_every_event_may_read_the_projection() -> None:
    mask = book_of(city(**READING, **rows("all"))).mask("C-1", 1, "CHECK")
    assert mask is not None
    assert mask.read >= PROJECTIONS


def test_a_row_rule_over_a_projection_is_everybodys() -> None:
    rule = {"overlaps": ["involvedTerritories", "$consumer.territories"]}
    assert book_of(city(rows={**CITY["rows"], "Person": rule})).contracts


def test_every_field_that_shows_a_projection_is_known_to_be_one() -> None:
    catalogue = catalogue_of(api_schema())
    shown = {field for field in catalogue.fields if field.partition(".")[2] in PROJECTED}
    assert shown == PROJECTIONS
    assert PROJECTED_FROM in catalogue.row_attributes
    assert {name for declared in catalogue.row_attributes.values() for name in declared} >= PROJECTED
