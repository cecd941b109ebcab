from __future__ import annotations

from datetime import UTC, datetime

import pytest
from strawberry import UNSET

from kernel.errors import ClientError
from subgraphs.events.enumerations import EventKind
from subgraphs.events.inputs import EventOrder, EventWhere, PlaceWhere
from subgraphs.room.errors import BadFilter
from subgraphs.room.filters import CircleInput, ExactFilter, Filter, PointFilter, TextFilter, TimeFilter
from subgraphs.room.narrowing import EVERYTHING, order_of, where_of
from subgraphs.room.where import All, AnyOf, Circle, Compare, Not, Some, Sort

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_no_where_is_everything():
    assert where_of(UNSET) == where_of(None) == where_of(EventWhere()) == EVERYTHING


def test_conditions_beside_each_other_hold_together():
    given = EventWhere(kind=Filter(eq=EventKind.SAFETY_THREAT), occurred=TimeFilter(from_=AT, to=AT))
    occurred = All((Compare("occurred", "from", AT), Compare("occurred", "to", AT)))
    assert where_of(given) == All((Compare("kind", "eq", EventKind.SAFETY_THREAT), occurred))


def test_and_or_not_nest():
    noise = EventWhere(subkind=ExactFilter(in_=["NOISE", "THEFT"]))
    inner = Compare("subkind", "in", ("NOISE", "THEFT"))
    assert where_of(EventWhere(or_=[noise, EventWhere(not_=noise)])) == AnyOf((inner, Not(inner)))
    assert where_of(EventWhere(and_=[noise])) == All((inner,))
    assert where_of(EventWhere(or_=[])) == AnyOf(())


def test_a_place_is_an_edge_with_its_own_conditions():
    near = PointFilter(within=CircleInput(lat=56.9, lon=24.1, metres=500))
    given = EventWhere(place=PlaceWhere(atvk=ExactFilter(eq="0001000"), point=near))
    inside = Compare("point", "within", Circle(56.9, 24.1, 500))
    assert where_of(given) == Some("place", All((Compare("atvk", "eq", "0001000"), inside)))


def deep(levels: int) -> EventWhere:
    where = EventWhere()
    for _ in range(levels):
        where = EventWhere(not_=where)
    return where


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (EventWhere(kind=Filter()), "operator"),
        (EventWhere(kind=None), "null"),
        (EventWhere(kind=Filter(eq=None)), "null"),
        (EventWhere(subkind=ExactFilter(in_=["X"] * 101)), "100"),
        (EventWhere(registration_number=TextFilter(starts_with=" V ")), "2 characters"),
        (EventWhere(place=PlaceWhere(point=PointFilter(within=CircleInput(lat=91, lon=0, metres=1)))), "circle"),
        (EventWhere(place=PlaceWhere(point=PointFilter(within=CircleInput(lat=1, lon=0, metres=100_001)))), "circle"),
        (deep(9), "nested"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_do(given, word):
    with pytest.raises(BadFilter, match=word) as refused:
        where_of(given)
    assert isinstance(refused.value, ClientError)
    assert ":" in refused.value.message


def test_an_order_names_its_attribute_and_direction_and_counts_once():
    given = [EventOrder.OCCURRED_AT_DESC, EventOrder.REGISTERED_AT_ASC, EventOrder.OCCURRED_AT_ASC]
    assert order_of(given, (Sort("id"),)) == (Sort("occurred_at", descending=True), Sort("registered_at"))
    assert order_of(UNSET, (Sort("id"),)) == order_of([], (Sort("id"),)) == (Sort("id"),)
