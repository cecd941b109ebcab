"""One rule, four languages: Python, SQL (SQLite and PostgreSQL), MongoDB and Elasticsearch show the same rows."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from elasticsearch import Elasticsearch
from pymongo import MongoClient
from sqlalchemy.dialects import postgresql

from authz.rows import (
    Column,
    Eq,
    Gte,
    In,
    IndexField,
    IndexMembers,
    IndexPoint,
    Lte,
    Members,
    MongoField,
    MongoMembers,
    MongoPoint,
    Not,
    Point,
    Predicate,
    holds,
    to_elasticsearch,
    to_mongo,
    to_sql,
)
from authz.rows.moments import instant_of, written
from tests.authz.rows.chance import Row, every_leaf_both_ways, world

ROWS, RULES = world(seed=20261123, rows=300, rules=400)
ASKED = every_leaf_both_ways(RULES)
SHOWN = [{number for number, row in enumerate(ROWS) if holds(rule, row)} for rule in ASKED]

METADATA = sa.MetaData()
ITEM = sa.Table(
    "item",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("territory", sa.Text),
    sa.Column("classification", sa.Integer),
    sa.Column("weight", sa.Double),
    sa.Column("sealed", sa.Boolean),
    sa.Column("born", sa.Text),
    sa.Column("seen", sa.BigInteger),
    sa.Column("lat", sa.Double),
    sa.Column("lon", sa.Double),
)
TAG = sa.Table("tag", METADATA, sa.Column("item", sa.Integer, index=True), sa.Column("value", sa.Text))
SINGLE = ("territory", "classification", "weight", "sealed", "born")


def microseconds(said: object) -> int:
    """How the rooms keep instants: whole microseconds since 1970."""
    at = instant_of(str(said)) - datetime(1970, 1, 1, tzinfo=instant_of(str(said)).tzinfo)
    return (at.days * 86_400 + at.seconds) * 1_000_000 + at.microseconds


def side_row_with(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(TAG.c.item).where(TAG.c.item == ITEM.c.id, condition))


SQL_ATTRIBUTES = {
    **{name: Column(ITEM.c[name]) for name in SINGLE},
    "seen": Column(ITEM.c.seen, microseconds),
    "place": Point(ITEM.c.lat, ITEM.c.lon),
    "tags": Members(TAG.c.value, side_row_with),
}


def item_of(number: int, row: Row) -> dict[str, Any]:
    lat, lon = row["place"] or (None, None)
    seen = None if row["seen"] is None else microseconds(written(row["seen"]))
    return {"id": number, "lat": lat, "lon": lon, "seen": seen, **{name: spelled(row[name]) for name in SINGLE}}


def spelled(value: object) -> object:
    return written(value) if isinstance(value, date) else value


def tags() -> list[dict[str, Any]]:
    return [{"item": number, "value": tag} for number, row in enumerate(ROWS) for tag in row["tags"] or ()]


def differing(answer: Callable[[Predicate], set[int]]) -> list[tuple[Predicate, set[int]]]:
    """The rules that a store answers otherwise than Python, with the rows in question."""
    found = ((rule, answer(rule) ^ shown) for rule, shown in zip(ASKED, SHOWN, strict=True))
    return [(rule, rows) for rule, rows in found if rows]


def test_the_world_of_this_test_tells_rules_apart() -> None:
    assert len(ASKED) > 800
    assert sum(0 < len(shown) < len(ROWS) for shown in SHOWN) > len(ASKED) / 2


def test_sqlite_shows_the_rows_that_python_shows() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        METADATA.create_all(connection)
        connection.execute(sa.insert(ITEM), [item_of(number, row) for number, row in enumerate(ROWS)])
        connection.execute(sa.insert(TAG), tags())
        ids = sa.select(ITEM.c.id)
        assert differing(lambda rule: set(connection.scalars(ids.where(to_sql(rule, SQL_ATTRIBUTES))))) == []
    engine.dispose()


async def test_postgresql_shows_the_rows_that_python_shows(postgresql_url: str) -> None:
    connection = await asyncpg.connect(postgresql_url)
    dialect = postgresql.asyncpg.dialect()
    schema = f"rows_{secrets.token_hex(4)}"
    try:
        await connection.execute(f"CREATE SCHEMA {schema}; SET search_path TO {schema}")
        for table in (ITEM, TAG):
            await connection.execute(str(sa.schema.CreateTable(table).compile(dialect=dialect)))
        records = [item_of(number, row) for number, row in enumerate(ROWS)]
        columns = [column.name for column in ITEM.columns]
        await connection.copy_records_to_table(
            "item", records=[tuple(record[name] for name in columns) for record in records], columns=columns
        )
        await connection.copy_records_to_table("tag", records=[(tag["item"], tag["value"]) for tag in tags()])
        wrong = []
        for rule, shown in zip(ASKED, SHOWN, strict=True):
            compiled = (
                sa.select(ITEM.c.id)
                .where(to_sql(rule, SQL_ATTRIBUTES))
                .compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
            )
            values = [compiled.params[name] for name in compiled.positiontup or ()]
            found = {row["id"] for row in await connection.fetch(str(compiled), *values)}
            if found != shown:
                wrong.append((rule, found ^ shown))
        assert wrong == []
    finally:
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
        await connection.close()


MONGO_ATTRIBUTES = {
    **{name: MongoField(f"values.{name}") for name in SINGLE},
    "seen": MongoField("values.seen", microseconds),
    "place": MongoPoint("place.lat", "place.lon"),
    "tags": MongoMembers("tags"),
}


def document_of(number: int, row: Row) -> dict[str, Any]:
    """Nothing is a missing field in every second document, and null (in sets: also null members) in the others."""
    item = item_of(number, row)
    values = {name: item[name] for name in (*SINGLE, "seen")}
    place = {"lat": item["lat"], "lon": item["lon"]}
    tags = sorted(row["tags"] or ())
    if number % 2:
        values = {name: value for name, value in values.items() if value is not None}
        return {"_id": number, "values": values} | ({"place": place} if row["place"] else {}) | ({"tags": tags} if tags else {})
    tags_or_nothing = None if row["tags"] is None else [None, *tags]
    return {"_id": number, "values": values, "place": place if row["place"] else None, "tags": tags_or_nothing}


@pytest.fixture
def collection(mongodb_url: str) -> Iterator[Any]:
    with MongoClient(mongodb_url) as client:
        name = f"rows_{secrets.token_hex(4)}"
        collection = client[name].item
        collection.insert_many([document_of(number, row) for number, row in enumerate(ROWS)])
        yield collection
        client.drop_database(name)


def test_mongodb_shows_the_rows_that_python_shows(collection: Any) -> None:
    def shown(rule: Predicate) -> set[int]:
        found = collection.find(to_mongo(rule, MONGO_ATTRIBUTES), {"_id": True}, batch_size=1_000)
        return {document["_id"] for document in found}

    assert differing(shown) == []


def test_a_value_of_another_type_shows_no_row_in_mongodb(collection: Any) -> None:
    collection.insert_one({"_id": -1, "values": {"territory": 7, "classification": "1", "sealed": "yes"}})
    leaves = (
        Eq("territory", "x"),
        In("territory", ("x",)),
        Lte("classification", 2),
        Gte("classification", 2),
        Eq("sealed", True),
    )
    for leaf in leaves:
        for rule in (leaf, Not(leaf)):
            found = collection.find({"$and": [{"_id": -1}, to_mongo(rule, MONGO_ATTRIBUTES)]})
            assert list(found) == [], rule


def test_a_list_of_several_kinds_shows_no_row_anywhere() -> None:
    mixed = In("territory", ("x", 1))
    for rule in (mixed, Not(mixed)):
        assert not holds(rule, {"territory": "x"})
        assert to_mongo(rule, MONGO_ATTRIBUTES) == {"$nor": [{}]}
        assert to_elasticsearch(rule, INDEX_ATTRIBUTES) == {"match_none": {}}


INDEX_ATTRIBUTES = {
    **{name: IndexField(name) for name in SINGLE},
    "seen": IndexField("seen", microseconds),
    "place": IndexPoint("lat", "lon"),
    "tags": IndexMembers("tags"),
}
MAPPING = {
    "territory": "keyword",
    "classification": "integer",
    "weight": "double",
    "sealed": "boolean",
    "born": "keyword",
    "seen": "long",
    "lat": "double",
    "lon": "double",
    "tags": "keyword",
}


def indexed(number: int, row: Row) -> dict[str, Any]:
    document = item_of(number, row) | {"tags": sorted(row["tags"] or ())}
    del document["id"]
    if number % 2:
        return {name: value for name, value in document.items() if value not in (None, [])}
    return document | {"tags": [*document["tags"], None]}


@pytest.fixture
def index(elasticsearch_url: str) -> Iterator[tuple[Elasticsearch, str]]:
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        name = f"rows-{secrets.token_hex(4)}"
        properties = {field: {"type": kind} for field, kind in MAPPING.items()}
        client.indices.create(
            index=name,
            settings={"number_of_shards": 1, "number_of_replicas": 0},
            mappings={"dynamic": "strict", "properties": properties},
        )
        lines: list[Any] = []
        for number, row in enumerate(ROWS):
            lines += [{"index": {"_id": str(number)}}, indexed(number, row)]
        assert not client.bulk(index=name, operations=lines, refresh=True)["errors"]
        yield client, name
        client.indices.delete(index=name)


def test_elasticsearch_shows_the_rows_that_python_shows(index: tuple[Elasticsearch, str]) -> None:
    client, name = index
    searches: list[Any] = []
    for rule in ASKED:
        query = {"bool": {"filter": [to_elasticsearch(rule, INDEX_ATTRIBUTES)]}}
        searches += [{"index": name}, {"query": query, "size": len(ROWS), "_source": False}]
    answers = client.msearch(searches=searches, max_concurrent_searches=2)["responses"]
    assert [json.dumps(answer["error"]) for answer in answers if "error" in answer] == []
    found = [{int(hit["_id"]) for hit in answer["hits"]["hits"]} for answer in answers]
    assert [(rule, one ^ shown) for rule, one, shown in zip(ASKED, found, SHOWN, strict=True) if one != shown] == []
