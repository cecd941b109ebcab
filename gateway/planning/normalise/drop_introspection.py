"""Root fields that the gateway answers alone (`__schema`, `__type`, `__typename`) are not planned."""

from __future__ import annotations

from dataclasses import replace

from gateway.planning.normalise.operation import Operation
from gateway.query_graph.selections import make_selection_set


def drop_introspection(operation: Operation) -> Operation:
    """The operation without its root meta fields."""
    kept = [selection for selection in operation.selections.selections if not selection.name.startswith("__")]
    return replace(operation, selections=make_selection_set(operation.type_name, kept))
