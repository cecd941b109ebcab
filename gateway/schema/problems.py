"""What is wrong inside one subgraph.

In: a rule that found something. Out: a `Problem`, which composition turns into an error that also names the subgraph.
Reading never raises for a faulty schema: every problem of every subgraph is reported at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphql import Node


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a subgraph's schema: a stable code, a sentence that says what to do, and where (1-based, 0 = unknown)."""

    code: str
    message: str
    line: int = 0
    column: int = 0


def problem(code: str, message: str, node: Node | None = None) -> Problem:
    """A problem at the place of `node` in the SDL text."""
    if node is None or node.loc is None:
        return Problem(code, message)
    return Problem(code, message, node.loc.start_token.line, node.loc.start_token.column)
