"""Python and SQLite must agree on every rule and every row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authz.errors import RowAttributeMissing
from authz.rows import (
    All,
    AnyOf,
    Column,
    Eq,
    Exists,
    GeoWithin,
    Gte,
    In,
    Lte,
    Members,
    Not,
    Overlaps,
    Point,
    Predicate,
    SqlAttribute,
    holds,
    to_sql,
)

METADATA = sa.MetaData()
ITEM = sa.Table(
    "item",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("territory", sa.Text),
    sa.Column("classification", sa.Integer),
    sa.Column("weight", sa.Float),
    sa.Column("sealed", sa.Boolean),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
)
TAG = sa.Table("tag", METADATA, sa.Column("item", sa.Integer), sa.Column("value", sa.Text))


def side_row_with(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(TAG.c.item).where(TAG.c.item == ITEM.c.id, condition))


ATTRIBUTES: dict[str, SqlAttribute] = {
    "territory": Column(ITEM.c.territory),
    "classification": Column(ITEM.c.classification),
    "weight": Column(ITEM.c.weight),
    "sealed": Column(ITEM.c.sealed),
    "place": Point(ITEM.c.lat, ITEM.c.lon),
    "tags": Members(TAG.c.value, side_row_with),
}

texts = st.sampled_from(["0001000", "0034000", "", "Ā", "a'b", "%"])
numbers = st.integers(-1, 3)
floats = st.sampled_from([-1.5, 0.0, 0.1, 2.0, 3.25])
latitudes = st.floats(56.90, 57.00, width=64)
longitudes = st.floats(24.00, 24.20, width=64)

leaves: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(Eq, st.just("territory"), texts),
    st.builds(Eq, st.just("classification"), numbers),
    st.builds(Eq, st.just("sealed"), st.booleans()),
    st.builds(In, st.just("territory"), st.lists(texts, max_size=3).map(tuple)),
    st.builds(In, st.just("classification"), st.lists(numbers, max_size=3).map(tuple)),
    st.builds(Overlaps, st.just("tags"), st.lists(texts, max_size=3).map(tuple)),
    st.builds(Lte, st.just("classification"), numbers),
    st.builds(Gte, st.just("classification"), numbers),
    st.builds(Lte, st.just("weight"), floats),
    st.builds(Gte, st.just("weight"), floats),
    st.builds(Exists, st.sampled_from(["territory", "classification", "sealed", "tags", "place"])),
    st.builds(GeoWithin, st.just("place"), latitudes, longitudes, st.sampled_from([100.0, 1_000.0, 5_000.0])),
)
predicates: st.SearchStrategy[Predicate] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)
rows = st.fixed_dictionaries(
    {
        "territory": st.none() | texts,
        "classification": st.none() | numbers,
        "weight": st.none() | floats,
        "sealed": st.none() | st.booleans(),
        "tags": st.sets(texts, max_size=3),
        "place": st.none() | st.tuples(latitudes, longitudes),
    }
)


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        METADATA.create_all(opened)
        yield opened
    engine.dispose()


def store(connection: sa.Connection, items: list[dict[str, Any]]) -> None:
    connection.execute(sa.delete(ITEM))
    connection.execute(sa.delete(TAG))
    for number, item in enumerate(items):
        lat, lon = item["place"] or (None, None)
        plain = {key: item[key] for key in ("territory", "classification", "weight", "sealed")}
        connection.execute(sa.insert(ITEM).values(id=number, lat=lat, lon=lon, **plain))
        for tag in item["tags"]:
            connection.execute(sa.insert(TAG).values(item=number, value=tag))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(predicate=predicates, items=st.lists(rows, min_size=1, max_size=6))
def test_sqlite_and_python_show_the_same_rows(
    connection: sa.Connection, predicate: Predicate, items: list[dict[str, Any]]
) -> None:
    store(connection, items)
    found = set(connection.scalars(sa.select(ITEM.c.id).where(to_sql(predicate, ATTRIBUTES))))
    assert found == {number for number, item in enumerate(items) if holds(predicate, item)}


def test_values_are_bound_and_never_written_into_the_statement() -> None:
    text = "x' OR 1=1 --"
    compiled = sa.select(ITEM.c.id).where(to_sql(All((Eq("territory", text), In("territory", (text,)))), ATTRIBUTES)).compile()
    assert "OR 1=1" not in str(compiled)
    assert text in compiled.params.values()


def test_negation_is_coalesced() -> None:
    assert "coalesce" in str(to_sql(Not(Eq("territory", "x")), ATTRIBUTES)).lower()


def test_an_attribute_that_the_store_lacks_is_an_error() -> None:
    with pytest.raises(RowAttributeMissing, match="`nowhere`"):
        to_sql(Eq("nowhere", 1), ATTRIBUTES)


def test_a_rule_does_not_read_an_attribute_of_another_kind() -> None:
    with pytest.raises(RowAttributeMissing, match="overlaps"):
        to_sql(Overlaps("territory", ("x",)), ATTRIBUTES)
