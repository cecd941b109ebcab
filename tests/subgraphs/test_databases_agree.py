"""Random questions to the same random registers on SQLite and PostgreSQL: the same records, order, cursors and counts.

Filters, orders, pages and row rules are drawn from what each room's tables offer; a seed makes a failure come back.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from authz.rows import AnyOf as AnyRule
from authz.rows import Eq, Exists, GeoWithin, In, Lte, Members, Overlaps, Point, Predicate
from authz.rows import Not as NoRule
from kernel.clock import FixedClock
from kernel.paging import Page
from subgraphs.events.enumerations import EventKind, EventStatus, PersonRole
from subgraphs.events.model import Place as EventPlace
from subgraphs.persons.model import PersonalCode
from subgraphs.room.enumerations import Classification, EntityKind
from subgraphs.room.postgresql_writes import without_nul
from subgraphs.room.records import Involved
from subgraphs.room.sql import Choice, Column, Place, Scope, Side
from subgraphs.room.where import All, AnyOf, Circle, Compare, Listing, Not, Some, Sort, Where
from tests.subgraphs import samples
from tests.subgraphs.stores import ADAPTERS, OpenStore

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RECORDS, QUESTIONS = 120, 150
TEXTS = ("a", "A", "Ā", "ā", "Šķēle", "skele", "ß", "Z", "ž", "_", "%", "a'b", "", "\U0001f693", "a\0b", "0001000", "LV-VP")
INSTANTS = tuple(samples.START + timedelta(hours=hours) for hours in (-30_000, 0, 1, 5, 900, 5_000))
DAYS = (date(1979, 1, 1), date(1980, 1, 3), date(2015, 1, 2), date(2020, 1, 2))
TERRITORIES = ("0001000", "0028000", "0028101")
AGENCIES = ("LV-PP-RIGA", "LV-VP", "LV-OP-RIGA")
TIMES = {"registered_at", "occurred", "occurred_at", "running_due"}
DATES = {"birth_date", "first_registered_on", "issued_on", "valid_to"}
ORDERS = {
    "events": ("occurred_at", "registered_at", "registration_number", "id"),
    "persons": ("family_name", "given_names", "birth_date", "id"),
    "vehicles": ("plate", "make", "model", "first_registered_on", "id"),
    "documents": ("issued_on", "number", "id"),
}
TYPES = {"events": "Event", "persons": "Person", "vehicles": "Vehicle", "documents": "Document"}


@dataclass
class Draw:
    chance: random.Random
    room: str
    records: list[Any]

    def one_of(self, values: Any) -> Any:
        return self.chance.choice(list(values))

    def record(self, number: int) -> Any:
        make = getattr(self, f"_{self.room}")
        classification = self.one_of(Classification)
        return make(number, classification=classification)

    def _events(self, number: int, **common: Any) -> Any:
        at = self.one_of(INSTANTS) + timedelta(microseconds=self.chance.randrange(3))
        atvk = self.one_of(TERRITORIES)
        place = self.one_of((None, EventPlace(atvk=atvk, lat=56 + self.chance.random(), lon=24 + self.chance.random())))
        parts = tuple(
            samples.person_part(number * 10 + n, self.one_of((None, 1, 2, 3)), self.one_of(PersonRole)) for n in range(3)
        )
        decisions = (samples.decision(self.one_of(("26-00001", "26-00002"))),) if self.chance.random() < 0.3 else ()
        return samples.event(
            number,
            occurred_from=self.one_of((None, at)),
            registered_at=at,
            kind=self.one_of(EventKind),
            status=self.one_of(EventStatus),
            subkind=self.one_of((None, *TEXTS)),
            territory_owner=self.one_of(AGENCIES),
            registration_number=self.one_of((None, f"VNR-{number % 9}")),
            place=place,
            persons=parts,
            decisions=decisions,
            sealed=self.chance.random() < 0.2,
            **common,
        )

    def _persons(self, number: int, **common: Any) -> Any:
        return samples.person(
            number,
            given_names=self.one_of((None, *TEXTS)),
            family_name=self.one_of((None, *TEXTS)),
            birth_date=self.one_of((None, *DAYS)),
            citizenship=self.one_of((None, "LV", "LT")),
            codes=tuple(PersonalCode(value=f"309912-{self.chance.randrange(20):05}") for _ in range(2)),
            involved=self._involved("per", number),
            **common,
        )

    def _vehicles(self, number: int, **common: Any) -> Any:
        return samples.vehicle(
            number,
            plate=self.one_of((None, f"QA-{number % 5}")),
            make=self.one_of(TEXTS),
            model=self.one_of(TEXTS),
            colour=self.one_of((None, "RED", "a\0b")),
            first_registered_on=self.one_of((None, *DAYS)),
            holders=(samples.holding(number, number % 4),),
            involved=self._involved("veh", number),
            **common,
        )

    def _documents(self, number: int, **common: Any) -> Any:
        return samples.document(
            number,
            number=f"QV{number % 6:07}",
            issued_on=self.one_of((None, *DAYS)),
            holder_id=self.one_of((None, samples.id_of("per", number % 4))),
            involved=self._involved("doc", number),
            **common,
        )

    def _involved(self, prefix: str, number: int) -> Involved | None:
        territories = tuple(sorted(self.chance.sample(TERRITORIES, self.chance.randrange(3))))
        agencies = tuple(sorted(self.chance.sample(AGENCIES, self.chance.randrange(3))))
        return self.one_of((None, Involved(samples.id_of(prefix, number), territories, agencies)))

    def where(self, scope: Scope, depth: int = 2) -> Where:
        kinds = ["compare"] * 4 + (["all", "any", "not"] if depth else []) + (["some"] * 2 if scope.edges else [])
        match self.chance.choice(kinds):
            case "all":
                return All(tuple(self.where(scope, depth - 1) for _ in range(self.chance.randrange(3))))
            case "any":
                return AnyOf(tuple(self.where(scope, depth - 1) for _ in range(self.chance.randrange(3))))
            case "not":
                return Not(self.where(scope, depth - 1))
            case "some":
                edge = self.one_of(scope.edges)
                return Some(edge, self.where(scope.edges[edge].scope, 0))
        # An involvement's own time is for orders alone: filters speak of its event's.
        names = [name for name in scope.attributes if name != "occurred_at" or scope.type_name == "Event"]
        name = self.one_of(names)
        return self.compare(name, scope.attributes[name])

    def compare(self, name: str, attribute: Any) -> Compare:
        match attribute:
            case Place():
                circle = Circle(56 + self.chance.random(), 24 + self.chance.random(), self.one_of((500, 20_000, 100_000)))
                return Compare(name, "within", circle)
            case Choice():
                return Compare(name, self.one_of(("eq",)), self.one_of(TERRITORIES))
            case Column() | Side() if name in TIMES:
                return Compare(name, self.one_of(("from", "to")), self.one_of(INSTANTS))
            case Column() if name in DATES:
                return Compare(name, self.one_of(("from", "to", "eq")), self.one_of(DAYS))
        operator = self.one_of(("eq", "in", "startsWith"))
        return Compare(name, operator, tuple(self.text(name) for _ in range(3)) if operator == "in" else self.text(name))

    def text(self, name: str) -> str:
        if name == "id":
            return self.one_of((*(record.id for record in self.records[:9]), "nonsense", "\0"))
        found = (getattr(record, name, None) for record in self.records)
        known = [getattr(value, "value", value) for value in found if value is not None]
        texts = [value for value in known if isinstance(value, str)]
        return self.one_of((*TEXTS, *texts[:30]))

    def rule(self, scope: Scope, depth: int = 2) -> Predicate:
        if depth and self.chance.random() < 0.4:
            parts = tuple(self.rule(scope, depth - 1) for _ in range(2))
            return self.one_of((AnyRule(parts), NoRule(parts[0])))
        name = self.one_of(scope.row_attributes)
        attribute = scope.row_attributes[name]
        if self.chance.random() < 0.1:
            return Exists(name)
        match attribute:
            case Members():
                values = TERRITORIES if "erritor" in name else AGENCIES if "gencies" in name else ("26-00001", "x")
                return Overlaps(name, tuple(self.chance.sample(values, self.chance.randrange(len(values)))))
            case Point():
                return GeoWithin(name, 56.5, 24.5, self.one_of((1_000.0, 30_000.0)))
        if name == "classification":
            return Lte(name, self.chance.randrange(5))
        if name == "sealed":
            return Eq(name, self.one_of((True, False)))
        values = ("LV", "LV-VP", "0001000", "REGISTERED", "LV-PP-RIGA", "a\0b")
        return self.one_of((Eq(name, self.one_of(values)), In(name, tuple(self.chance.sample(values, 3)))))

    def listing(self, scope: Scope) -> Listing:
        names = self.chance.sample(ORDERS[self.room], self.chance.randrange(1, 3))
        order = tuple(Sort(name, self.chance.random() < 0.5) for name in names)
        rows = {TYPES[self.room]: self.rule(scope)} if self.chance.random() < 0.6 else {}
        where = self.where(scope) if self.chance.random() < 0.8 else All(())
        return Listing(where, order, Page(self.one_of((1, 3, 20)), self.chance.random() < 0.3, None), rows)


@pytest.fixture(params=list(TYPES))
async def both(request: pytest.FixtureRequest, open_store: OpenStore) -> tuple[Draw, list[Any]]:
    """The same records, in the same two versions, in each database."""
    clock = FixedClock(NOW)
    stores = [await open_store(request.param, adapter, clock) for adapter in ADAPTERS]
    draw = Draw(random.Random(f"2026-11-23 {request.param}"), request.param, [])
    draw.records = [draw.record(number) for number in range(RECORDS)]
    later = [draw.record(number) for number in range(0, RECORDS, 4)]
    for records in (draw.records, later):
        clock.advance(timedelta(hours=1))
        outcomes = [await store.put_many(records) for store in stores]
        assert outcomes[0] == outcomes[1]
    return draw, stores


def plain(found: Any) -> Any:
    """What a caller sees; a cursor's place in PostgreSQL has another sign for NUL."""
    items = [(item.item.record, item.item.version, without_nul(list(item.position))) for item in found.items]
    return items, found.has_next, found.has_previous


@pytest.mark.slow
async def test_lists_pages_and_counts_are_the_same(both):
    draw, stores = both
    scope = import_module(f"subgraphs.{draw.room}.tables").SCOPE
    met = 0
    for _ in range(QUESTIONS):
        listing = draw.listing(scope)
        pages = [listing.page, listing.page]
        for _page in range(3):
            found = [
                await store.find(Listing(listing.where, listing.order, page, listing.rows))
                for store, page in zip(stores, pages, strict=True)
            ]
            assert plain(found[0]) == plain(found[1]), listing
            if not found[0].items:
                break
            met += 1
            edge = 0 if listing.page.backward else -1
            pages = [Page(listing.page.size, listing.page.backward, each.items[edge].position) for each in found]
        counts = [await store.count(listing.where, listing.rows) for store in stores]
        assert counts[0] == counts[1], listing
    assert met > QUESTIONS / 3, "most questions find something"


async def test_look_ups_by_id_and_histories_are_the_same(both):
    draw, stores = both
    scope = import_module(f"subgraphs.{draw.room}.tables").SCOPE
    for _ in range(20):
        ids = [draw.one_of(draw.records).id for _ in range(8)] + ["nonsense", "\0"]
        rows = {TYPES[draw.room]: draw.rule(scope)}
        found = [await store.by_ids(ids, rows) for store in stores]
        assert found[0] == found[1]
        histories = [await store.history(ids, rows) for store in stores]
        assert histories[0] == histories[1]


async def test_involvements_are_the_same(both):
    draw, stores = both
    if draw.room != "events":
        pytest.skip("only events have involvements")
    tables = import_module("subgraphs.events.tables")
    people = [samples.id_of("per", number) for number in (1, 2, 3, 9)]
    for _ in range(40):
        rows = {"Event": draw.rule(tables.SCOPE), "PersonInvolvement": In("role", ("WITNESS", "SUSPECT", "VICTIM"))}
        where = draw.where(tables.INVOLVEMENTS["persons"].scope)
        order = (Sort("occurred_at", draw.chance.random() < 0.5),)
        listing = Listing(where, order, Page(4, draw.chance.random() < 0.5, None), rows)
        pages = [await store.involvements(EntityKind.PERSON, people, listing) for store in stores]
        assert pages[0] == pages[1], listing
        counts = [await store.count_involvements(EntityKind.PERSON, people, where, rows) for store in stores]
        assert counts[0] == counts[1], listing
        ids = [draw.one_of(draw.records).id for _ in range(5)]
        edges = [await store.involvements_of("persons", ids, rows) for store in stores]
        assert edges[0] == edges[1]
    projections = [[batch async for batch in store.involved(EntityKind.PERSON)] for store in stores]
    assert projections[0] == projections[1]
