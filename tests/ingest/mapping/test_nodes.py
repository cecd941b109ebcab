"""YAML, read strictly: every part knows its place, and nothing means something else than what is written."""

from __future__ import annotations

import pytest

from ingest.errors import BadMapping
from ingest.mapping.nodes import MAX_BYTES, parse


def test_scalars_stay_what_is_written() -> None:
    table = parse("{No: yes, 0012: 1.10, on: ~x}", "m.yaml").table()
    assert {key: node.text() for key, node in table.items()} == {"No": "yes", "0012": "1.10", "on": "~x"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "m.yaml:2:1: `a` stands here twice"),
        ("a: [1", "m.yaml:1:"),
        ("", "m.yaml:1:1: the document is empty"),
        ("- a", "m.yaml:1:1: expected a table here"),
        ("lst: 1", r"m.yaml:1:1: `lst` is not a word here \(did you mean `list`\?\); possible: list"),
        ("a: &x [*x]", "unfolds|recursive|not YAML"),
        ("x" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(BadMapping, match=message):
        parse(text, "m.yaml").table(["list"] if "lst" in text else None)


def test_a_document_that_unfolds_without_bound_is_refused() -> None:
    first = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    bomb = first + "\n".join(f"{n}: &{n} [{','.join(['*' + b] * 9)}]" for b, n in zip("abcdef", "bcdefg", strict=True))
    with pytest.raises(BadMapping, match="unfolds"):
        parse(bomb, "m.yaml")


@pytest.mark.parametrize(
    ("ask", "text"), [("whole", "1.5"), ("number", "x"), ("truth", "yes"), ("items", "x"), ("text", "[x]")]
)
def test_a_node_that_is_asked_for_what_it_is_not_says_so(ask: str, text: str) -> None:
    node = parse(f"a: {text}", "m.yaml").table()["a"]
    with pytest.raises(BadMapping, match=r"m\.yaml:1:4: expected"):
        getattr(node, ask)()
