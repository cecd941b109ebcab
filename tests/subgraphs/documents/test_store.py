"""What the store of documents promises beyond every store, asked of every adapter."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from authz.rows import Eq
from kernel.clock import FixedClock
from kernel.paging import Page
from subgraphs.documents.enumerations import DocumentKind, DocumentStatus
from subgraphs.documents.store import DocumentStore
from subgraphs.room.where import Compare, Listing, Sort
from tests.subgraphs.samples import document, id_of
from tests.subgraphs.stores import OpenStore, adapters_of


@pytest.fixture(params=adapters_of("documents"))
async def store(request: pytest.FixtureRequest, open_store: OpenStore) -> DocumentStore:
    opened: DocumentStore = await open_store("documents", request.param, FixedClock(datetime(2026, 6, 1, tzinfo=UTC)))
    return opened


async def test_a_document_is_named_by_kind_country_and_number_together(store):
    await store.put_many(
        [
            document(1, number="QV 0000001"),
            document(2, number="QV0000001", kind=DocumentKind.ID_CARD),
            document(3, number="QV0000001", issuing_country="EE"),
            document(4, number=None),
        ]
    )
    keys = [("PASSPORT", "LV", "QV0000001"), ("ID_CARD", "EE", "QV0000001"), ("PASSPORT", "LV", "")]
    found = await store.by_numbers(keys, {})
    assert {key: kept.record.id for key, kept in found.items()} == {keys[0]: id_of("doc", 1)}
    assert await store.by_numbers(keys, {"Document": Eq("kind", "ID_CARD")}) == {}


async def test_a_persons_documents_come_latest_issued_first(store):
    holder = id_of("per", 1)
    await store.put_many(
        [
            document(1, holder_id=holder, issued_on=date(2020, 1, 1)),
            document(2, holder_id=holder, issued_on=date(2024, 1, 1), status=DocumentStatus.INVALID),
            document(3, holder_id=id_of("per", 2)),
        ]
    )
    found = await store.of_holders([holder, id_of("per", 3)], {})
    assert {key: [kept.record.id for kept in held] for key, held in found.items()} == {
        holder: [id_of("doc", 2), id_of("doc", 1)]
    }
    valid = await store.of_holders([holder], {"Document": Eq("status", "VALID")})
    assert [kept.record.id for kept in valid[holder]] == [id_of("doc", 1)]


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        (Compare("kind", "eq", DocumentKind.ID_CARD), [2]),
        (Compare("number", "startsWith", "qv00"), [1, 2]),
        (Compare("issuing_country", "in", ("ee",)), [3]),
        (Compare("valid_to", "from", date(2030, 1, 1)), [1]),
        (Compare("valid_to", "to", date(2030, 1, 1)), []),
        (Compare("issued_on", "from", date(2020, 1, 3)), [2]),
        (Compare("status", "in", (DocumentStatus.VALID,)), [1, 2, 3]),
    ],
)
async def test_documents_are_narrowed_by_each_attribute(store, where, numbers):
    await store.put_many(
        [
            document(1, valid_to=date(2031, 1, 1)),
            document(2, kind=DocumentKind.ID_CARD),
            document(3, number="X1", issuing_country="EE"),
        ]
    )
    found = await store.find(Listing(where, (Sort("number"),), Page(10, False, None), {}))
    assert [placed.item.record.id for placed in found.items] == [id_of("doc", number) for number in numbers]
