"""A reference plan as text, measured: how many requests it makes, and how many follow one another on its longest chain.

In: the text of a plan as planners print it (`QueryPlan { Sequence { Fetch(service: "x") { … } … } }`). Out: two numbers.
"""

from __future__ import annotations

import re

_BLOCK = re.compile(r"(?P<kind>QueryPlan|Sequence|Parallel|Flatten|Include|Skip|Defer|BatchFetch|Fetch)\b(?:\([^{]*?\))?\s*\{")
_REQUESTS = ("Fetch", "BatchFetch")


def request_count(text: str) -> int:
    """The number of requests; a `BatchFetch` is one."""
    return len(re.findall(r"\b(?:Batch)?Fetch\(", text))


def chain_length(text: str) -> int:
    """The number of requests on the longest chain."""
    found = _BLOCK.search(text)
    return _length(text, found) if found else 0


def _length(text: str, block: re.Match[str]) -> int:
    if block["kind"] in _REQUESTS:
        return 1
    inner = text[block.end() : _end(text, block.end())]
    lengths = []
    at = 0
    while child := _BLOCK.search(inner, at):
        lengths.append(_length(inner, child))
        at = _end(inner, child.end())
    return sum(lengths) if block["kind"] == "Sequence" else max(lengths, default=0)


def _end(text: str, at: int) -> int:
    """Just behind the brace that closes the block opened before `at`; the end of a text that never closes it."""
    depth = 1
    while depth and at < len(text):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at
