"""The rows of one event become records with ids of their own source, or all their faults at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.faults import Reason
from ingest.layout import layout_of
from ingest.mapping import Mapping, read_mapping
from ingest.translation import Bundle, Placed, Translated, Translator
from kernel.ids import is_id
from subgraphs.events.enumerations import DataSubjectCategory
from tests.ingest.small import SMALL, TEXT, small

JOURNALS = "journals:\n"
WITH_CARS = (
    TEXT.replace(JOURNALS, f'{JOURNALS}  cars: {{ match: "c*.csv" }}\n')
    + """
vehicles:
  from: cars
  event: number
  id: plate
  skip: { column: plate, is: none }
  record: { plate: plate, country: { value: LV } }
  involvement: { role: { value: SEEN } }
"""
)


def translator(mapping: Mapping) -> Translator:
    return Translator(mapping, layout_of(mapping))


def bundle(persons: tuple[tuple[str | None, ...], ...] = (), cars: tuple[tuple[str | None, ...], ...] = ()) -> Bundle:
    main = Placed("events.csv", 2, ("7", "2026-01-01 10:00", "seven"))
    rows = tuple(Placed("persons.csv", line, row) for line, row in enumerate(persons, 2))
    return Bundle("7", (main,), (rows, tuple(Placed("cars.csv", line, row) for line, row in enumerate(cars, 2))))


def made(mapping: Mapping, rows: Bundle, known: str | None = None) -> Translated:
    result = translator(mapping).translate(rows, known)
    assert isinstance(result, Translated)
    return result


def columns(mapping: Mapping) -> tuple[str, ...]:
    return layout_of(mapping).columns["persons"]


def test_the_same_rows_make_the_same_ids_and_other_rows_others() -> None:
    assert columns(small()) == ("number", "seat", "sex", "role", "age")
    one, two = ("7", "1", "V", "driver", "40"), ("7", "2", "S", "walker", "20")
    first, again, other = (made(small(), bundle(rows)) for rows in ((one, two), (one, two), (two,)))
    assert first == again
    assert first.event.id == other.event.id
    assert first.event.persons[1].id == other.event.persons[0].id
    ids = [first.event.id, *(person.id for person in first.event.persons), *(thing.record.id for thing in first.things)]
    assert len(set(ids)) == 5
    assert all(map(is_id, ids))


def test_an_event_keeps_the_id_that_it_has_and_its_parts_follow_it() -> None:
    one = ("7", "1", "V", "driver", "40")
    first = made(small(), bundle((one,)))
    later = bundle((one,))._replace(main=(Placed("events.csv", 2, ("7", "2027-01-01 10:00", "seven")),))
    moved = made(small(), later, first.event.id)
    assert moved.event.registered_at != first.event.registered_at
    assert moved.event.id == first.event.id
    assert moved.event.persons[0].id == first.event.persons[0].id


def test_the_category_of_a_data_subject_follows_from_the_role_where_the_mapping_is_silent() -> None:
    walker = made(small(**{"walker: PEDESTRIAN": "walker: SUSPECT"}), bundle((("7", "2", "S", "walker", "20"),)))
    assert walker.event.persons[0].category is DataSubjectCategory.SUSPECT


def test_all_faults_of_an_event_are_told_at_once() -> None:
    rows = bundle((("7", "1", "V", "pilot", "-1"), ("7", "1", "V", "driver", "1"), ("7", None, "V", "driver", "1")))
    broken = rows._replace(main=(Placed("events.csv", 9, ("7", None, "seven")),))
    faults = translator(small()).translate(broken, None)
    assert isinstance(faults, list)
    assert [(fault.file, fault.line, fault.column, fault.reason) for fault in faults] == [
        ("events.csv", 9, "at", Reason.MISSING_VALUE),
        ("persons.csv", 2, "role", Reason.UNKNOWN_CODE),
        ("persons.csv", 2, "age", Reason.OUT_OF_RANGE),
        ("persons.csv", 3, "seat", Reason.DUPLICATE_ID),
        ("persons.csv", 4, "seat", Reason.MISSING_VALUE),
    ]


def test_a_person_is_linked_to_the_vehicle_of_the_same_event() -> None:
    mapping = read_mapping(WITH_CARS.replace("  id: seat", "  id: seat\n  vehicle: car"), "cars.yaml")
    assert columns(mapping) == ("number", "seat", "sex", "role", "age", "car")
    people = (
        ("7", "1", "V", "driver", "40", "QA-1"),
        ("7", "2", "S", "walker", "20", "none"),
        ("7", "3", "S", "walker", "9", None),
    )
    event = made(mapping, bundle(people, (("7", "QA-1"), ("7", "none")))).event
    assert [person.vehicle_involvement_id for person in event.persons] == [event.vehicles[0].id, None, None]
    faults = translator(mapping).translate(bundle(people), None)
    assert isinstance(faults, list)
    assert {fault.reason for fault in faults} == {Reason.NO_SUCH_LINK}


def test_an_event_from_before_the_time_of_ids_has_an_id_all_the_same() -> None:
    old = bundle()._replace(main=(Placed("events.csv", 2, ("7", "1950-01-01 10:00", "seven")),))
    assert made(small(), old).event.registered_at.year == 1950
    assert is_id(made(small(), old).event.id, "evt")


def test_things_bring_the_projection_that_row_rules_of_their_rooms_need() -> None:
    placed = small(**{"summary: what": "place.atvk: { value: '0040210' }"})
    rows = bundle((("7", "1", "V", "driver", "40"),))._replace(main=(Placed("events.csv", 2, ("7", "2026-01-01 10:00")),))
    (person,) = made(placed, rows).things
    assert (person.record.involved.territories, person.record.involved.agencies) == (("0040000",), ("LV-PP-RIGA",))


@given(
    st.lists(
        st.tuples(*[st.none() | st.text(max_size=8) | st.sampled_from(["1", "2026-01-01 10:00", "driver"])] * 5), max_size=3
    )
)
def test_any_rows_make_an_event_or_faults_with_places(rows: list[tuple[str | None, ...]]) -> None:
    event = Placed("events.csv", 2, rows[0][:3] if rows else ("7", "9999-12-31 23:59", None))
    result = translator(SMALL).translate(Bundle("7", (event,), (tuple(Placed("persons.csv", 3, row) for row in rows),)), None)
    if isinstance(result, list):
        assert all(fault.file and fault.line and fault.message() for fault in result)
