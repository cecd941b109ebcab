"""{KEY,REQUIRES,PROVIDES}_INVALID_FIELDS_TYPE: `fields` must be a string."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Subgraph
from gateway.schema.types import fields_argument
from gateway.schema.uses import uses


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Every field set is given as text (in federation 1 also as a list of texts)."""
    for use in uses(subgraph, "key", "requires", "provides"):
        if fields_argument(use.applied.node) is not None and use.text is None:
            message = f'{use.where}: Invalid value for argument "fields": must be a string.'
            yield problem(f"{use.code}_INVALID_FIELDS_TYPE", message, use.applied.node)
