"""The threat model stays true: every test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def test_every_row_of_the_threat_model_names_a_test_that_exists():
    rows = re.findall(r"^\| (T-\d+) \|.*\| `([^`]+)` \|$", (HOUSE / "docs" / "security.md").read_text(), re.MULTILINE)
    assert len(rows) >= 13
    assert [row for row, test in rows if not (HOUSE / test).is_file()] == []
    assert len({row for row, _ in rows}) == len(rows)
