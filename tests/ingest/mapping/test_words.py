"""Every word of the mapping language is explained in the manual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.mapping import words
from ingest.mapping.targets import NATURAL_KEYS

MANUAL = (Path(__file__).resolve().parents[3] / "docs" / "import.md").read_text(encoding="utf-8")
EXPLAINED = {word for code in re.findall(r"`([^`\n]+)`", MANUAL) for word in re.findall(r"\$?\w+", code)}


@pytest.mark.parametrize("word", [*words.ALL, *sorted({key for keys in NATURAL_KEYS.values() for key in keys})])
def test_the_manual_explains_the_word(word: str) -> None:
    assert word in EXPLAINED
