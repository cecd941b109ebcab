"""The measured tables are those of the real registers."""

from __future__ import annotations

from pathlib import Path

import pytest

from subgraphs.room.world.measure import MEASURED, band_of, main, measure


def test_the_committed_tables_are_what_the_real_registers_give(shared):
    made = measure(shared / "data")

    assert {path.name for path in MEASURED.iterdir()} == set(made)
    assert {name: (MEASURED / name).read_text(encoding="utf-8") for name in made} == made


def test_every_table_names_its_source_in_the_first_line():
    for folder in (MEASURED, MEASURED.parent / "tables"):
        for path in folder.iterdir():
            assert path.read_text(encoding="utf-8").startswith("# "), path.name


def test_a_register_that_was_measured_again_gives_the_same_files(shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("subgraphs.room.world.measure.MEASURED", tmp_path)
    main(shared / "data")

    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in MEASURED.iterdir()}


@pytest.mark.parametrize(
    ("age", "band"), [(0, "CHILD"), (13, "CHILD"), (14, "YOUTH"), (18, "ADULT"), (64, "ADULT"), (65, "SENIOR")]
)
def test_ages_fall_into_bands(age, band):
    assert band_of(age) == band
