"""The same questions, the same answers: SQLite and MongoDB over random documents, filters, orders, pages and row rules."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from authz.rows import All as EachOf
from authz.rows import AnyOf as OneOf
from authz.rows import Eq, Exists, Gte, In, Lte, Overlaps, Predicate, holds
from authz.rows import Not as No
from kernel.clock import FixedClock
from kernel.paging import Page
from subgraphs.documents.enumerations import DocumentKind, DocumentStatus
from subgraphs.documents.model import DocumentRecord
from subgraphs.documents.store import DocumentStore
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved
from subgraphs.room.where import All, AnyOf, Compare, Listing, Not, Rows, Sort, Where
from tests.subgraphs.samples import document, id_of
from tests.subgraphs.stores import OpenStore

CLOCK = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))
# Signs that lie apart in bytes, in code points and in alphabets. Not U+E000–U+FFFF beside what lies above: servers written in
# Java order these two by UTF-16; MongoDB itself, as SQLite, by bytes.
NUMBERS = ("QV1", "qv 1", "QV10", "QV-2", "Q", "ŽQ1", "zq", "Z", "Āa", "aā", "$where", "Q\0V", "\U0001f600", "ß", None, "")
COUNTRIES = ("LV", "EE", "LT", "$gt", "")
TERRITORIES = ("0001000", "0005000", "0027000")
AGENCIES = ("LV-VP", "LV-PP-RIGA", "$in")
DAYS = (None, *(date(2020, 1, 1) + timedelta(days=days) for days in (0, 1, 2, 400)))
SORTS = ("issued_on", "number", "id", "valid_to", "kind")


def some_document(chance: random.Random, number: int) -> DocumentRecord:
    key = id_of("doc", number)
    places = tuple(chance.sample(TERRITORIES, chance.randrange(3)))
    return document(
        number,
        kind=chance.choice(list(DocumentKind)[:3]),
        number=chance.choice(NUMBERS),
        issuing_country=chance.choice(COUNTRIES),
        holder_id=chance.choice((None, id_of("per", chance.randrange(6)))),
        issued_on=chance.choice(DAYS),
        valid_to=chance.choice(DAYS),
        status=chance.choice(list(DocumentStatus)),
        classification=chance.choice(list(Classification)),
        involved=chance.choice((None, Involved(key, places, tuple(chance.sample(AGENCIES, chance.randrange(3)))))),
    )


def some_comparison(chance: random.Random) -> Where:
    text = chance.choice([number for number in NUMBERS if number is not None])
    day = chance.choice([each for each in DAYS if each is not None])
    return chance.choice(
        (
            Compare("kind", "eq", chance.choice(list(DocumentKind))),
            Compare("status", "in", tuple(chance.sample(list(DocumentStatus), chance.randrange(4)))),
            Compare("issuing_country", "eq", chance.choice(COUNTRIES).lower()),
            Compare("number", "eq", text),
            Compare("number", "in", tuple(number for number in chance.sample(NUMBERS, 3) if number is not None)),
            Compare("number", "startsWith", text),
            Compare(chance.choice(("issued_on", "valid_to")), chance.choice(("from", "to")), day),
            Compare("id", "in", tuple(id_of("doc", chance.randrange(60)) for _ in range(20))),
        )
    )


def some_where(chance: random.Random, depth: int = 3) -> Where:
    if depth == 0 or chance.random() < 0.4:
        return some_comparison(chance)
    items = tuple(some_where(chance, depth - 1) for _ in range(chance.randrange(4)))
    return chance.choice((All(items), AnyOf(items), Not(some_where(chance, depth - 1))))


def some_rule(chance: random.Random, depth: int = 2) -> Predicate:
    if depth == 0 or chance.random() < 0.4:
        return chance.choice(
            (
                chance.choice((Lte, Gte))("classification", chance.randrange(5)),
                Eq("kind", chance.choice(("PASSPORT", "ID_CARD", "$ne"))),
                In("status", tuple(chance.sample(("VALID", "INVALID", "NOT_LISTED"), chance.randrange(3)))),
                Overlaps("involvedTerritories", tuple(chance.sample(TERRITORIES, chance.randrange(3)))),
                Overlaps("involvedAgencies", tuple(chance.sample(AGENCIES, chance.randrange(1, 3)))),
                Exists(chance.choice(("involvedTerritories", "status", "involvedAgencies"))),
            )
        )
    items = tuple(some_rule(chance, depth - 1) for _ in range(chance.randrange(1, 3)))
    return chance.choice((EachOf(items), OneOf(items), No(some_rule(chance, depth - 1))))


def some_listing(chance: random.Random, position: tuple[Any, ...] | None, order: tuple[Sort, ...]) -> Listing:
    page = Page(chance.randrange(1, 12), chance.random() < 0.5, position)
    rows: Rows = {} if chance.random() < 0.3 else {"Document": some_rule(chance)}
    where = All(()) if chance.random() < 0.3 else some_where(chance)
    return Listing(where, order, page, rows)


def attributes_of(record: DocumentRecord) -> dict[str, object]:
    involved = record.involved or Involved(record.id)
    return {
        "classification": record.classification.level,
        "kind": record.kind.value,
        "status": record.status.value,
        "involvedTerritories": set(involved.territories),
        "involvedAgencies": set(involved.agencies),
    }


Stores = tuple[list[DocumentRecord], DocumentStore, DocumentStore]


@pytest.fixture
async def stores(open_store: OpenStore) -> Stores:
    chance = random.Random(20261123)
    records = [some_document(chance, number) for number in range(60)]
    embedded = await open_store("documents", "sqlite", CLOCK)
    mongodb = await open_store("documents", "mongodb", CLOCK)
    for store in (embedded, mongodb):
        await store.put_many(records)
        await store.add_involved([Involved(id_of("doc", 99), ("0001000",), ("LV-VP",))])
    return records, embedded, mongodb


async def test_random_pages_and_counts_are_the_same(stores: Stores) -> None:
    _, embedded, mongodb = stores
    chance = random.Random(7)
    found = 0
    for _ in range(250):
        order = tuple(Sort(name, chance.random() < 0.5) for name in chance.sample(SORTS, chance.randrange(1, 4)))
        anywhere = await embedded.find(Listing(All(()), order, Page(50, False, None), {}))
        position = chance.choice((None, chance.choice(anywhere.items).position))
        listing = some_listing(chance, position, order)
        right = await embedded.find(listing)
        assert await mongodb.find(listing) == right, listing
        assert await mongodb.count(listing.where, listing.rows) == await embedded.count(listing.where, listing.rows), listing
        found += len(right.items)
    assert found > 300


async def test_row_rules_show_what_python_says(stores: Stores) -> None:
    records, _, mongodb = stores
    chance = random.Random(8)
    ids = [record.id for record in records]
    for _ in range(150):
        rule = some_rule(chance)
        right = {record.id for record in records if holds(rule, attributes_of(record))}
        assert set(await mongodb.by_ids(ids, {"Document": rule})) == right, rule


async def test_look_ups_by_number_and_holder_are_the_same(stores: Stores) -> None:
    _, embedded, mongodb = stores
    chance = random.Random(9)
    for _ in range(80):
        rows = {"Document": some_rule(chance)}
        keys = [(kind.value, country, number or "") for kind in DocumentKind for country in COUNTRIES for number in NUMBERS[:8]]
        asked = chance.sample(keys, 40)
        assert await mongodb.by_numbers(asked, rows) == await embedded.by_numbers(asked, rows)
        holders = [id_of("per", number) for number in chance.sample(range(8), 3)]
        assert await mongodb.of_holders(holders, rows) == await embedded.of_holders(holders, rows)


async def test_after_random_writes_both_keep_the_same(stores: Stores) -> None:
    records, embedded, mongodb = stores
    chance = random.Random(10)
    ids = [record.id for record in records]
    for _ in range(12):
        batch = [some_document(chance, chance.randrange(70)) for _ in range(25)]
        moved = [Involved(id_of("doc", chance.randrange(80)), tuple(chance.sample(TERRITORIES, 2)))]
        assert await mongodb.put_many(batch) == await embedded.put_many(batch)
        for store in (embedded, mongodb):
            await store.replace_involved(moved)
    assert await mongodb.by_ids(ids, {}) == await embedded.by_ids(ids, {})
    assert await mongodb.history(ids, {}) == await embedded.history(ids, {})
    things = [*ids, *(id_of("per", number) for number in range(8))]
    assert await mongodb.linked(things) == await embedded.linked(things)
    assert [each async for batch in mongodb.projected() for each in batch] == [
        each async for batch in embedded.projected() for each in batch
    ]
    waiting, right = await mongodb.projection_changes(1000), await embedded.projection_changes(1000)
    assert {change.target for change in waiting} == {change.target for change in right}
    assert len({change.number for change in waiting}) == len(waiting)
    for store, changes in ((embedded, right), (mongodb, waiting)):
        await store.followed([change.number for change in changes])
        assert await store.projection_changes(10) == []
