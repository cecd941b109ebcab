"""What lies in the quarantine comes in once it is corrected, and a correction is remembered when the same rows come again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.errors import BadCorrection
from ingest.faults import Reason
from ingest.ledger import Correction, EntryKind, EntryState
from ingest.replaying import replay
from tests.ingest.registers import WHO, House
from tests.ingest.small import EVENTS, PERSONS, SMALL, small, write
from tests.ingest.test_importing import event, told

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "journal"


async def again(here: House, **options: object) -> tuple[int, int, int, int, int]:
    replayed = await replay(here.registers, here.ledger, here.audit, WHO, **options)  # type: ignore[arg-type]
    return told(replayed.report)


async def test_a_corrected_event_comes_in_and_importing_its_journal_again_changes_nothing(here: House, tmp_path: Path) -> None:
    files = write(tmp_path, persons=[*PERSONS[:2], "1,2,flyer,S,200", PERSONS[3]])
    await here.take(SMALL, *files)
    (entry,) = here.ledger.quarantine.entries()
    corrections = [Correction("role", "walker", line=3), Correction("age", "20", line=3)]
    assert here.ledger.quarantine.correct(entry.id, corrections).state is EntryState.CORRECTED
    assert await again(here) == (1, 1, 0, 0, 0)
    assert [person.age for person in (await event(here, "1")).persons] == [40, 20]
    assert here.ledger.quarantine.counts() == {EntryState.IMPORTED: 1}
    assert told(await here.take(SMALL, *files)) == (3, 0, 0, 3, 0)


async def test_what_is_still_wrong_stays_with_its_new_reason(here: House, tmp_path: Path) -> None:
    await here.take(SMALL, *write(tmp_path, persons=[*PERSONS[:2], "1,2,flyer,S,200", PERSONS[3]]))
    (entry,) = here.ledger.quarantine.entries()
    here.ledger.quarantine.correct(entry.id, [Correction("role", "walker", line=3)])
    assert await again(here) == (1, 0, 0, 0, 1)
    (left,) = here.ledger.quarantine.entries()
    assert [(fault.column, fault.reason) for fault in left.faults] == [("age", Reason.OUT_OF_RANGE)]


async def test_only_what_was_corrected_is_tried_unless_there_is_a_new_mapping(here: House, tmp_path: Path) -> None:
    await here.take(SMALL, *write(tmp_path, persons=[*PERSONS[:2], "1,2,flyer,S,20", PERSONS[3]]))
    assert await again(here) == (0, 0, 0, 0, 0)
    wider = small(**{"walker: PEDESTRIAN": "walker: PEDESTRIAN, flyer: PASSENGER"})
    assert await again(here, mapping=wider) == (1, 1, 0, 0, 0)


async def test_an_unreadable_line_is_rewritten_as_a_whole_and_found_again_in_the_next_import(
    here: House, tmp_path: Path
) -> None:
    files = write(tmp_path, [*EVENTS, "4,2026-01-04 10:00,four,and more"])
    await here.take(SMALL, *files)
    (entry,) = here.ledger.quarantine.entries()
    assert (entry.kind, entry.rows.raw) == (EntryKind.LINE, "4,2026-01-04 10:00,four,and more")
    here.ledger.quarantine.correct(entry.id, [Correction("$line", '4,2026-01-04 10:00,"four, and more"')])
    assert await again(here) == (1, 1, 0, 0, 0)
    assert (await event(here, "4")).summary == "four, and more"
    assert told(await here.take(SMALL, *files)) == (4, 0, 0, 4, 0)


async def test_a_row_that_named_no_event_waits_for_its_journal_and_comes_in_with_it(here: House, tmp_path: Path) -> None:
    files = write(tmp_path, persons=[*PERSONS, "33,2,walker,V,50"])
    await here.take(SMALL, *files)
    (entry,) = here.ledger.quarantine.entries()
    here.ledger.quarantine.correct(entry.id, [Correction("number", "3")])
    replayed = await replay(here.registers, here.ledger, here.audit, WHO)
    assert replayed.awaiting == (entry.id,)
    report = await here.take(SMALL, *files)
    assert (told(report), report.counts.orphans) == ((3, 0, 1, 2, 0), 0)
    assert [person.age for person in (await event(here, "3")).persons] == [30, 50]
    assert here.ledger.quarantine.counts() == {EntryState.IMPORTED: 1}
    assert told(await here.take(SMALL, *files)) == (3, 0, 0, 3, 0)


async def test_rows_whose_event_was_unreadable_come_in_with_its_rewritten_line(here: House, tmp_path: Path) -> None:
    await here.take(SMALL, *write(tmp_path, [*EVENTS[:3], "3,2026-01-03 10:00,three,!"]))
    entries = {entry.kind: entry for entry in here.ledger.quarantine.entries()}
    assert set(entries) == {EntryKind.LINE, EntryKind.ROW}
    here.ledger.quarantine.correct(entries[EntryKind.LINE].id, [Correction("$line", "3,2026-01-03 10:00,three")])
    assert await again(here) == (1, 1, 0, 0, 0)
    assert [person.age for person in (await event(here, "3")).persons] == [30]
    assert here.ledger.quarantine.counts() == {EntryState.IMPORTED: 2}


async def test_a_repeated_id_can_be_given_its_own_number(here: House, tmp_path: Path) -> None:
    await here.take(SMALL, *write(tmp_path, [*EVENTS, "1,2026-01-04 10:00,four"]))
    (entry,) = here.ledger.quarantine.entries()
    here.ledger.quarantine.correct(entry.id, [Correction("number", "4")])
    assert await again(here) == (1, 1, 0, 0, 0)
    assert (await event(here, "1")).summary == "one"
    assert (await event(here, "4")).summary == "four"


async def test_a_value_in_a_list_of_a_json_row_is_corrected_by_its_place(here: House, tmp_path: Path) -> None:
    journal = Path(shutil.copy(EXAMPLE / "journal-2026-03.jsonl", tmp_path))
    await here.take(str(EXAMPLE / "mapping.yaml"), journal)
    time_gap, code = here.ledger.quarantine.entries()
    here.ledger.quarantine.correct(time_gap.id, [Correction("reģistrēts", "29.03.2026 04:30")])
    here.ledger.quarantine.correct(code.id, [Correction("personas[1].kods", "309905-50059")])
    assert await again(here) == (2, 2, 0, 0, 0)
    assert told(await here.take(str(EXAMPLE / "mapping.yaml"), journal)) == (6, 0, 0, 6, 0)


async def test_a_correction_without_a_place_is_refused_with_what_there_is(here: House, tmp_path: Path) -> None:
    await here.take(SMALL, *write(tmp_path, persons=[*PERSONS[:2], "1,2,flyer,S,20", PERSONS[3]]))
    (entry,) = here.ledger.quarantine.entries()
    with pytest.raises(BadCorrection, match="did you mean `role`"):
        here.ledger.quarantine.correct(entry.id, [Correction("rolle", "walker")])
    with pytest.raises(BadCorrection, match=r"several rows .*persons\.csv:2, persons\.csv:3.*say which line"):
        here.ledger.quarantine.correct(entry.id, [Correction("role", "walker")])
    with pytest.raises(BadCorrection, match=r"goes with entries of the kind LINE"):
        here.ledger.quarantine.correct(entry.id, [Correction("$line", "x")])
    with pytest.raises(BadCorrection, match="no entry"):
        here.ledger.quarantine.correct("qrn_0", [Correction("role", "walker")])
    assert here.ledger.quarantine.get(entry.id).state is EntryState.OPEN
