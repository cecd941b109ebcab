from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]


def pins(lock: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", (HOUSE / "requirements" / lock).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("run.lock", PROJECT["dependencies"]),
        ("dev.lock", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_a_lock_pins_everything_that_pyproject_wants(lock: str, wanted: list[str]) -> None:
    pinned = pins(lock)
    for text in wanted:
        requirement = Requirement(text)
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{lock} lacks {requirement.name}: run scripts/lock"
        assert requirement.specifier.contains(version), f"{lock}: {requirement.name} {version} is not {requirement.specifier}"


def test_both_locks_agree() -> None:
    development = pins("dev.lock")
    assert {name: development.get(name) for name in pins("run.lock")} == pins("run.lock")


@pytest.mark.parametrize("lock", ["run.lock", "dev.lock"])
def test_a_lock_has_hashes_and_no_addresses(lock: str) -> None:
    text = (HOUSE / "requirements" / lock).read_text()
    assert "://" not in text
    for entry in re.split(r"^(?=[A-Za-z0-9_.-]+==)", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_casbin_comes_under_its_maintained_name_alone() -> None:
    assert "casbin" not in pins("dev.lock")
    assert "pycasbin" in pins("run.lock")
