"""The smallest mapping and journals that the tests vary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.mapping import Mapping, read_mapping

TEXT = """
mapping: 1
name: small
system: SMALL
zone: Europe/Riga
journals:
  events: { match: "events*.csv" }
  persons: { match: "persons*.csv" }
event:
  from: events
  id: number
  duplicates: refuse
  fields:
    registered_at: { moment: { text: at, form: "%Y-%m-%d %H:%M" }, required: true }
    registered_by.institution: { value: LV-PP-RIGA }
    territory_owner: { value: LV-PP-RIGA }
    kind: { value: SAFETY_THREAT }
    registration_number: number
    summary: what
persons:
  from: persons
  event: number
  id: seat
  record:
    sex: { column: sex, codes: { V: MALE, S: FEMALE }, default: UNKNOWN }
    verification: { value: UNKNOWN_IDENTITY }
  involvement:
    role: { column: role, codes: { driver: DRIVER, walker: PEDESTRIAN }, required: true }
    age: { column: age, number: { whole: true, min: 0, max: 120 } }
"""
SMALL = read_mapping(TEXT, "small.yaml")
EVENTS = ("number,at,what", "1,2026-01-01 10:00,one", "2,2026-01-02 10:00,two", "3,2026-01-03 10:00,three")
PERSONS = ("number,seat,role,sex,age", "1,1,driver,V,40", "1,2,walker,S,20", "3,1,driver,S,30")


def small(**changes: str) -> Mapping:
    """The small mapping with some of its text replaced: `small(refuse="latest")`."""
    text = TEXT
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    return read_mapping(text, "small.yaml")


def write(folder: Path, events: Sequence[str] = EVENTS, persons: Sequence[str] = PERSONS) -> tuple[Path, Path]:
    """The two journals of the small mapping as files."""
    paths = folder / "events.csv", folder / "persons.csv"
    for path, lines in zip(paths, (events, persons), strict=True):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return paths
