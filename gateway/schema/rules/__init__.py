"""The rules one subgraph must keep by itself, one file per rule, in the order their problems are told.

`LINK_RULES` look at one @link each, before anything else is read. `RULES` look at the whole subgraph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.schema.links import Link
from gateway.schema.problems import Problem
from gateway.schema.rules import known_link_versions
from gateway.schema.subgraph import Subgraph

LINK_RULES: tuple[Callable[[Link], Iterator[Problem]], ...] = (known_link_versions.check,)

RULES: tuple[Callable[[Subgraph], Iterator[Problem]], ...] = ()
