"""The threat model stays true: every test that it names is there, and every named case is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
STRIDE = (HOUSE / "docs" / "security" / "threat-model.md").read_text()
OVERVIEW = (HOUSE / "docs" / "security.md").read_text()


def rows(text: str, prefix: str) -> list[tuple[str, str]]:
    """Id and test of each row of the tables."""
    return re.findall(rf"^\| ({prefix}-\d+) \|.*\| `([^`|]+)` \|$", text, re.MULTILINE)


@pytest.mark.parametrize(("text", "prefix", "least"), [(OVERVIEW, "T", 13), (STRIDE, "TM", 60)], ids=["overview", "stride"])
def test_every_row_names_a_test_that_exists(text: str, prefix: str, least: int) -> None:
    found = rows(text, prefix)
    assert len(found) >= least
    assert len(found) == len(re.findall(rf"^\| {prefix}-\d+ \|", text, re.MULTILINE)), "each row ends with its test"
    assert len({row for row, _ in found}) == len(found)
    for row, test in found:
        path, _, name = test.partition("::")
        assert (HOUSE / path).is_file(), row
        assert not name or re.search(rf"def {name}\(", (HOUSE / path).read_text()), row


def test_every_row_says_which_kind_of_threat_it_is() -> None:
    kinds = re.findall(r"^\| TM-\d+ \| ([^|]+) \|", STRIDE, re.MULTILINE)
    assert all(set(kind.split(", ")) <= set("STRIDE") for kind in kinds)
    assert {letter for kind in kinds for letter in kind.split(", ")} == set("STRIDE")


def test_each_of_the_forty_cases_is_in_it() -> None:
    told = set(re.findall(r"\bS-\d\d\b", "\n".join(line for line in STRIDE.splitlines() if line.startswith("| "))))
    assert {f"S-{number:02}" for number in range(1, 41)} <= told


def test_a_case_by_name_is_in_a_row_or_waits() -> None:
    waiting = set(re.findall(r"^\| (S-\d\d) \|", STRIDE, re.MULTILINE))
    with_tests = set(re.findall(r"^\| TM-\d+ \|[^|]*\|\s*(S-\d\d)\s*\|", STRIDE, re.MULTILINE))
    assert not waiting & with_tests
    files = {f"S-{path.name[6:8]}" for path in (HOUSE / "tests" / "security").glob("test_s[0-9][0-9]_*.py")}
    assert {case for case in files if int(case[2:]) <= 40} <= with_tests
