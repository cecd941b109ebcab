"""Journals are read as streams, and what is wrong with a file or a line is said with its place."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import JournalUnreadable
from ingest.faults import Reason
from ingest.journal import Line, assign, read_lines
from ingest.journal.csv_rows import read_csv, written
from ingest.journal.json_rows import read_json_row
from ingest.journal.text import MAX_LINE
from ingest.layout import layout_of
from ingest.mapping import read_mapping
from ingest.mapping.document import Source
from tests.ingest.small import SMALL, write

CSV = Source("events", "*.csv", "csv", "utf-8-sig", ",", "")
JSON = Source("events", "*.jsonl", "jsonl", "utf-8-sig", ",", "")
NESTED = """
mapping: 1
name: nested
system: NESTED
zone: Europe/Riga
journals: { journal: { match: "*.jsonl" } }
event:
  id: n
  fields:
    registered_at: { moment: { text: at } }
    registered_by.institution: { value: X }
    territory_owner: { value: X }
    kind: { value: SAFETY_THREAT }
    place.text: place.street
persons: { each: people, involvement: { role: { value: WITNESS }, age: age } }
"""


def rows(folder: Path, content: str | bytes, columns: tuple[str, ...] = ("a", "b")) -> list[Line]:
    path = folder / "x.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_csv(path, CSV, columns))


def test_only_the_wanted_columns_are_kept_in_the_wanted_order(tmp_path: Path) -> None:
    assert rows(tmp_path, "\ufeffb ,x, a\n1,2,3\n", ("a", "b")) == [Line(2, ("3", "1"))]


def test_a_row_over_several_lines_is_named_by_its_first_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    found = rows(tmp_path, 'a,b\n"x\ny",2\n\n3,4\n')
    assert [(line.number, line.row) for line in found] == [(2, ("x\ny", "2")), (5, ("3", "4"))]


def test_a_row_of_another_length_keeps_its_text_for_correction(tmp_path: Path) -> None:
    good, bad = rows(tmp_path, 'a,b\n1,2\n1,"2,x",3\n')
    assert good.fault is None
    assert bad.fault is not None
    assert (bad.fault.reason, bad.raw, bad.fault.message()) == (
        Reason.COLUMN_COUNT,
        '1,"2,x",3',
        "the row has 3 values, the header 2",
    )


def test_bytes_of_another_encoding_are_shown_and_the_next_row_is_read(tmp_path: Path) -> None:
    bad, good = rows(tmp_path, b"a,b\nR\xeega,1\nR\xc4\xabga,2\n")
    assert bad.fault is not None
    assert (bad.fault.reason, bad.fault.value) == (Reason.NOT_UTF8, "R\\xeega")
    assert good.row == ("Rīga", "2")


def test_an_endless_line_costs_no_memory_and_the_next_row_is_read(tmp_path: Path) -> None:
    bad, good = rows(tmp_path, "a,b\n" + "x" * (MAX_LINE * 2 + 5) + "\n1,2\n")
    assert bad.fault is not None
    assert (bad.fault.reason, good.row) == (Reason.LINE_TOO_LONG, ("1", "2"))


def test_a_field_that_is_too_long_is_refused_and_the_next_row_is_read(tmp_path: Path) -> None:
    bad, good = rows(tmp_path, "a,b\n" + "x" * 200_000 + ",1\n1,2\n")
    assert bad.fault is not None
    assert (bad.fault.reason, good.row) == (Reason.LINE_TOO_LONG, ("1", "2"))


@pytest.mark.parametrize(("content", "message"), [("", "empty"), ("a,c\n", r"no column `b`"), ("a,bb\n", r"no column `b`")])
def test_a_file_without_the_columns_is_no_such_journal(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(JournalUnreadable, match=message):
        rows(tmp_path, content)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=20), min_size=2, max_size=2))
def test_what_is_written_as_csv_is_read_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    (line,) = rows(tmp_path_factory.mktemp("csv"), f"a,b\n{written(texts, ',')}\n")
    assert line.row == tuple(texts)


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_faults_and_nothing_else_happens(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    for line in rows(tmp_path_factory.mktemp("csv"), b"a,b\n" + content):
        assert (line.fault is None) == (len(line.row) == 2)
        line.raw.encode()


def test_json_values_become_text_and_nested_objects_columns() -> None:
    line = read_json_row('{"a":{"b":1.5},"c":true,"d":null,"e":[1,2],"f":"x"}', JSON, ("a.b", "c", "d", "e", "f", "g"), ())
    assert line.row == ("1.5", "true", None, "[1,2]", "x", None)


def test_lists_of_a_json_row_become_rows_of_their_own() -> None:
    line = read_json_row('{"people":[{"age":1},{"name":"x"}]}', JSON, (), (("people", ("age", "name")),))
    assert line.nested == ((("1", None), (None, "x")),)


@pytest.mark.parametrize("text", ["[1]", "{", "1", '{"people":{}}', '{"people":[1]}', '{"a":NaN}', "[" * 100_000])
def test_what_is_no_json_object_is_a_fault_with_its_text(text: str) -> None:
    line = read_json_row(text, JSON, ("a",), (("people", ("age",)),))
    assert line.fault is not None
    assert (line.fault.reason, line.raw) == (Reason.NOT_JSON, text)


def test_a_json_journal_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    path.write_bytes(b'{"n":1,"place":{"street":"x"},"people":[{"age":5}]}\n\n{"n":\n\xff\n')
    mapping = read_mapping(NESTED, "nested.yaml")
    found = list(read_lines(assign([path], mapping)[0], mapping, layout_of(mapping)))
    assert [(line.number, line.fault.reason if line.fault else line.nested) for line in found] == [
        (1, ((("5",),),)),
        (3, Reason.NOT_JSON),
        (4, Reason.NOT_UTF8),
    ]


def test_files_find_their_journal_by_name_also_compressed(tmp_path: Path) -> None:
    events, persons = write(tmp_path)
    packed = tmp_path / "events-2.csv.gz"
    packed.write_bytes(gzip.compress(events.read_bytes()))
    assert [journal.source.name for journal in assign([persons, packed, events], SMALL)] == ["persons", "events", "events"]


def test_a_file_or_a_journal_that_is_left_over_is_named(tmp_path: Path) -> None:
    events, persons = write(tmp_path)
    with pytest.raises(JournalUnreadable, match=r"no file for the journal `persons`.*persons\*\.csv"):
        assign([events], SMALL)
    other = tmp_path / "other.csv"
    other.touch()
    with pytest.raises(JournalUnreadable, match="matches no journal"):
        assign([events, persons, other], SMALL)
    with pytest.raises(JournalUnreadable, match="no such file"):
        assign([tmp_path / "nowhere.csv"], SMALL)
