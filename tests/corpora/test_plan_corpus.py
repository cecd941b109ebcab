"""The corpus of operations with reference plans: ours answer them with no more requests and no longer chain.

Every fetch of every plan is checked against the schema of its subgraph. `MORE_FETCHES` is strict both ways: an operation on
it whose plan gets as good as the reference fails the test, so that the list only gets shorter.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from gateway.planning import QueryPlan, plan, print_plan
from gateway.query_graph import QueryGraph, build_query_graph

FOLDER = Path(os.environ.get("SAITE_SHARED") or Path(__file__).resolve().parents[3] / "shared") / "corpora/plans"

MORE_FETCHES: dict[str, str] = {}
"""Operation → why our plan has more requests than its reference."""


_BLOCK = re.compile(r"(?P<kind>QueryPlan|Sequence|Parallel|Flatten|Include|Skip|BatchFetch|Fetch)\b(?:\([^{]*?\))?\s*\{")


def fetch_count(text: str) -> int:
    """The number of requests; a `BatchFetch` is one."""
    return len(re.findall(r"\b(?:Batch)?Fetch\(", text))


def chain_length(text: str) -> int:
    """The number of requests on the longest chain."""
    found = _BLOCK.search(text)
    return _length(text, found) if found else 0


def _length(text: str, block: re.Match[str]) -> int:
    if block["kind"] in ("Fetch", "BatchFetch"):
        return 1
    inner = text[block.end() : _end(text, block.end())]
    lengths = []
    at = 0
    while child := _BLOCK.search(inner, at):
        lengths.append(_length(inner, child))
        at = _end(inner, child.end())
    return sum(lengths) if block["kind"] == "Sequence" else max(lengths, default=0)


def _end(text: str, at: int) -> int:
    """Just behind the brace that closes the block opened before `at`."""
    depth = 1
    while depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at


def cases() -> Iterator[Any]:
    """Every operation; none without the corpora (then the fixture `shared` says why)."""
    file = FOLDER / "plans.json"
    for case in json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []:
        yield pytest.param(case, id=case["test"])


@cache
def graph_of(file: str) -> QueryGraph:
    return build_query_graph((FOLDER / file).read_text(encoding="utf-8"))


def depth_of(made: QueryPlan) -> int:
    depths: dict[int, int] = {}
    for fetch in sorted(made.fetches(), key=lambda one: one.id):
        depths[fetch.id] = 1 + max((depths[before] for before in fetch.depends_on), default=0)
    return max(depths.values(), default=0)


@pytest.mark.parametrize("case", list(cases()))
def test_a_plan_is_no_worse_than_its_reference(case: dict[str, str], shared: Path) -> None:
    graph = graph_of(case["supergraph"])
    made = plan(graph, parse(case["query"]))
    for fetch in made.fetches():
        assert validate(graph.supergraph.subgraph_schema(fetch.service), parse(fetch.operation)) == [], fetch.operation
    ours, theirs = len(list(made.fetches())), fetch_count(case["plan"])
    assert (ours > theirs) is (case["test"] in MORE_FETCHES), f"{ours} fetches, the reference has {theirs}\n{print_plan(made)}"
    assert depth_of(made) <= chain_length(case["plan"])


def test_every_exception_is_an_operation_of_the_corpus(shared: Path) -> None:
    assert set(MORE_FETCHES) <= {case.values[0]["test"] for case in cases()}


def test_the_reference_plans_are_read_as_they_are_meant() -> None:
    text = """
    QueryPlan { Sequence { Fetch(service: "a") { { x } }, Parallel {
      Include(if: $b) { Sequence { Flatten(path: "x") { Fetch(service: "b") { { y } } }, BatchFetch(service: "c") { { z } } } },
      Fetch(service: "d") { { w } } } } }
    """
    assert (fetch_count(text), chain_length(text)) == (4, 3)
