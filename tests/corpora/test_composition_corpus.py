"""The composition corpora: 378 inputs with their verdicts, and the audit's suites composed by ourselves.

Verdicts must be equal and the expected codes among ours; supergraphs are compared as sorted syntax trees, never as text.
`composition_differences.txt` lists the cases on which we differ, each with its reason; it is strict both ways.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from random import Random
from typing import Any

from graphql import (
    DirectiveNode,
    ListValueNode,
    Node,
    StringValueNode,
    parse,
    print_ast,
    strip_ignored_characters,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.composition import Composed, Failed, compose
from gateway.schema import read_subgraph

DIFFERENCES = Path(__file__).with_name("composition_differences.txt")
FIELD_SETS = {"key", "requires", "provides"}
DEFAULTS = {("resolvable", "true"), ("requireOneSlicingArgument", "true")}


def cases(shared: Path) -> list[dict[str, Any]]:
    """The cases on which both reference composers agree."""
    with gzip.open(shared / "corpora/composition/cases.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [case for case in map(json.loads, lines) if case["both_composers_agree"]]


def composed(subgraphs: list[dict[str, str]]) -> Composed | Failed:
    return compose([read_subgraph(one["name"], one["sdl"], one.get("url")) for one in subgraphs])


def canonical(sdl: str, *, without_urls: bool = False) -> list[str]:
    """Every definition of a supergraph with its parts sorted, field sets compact, default arguments left out."""
    document = parse(sdl, no_location=True)
    return sorted(print_ast(sorted_parts(node, without_urls)) for node in document.definitions)


def sorted_parts(node: Node, without_urls: bool) -> Node:
    values: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            value = sorted_parts(value, without_urls)
        elif isinstance(value, tuple):
            parts = [sorted_parts(one, without_urls) if isinstance(one, Node) else one for one in value]
            value = tuple(parts if isinstance(node, ListValueNode) else sorted(parts, key=as_text))
        values[field.name] = value
    if isinstance(node, DirectiveNode):
        values["arguments"] = tuple(kept_arguments(node, values["arguments"] or (), without_urls))
    if isinstance(node, StringValueNode):
        values["block"] = False
    return replace(node, **values)


def as_text(part: object) -> str:
    return print_ast(part) if isinstance(part, Node) else str(part)


def kept_arguments(node: DirectiveNode, arguments: tuple[Any, ...], without_urls: bool) -> Iterator[Any]:
    is_join = node.name.value.startswith("join__")
    for argument in arguments:
        if (argument.name.value, print_ast(argument.value)) in DEFAULTS:
            continue
        if without_urls and node.name.value == "join__graph" and argument.name.value == "url":
            continue
        if is_join and argument.name.value in FIELD_SETS:
            yield replace(argument, value=StringValueNode(value=strip_ignored_characters(argument.value.value)))
        else:
            yield argument


def difference(case: dict[str, Any]) -> str | None:
    """In what we differ from the expected outcome of a case; None when we do not."""
    outcome = composed(case["subgraphs"])
    if isinstance(outcome, Failed):
        codes = {error.code for error in outcome.errors}
        expected = {error["code"] for error in case["errors"]}
        if case["composes"]:
            return f"should compose, but: {[error.message for error in outcome.errors]}"
        return None if expected <= codes else f"expected the codes {expected}, found {codes}"
    if not case["composes"]:
        return f"composes, but should fail with {[error['code'] for error in case['errors']]}"
    # The corpus does not say where its subgraphs are served.
    same = canonical(case["supergraph"], without_urls=True) == canonical(outcome.supergraph_sdl, without_urls=True)
    return None if same else "the supergraph differs"


def test_every_case_has_the_expected_outcome_or_is_listed_with_a_reason(shared: Path) -> None:
    listed = {line.split()[0] for line in DIFFERENCES.read_text("utf-8").splitlines() if line and not line.startswith("#")}
    found = {case["id"]: reason for case in cases(shared) if (reason := difference(case))}
    assert {case: reason for case, reason in found.items() if case not in listed} == {}
    assert listed - found.keys() == set(), "these cases pass now: take them off the list"


def audit_suites(shared: Path) -> Iterator[tuple[Path, list[dict[str, str]]]]:
    for folder in sorted(path.parent for path in (shared / "corpora/audit").glob("*/subgraphs.json")):
        subgraphs = json.loads((folder / "subgraphs.json").read_text("utf-8"))
        for one in subgraphs:
            one["sdl"] = (folder / one["sdl_file"]).read_text("utf-8")
        yield folder, subgraphs


def test_every_suite_of_the_audit_composes_to_its_supergraph(shared: Path) -> None:
    differing = []
    for folder, subgraphs in audit_suites(shared):
        outcome = composed(subgraphs)
        assert isinstance(outcome, Composed), f"{folder.name}: {outcome}"
        if canonical((folder / "supergraph.graphql").read_text("utf-8")) != canonical(outcome.supergraph_sdl):
            differing.append(folder.name)
    assert differing == []


@given(st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_left_out_of_a_schema_is_answered_and_never_raised(shared: Path, chance: Random) -> None:
    """A composer may refuse anything, but with an error that says why."""
    _, subgraphs = chance.choice(list(audit_suites(shared)))
    broken = chance.choice(subgraphs)
    lines = broken["sdl"].splitlines()
    del lines[chance.randrange(len(lines))]
    assert composed([{**one, "sdl": "\n".join(lines)} if one is broken else one for one in subgraphs])


def test_the_order_of_subgraphs_does_not_change_a_byte(shared: Path) -> None:
    for folder, subgraphs in audit_suites(shared):
        assert composed(subgraphs) == composed(subgraphs[::-1]), folder.name
