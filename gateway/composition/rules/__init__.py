"""The rules subgraphs must keep together, one file per rule, in the order their errors are told.

`RULES_BEFORE_MERGING` see the subgraphs side by side; what they refuse cannot be merged. `RULES` see the merged supergraph
with its sources. Satisfiability comes last and only for what all rules accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.composition.gathered import Gathered
from gateway.composition.merged import Merged
from gateway.composition.result import CompositionError

RULES_BEFORE_MERGING: tuple[Callable[[Gathered], Iterator[CompositionError]], ...] = ()

RULES: tuple[Callable[[Merged], Iterator[CompositionError]], ...] = ()
