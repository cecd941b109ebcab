"""What an import promises: everything comes in once, changes are versions, bad rows wait, and the counts tell the truth."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from authz.audit import verify
from ingest.errors import ImportRunning, JournalUnreadable
from ingest.faults import Reason
from ingest.ledger import EntryKind, EntryState
from ingest.report import Progress, Report
from subgraphs.events.enumerations import PersonRole
from subgraphs.events.model import EventRecord
from subgraphs.persons.enumerations import Verification
from tests.ingest.registers import House
from tests.ingest.small import EVENTS, PERSONS, SMALL, small, write

HOUSE = Path(__file__).resolve().parents[2]
EXAMPLES = HOUSE / "examples"


def told(report: Report) -> tuple[int, int, int, int, int]:
    counts = report.counts
    assert counts.read == counts.new + counts.changed + counts.same + counts.quarantined
    return counts.read, counts.new, counts.changed, counts.same, counts.quarantined


async def event(here: House, number: str, system: str = "SMALL") -> EventRecord:
    ids = await here.registers.events.ids_by_source(system, [number])
    return (await here.registers.events.by_ids([ids[number]], {}))[ids[number]].record


async def test_events_come_in_with_their_persons_and_a_second_import_adds_nothing(here: House, tmp_path: Path) -> None:
    files = write(tmp_path)
    first = await here.take(SMALL, *files)
    assert told(first) == (3, 3, 0, 0, 0)
    assert first.counts.persons == 3
    one = await event(here, "1")
    assert [(person.role, person.age) for person in one.persons] == [(PersonRole.DRIVER, 40), (PersonRole.PEDESTRIAN, 20)]
    known = await here.registers.persons.by_ids([str(person.person_id) for person in one.persons], {})
    assert {kept.record.verification for kept in known.values()} == {Verification.UNKNOWN_IDENTITY}
    assert told(await here.take(SMALL, *files)) == (3, 0, 0, 3, 0)


async def test_a_changed_row_is_a_new_version_of_the_same_event_and_the_old_one_stays_as_history(
    here: House, tmp_path: Path
) -> None:
    await here.take(SMALL, *write(tmp_path))
    before = await event(here, "2")
    changed = [*EVENTS[:2], "2,2026-01-02 11:30,two and more", EVENTS[3]]
    assert told(await here.take(SMALL, *write(tmp_path, changed))) == (3, 0, 1, 2, 0)
    after = await event(here, "2")
    assert (after.id, after.summary) == (before.id, "two and more")
    history = await here.registers.events.history([after.id], {})
    assert [change.version for change in history[after.id]] == [1, 2]


async def test_a_bad_person_refuses_the_whole_event_with_file_line_column_value_and_reason(here: House, tmp_path: Path) -> None:
    bad = [*PERSONS[:2], "1,2,flyer,S,200", PERSONS[3]]
    assert told(await here.take(SMALL, *write(tmp_path, persons=bad))) == (3, 2, 0, 0, 1)
    (entry,) = here.ledger.quarantine.entries()
    assert (entry.kind, entry.key, entry.state) == (EntryKind.EVENT, "1", EntryState.OPEN)
    assert [(fault.file, fault.line, fault.column, fault.value, fault.reason) for fault in entry.faults] == [
        ("persons.csv", 3, "role", "flyer", Reason.UNKNOWN_CODE),
        ("persons.csv", 3, "age", "200", Reason.OUT_OF_RANGE),
    ]
    assert await here.registers.events.ids_by_source("SMALL", ["1"]) == {}


async def test_importing_a_bad_row_again_neither_doubles_nor_forgets_it(here: House, tmp_path: Path) -> None:
    files = write(tmp_path, [*EVENTS, "4,yesterday,four"])
    for new, same in ((3, 0), (0, 3)):
        assert told(await here.take(SMALL, *files)) == (4, new, 0, same, 1)
        assert len(here.ledger.quarantine.entries()) == 1


async def test_an_event_that_its_source_mends_leaves_the_quarantine(here: House, tmp_path: Path) -> None:
    await here.take(SMALL, *write(tmp_path, [*EVENTS, "4,yesterday,four"]))
    await here.take(SMALL, *write(tmp_path, [*EVENTS, "4,2026-01-04 10:00,four"]))
    assert here.ledger.quarantine.entries() == []
    assert here.ledger.quarantine.counts() == {EntryState.SUPERSEDED: 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("4,2026-01-04 10:00", Reason.COLUMN_COUNT),
        (",2026-01-04 10:00,four", Reason.MISSING_VALUE),
        ("1,2026-01-04 10:00,again", Reason.DUPLICATE_ID),
        ("4,,four", Reason.MISSING_VALUE),
        ("4,2026-03-29 03:30,in no hour", Reason.TIME_DOES_NOT_EXIST),
    ],
)
async def test_every_kind_of_bad_row_is_counted_and_kept(here: House, tmp_path: Path, line: str, reason: Reason) -> None:
    assert told(await here.take(SMALL, *write(tmp_path, [*EVENTS, line]))) == (4, 3, 0, 0, 1)
    (entry,) = here.ledger.quarantine.entries()
    assert [(fault.reason, fault.line) for fault in entry.faults] == [(reason, 5)]


async def test_rows_that_no_event_claims_wait_beside_the_count_of_events(here: House, tmp_path: Path) -> None:
    report = await here.take(SMALL, *write(tmp_path, persons=[*PERSONS, "9,1,driver,V,33", "1,3,driver"]))
    assert told(report) == (3, 3, 0, 0, 0)
    assert report.counts.orphans == 2
    kinds = {entry.kind: entry.faults[0].reason for entry in here.ledger.quarantine.entries()}
    assert kinds == {EntryKind.ROW: Reason.NO_EVENT, EntryKind.LINE: Reason.COLUMN_COUNT}


async def test_of_several_rows_with_one_id_the_last_counts_where_the_mapping_says_latest(here: House, tmp_path: Path) -> None:
    files = write(tmp_path, [*EVENTS, "1,2026-01-01 10:00,latest"])
    mapping = small(refuse="latest")
    assert told(await here.take(mapping, *files)) == (4, 3, 0, 1, 0)
    assert (await event(here, "1")).summary == "latest"
    assert told(await here.take(mapping, *files)) == (4, 0, 0, 4, 0)


async def test_of_several_rows_with_one_id_each_line_counts_where_the_mapping_folds(here: House, tmp_path: Path) -> None:
    mapping = small(refuse="fold\n  fold: summary")
    files = write(tmp_path, [*EVENTS, "1,2026-01-01 10:00,and another", "2,2026-01-02 10:01,another time"])
    assert told(await here.take(mapping, *files)) == (5, 2, 0, 1, 2)
    assert (await event(here, "1")).summary == "one\nand another"
    (entry,) = here.ledger.quarantine.entries()
    assert [(fault.reason, fault.line) for fault in entry.faults] == [(Reason.DUPLICATE_ID, 6)]


async def test_compressed_journals_are_read_as_they_are(here: House, tmp_path: Path) -> None:
    packed = []
    for path in write(tmp_path):
        target = path.with_name(f"{path.name}.gz")
        target.write_bytes(gzip.compress(path.read_bytes()))
        packed.append(target)
    assert told(await here.take(SMALL, *packed)) == (3, 3, 0, 0, 0)


async def test_a_file_that_is_cut_short_is_named(here: House, tmp_path: Path) -> None:
    events, persons = write(tmp_path)
    cut = events.with_name("events.csv.gz")
    cut.write_bytes(gzip.compress(events.read_bytes())[:-12])
    with pytest.raises(JournalUnreadable, match=r"events\.csv\.gz"):
        await here.take(SMALL, cut, persons)


async def test_an_import_into_a_folder_that_is_busy_says_so(here: House, tmp_path: Path) -> None:
    with here.ledger.alone(), pytest.raises(ImportRunning, match="wait for its end"):
        await here.take(SMALL, *write(tmp_path))


async def test_every_batch_and_the_end_of_a_run_are_recorded_in_the_audit(here: House, tmp_path: Path) -> None:
    report = await here.take(SMALL, *write(tmp_path))
    records = here.audit.tail(10)
    assert len(records) == 2
    assert verify(here.folder / "audit.sqlite3").ok
    assert report.counts.read == 3


async def test_progress_tells_how_far_it_is_and_how_long_it_will_take(here: House, tmp_path: Path) -> None:
    heard: list[Progress] = []
    await here.take(SMALL, *write(tmp_path), progress=heard.append)
    assert (heard[-1].phase, heard[-1].done, heard[-1].total, heard[-1].remaining) == ("importing", 3, 3, 0.0)
    assert heard[-1].rate > 0


async def test_the_shipped_barcelona_register_comes_in_whole_and_only_once(here: House) -> None:
    files = sorted((EXAMPLES / "barcelona-2018").glob("*.csv.gz"))
    first = await here.take("barcelona-2018", *files)
    assert told(first) == (9936, 9926, 0, 10, 0)
    assert (first.counts.persons, first.counts.orphans, first.counts.repeated) == (11854, 0, 10)
    two_causes = await event(here, "2018S003156", "GUB-2018")
    assert (two_causes.summary or "").count("\nCausa") == 2
    mended = await event(here, "2018S000589", "GUB-2018")
    assert mended.place is not None
    assert (mended.place.lon, mended.place.lat) == (2.163, 41.389045)
    assert told(await here.take("barcelona-2018", *files)) == (9936, 0, 0, 9936, 0)


async def test_the_shared_registers_come_in_whole(here: House, shared: Path) -> None:
    barcelona = sorted((shared / "data" / "barcelona-2018").glob("*.csv"))
    packed = sorted((EXAMPLES / "barcelona-2018").glob("*.csv.gz"))
    assert [path.read_bytes() for path in barcelona] == [gzip.decompress(path.read_bytes()) for path in packed]
    fars = sorted((shared / "data" / "fars").glob("*.csv"))
    first = await here.take("fars", *fars)
    assert told(first) == (204, 204, 0, 0, 0)
    assert (first.counts.persons, first.counts.vehicles, first.counts.orphans) == (470, 304, 0)
    assert told(await here.take("fars", *fars)) == (204, 0, 0, 204, 0)


async def test_times_of_the_shared_crashes_are_those_of_their_own_zones(here: House, shared: Path) -> None:
    await here.take("fars", *sorted((shared / "data" / "fars").glob("*.csv")))
    alabama = await event(here, "2022/10133", "US-FARS")
    assert alabama.response is not None
    assert str(alabama.occurred_from) == "2022-03-11 04:38:00+00:00"
    assert str(alabama.response.received_at) == "2022-03-11 04:50:00+00:00"
    assert str(alabama.response.arrived_at) == "2022-03-11 05:03:00+00:00"
    walker = await event(here, "2022/40305", "US-FARS")
    roles = {person.role: person.vehicle_involvement_id for person in walker.persons}
    assert roles[PersonRole.PEDESTRIAN] is None
    assert roles[PersonRole.DRIVER] == walker.vehicles[0].id


async def test_the_example_journal_links_what_is_known_and_keeps_two_rows_back(here: House, tmp_path: Path) -> None:
    mapping = str(EXAMPLES / "journal" / "mapping.yaml")
    journal = Path(shutil.copy(EXAMPLES / "journal" / "journal-2026-03.jsonl", tmp_path))
    assert told(await here.take(mapping, journal)) == (6, 4, 0, 0, 2)
    crash, parked = [await event(here, number, "EXAMPLE-JOURNAL") for number in ("PP-26-000412", "PP-26-000414")]
    noise, dog = [await event(here, number, "EXAMPLE-JOURNAL") for number in ("PP-26-000411", "PP-26-000416")]
    assert crash.vehicles[0].vehicle_id == parked.vehicles[0].vehicle_id
    assert noise.persons[1].person_id == dog.persons[0].person_id
    reasons = {entry.key: entry.faults[0].reason for entry in here.ledger.quarantine.entries()}
    assert reasons == {"PP-26-000413": Reason.TIME_DOES_NOT_EXIST, "PP-26-000415": Reason.BAD_PERSONAL_CODE}
    values = {entry.faults[0].column: entry.faults[0].value for entry in here.ledger.quarantine.entries()}
    assert values == {"reģistrēts": "29.03.2026 03:30", "personas[1].kods": "309905-5OO59"}
    assert told(await here.take(mapping, journal)) == (6, 0, 0, 4, 2)
