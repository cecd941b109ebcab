"""Files and functions stay small enough to be read: a page that outgrows the limit is redesigned, not excused."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
ROOMS_AND_STAGES = ("authz", "gateway", "ingest", "kernel", "saite", "schema", "subgraphs")


def pages() -> Iterator[Path]:
    for top in ROOMS_AND_STAGES:
        yield from (HOUSE / top).rglob("*.py")


def test_no_file_is_longer_than_500_lines() -> None:
    long = {str(page.relative_to(HOUSE)): len(page.read_text().splitlines()) for page in pages()}
    assert {name: length for name, length in long.items() if length > 500} == {}


def test_no_test_file_is_longer_than_800_lines() -> None:
    long = {str(page.relative_to(HOUSE)): len(page.read_text().splitlines()) for page in (HOUSE / "tests").rglob("*.py")}
    assert {name: length for name, length in long.items() if length > 800} == {}


def test_no_function_is_longer_than_80_lines() -> None:
    long = [
        f"{page.relative_to(HOUSE)}:{node.lineno} {node.name}"
        for page in pages()
        for node in ast.walk(ast.parse(page.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 80
    ]
    assert long == []


def test_the_pipeline_is_one_page() -> None:
    assert len((HOUSE / "gateway" / "pipeline.py").read_text().splitlines()) <= 150


def test_no_file_is_named_for_nothing() -> None:
    nameless = {"utils", "helpers", "common", "core", "base", "misc"}
    assert [str(page) for page in pages() if nameless & set(page.relative_to(HOUSE).with_suffix("").parts)] == []
