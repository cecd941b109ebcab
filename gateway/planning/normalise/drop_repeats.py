"""A leaf that is asked for more types, or under fewer conditions, need not be asked again for less.

id ... on Book { id }   →   id
"""

from __future__ import annotations

from dataclasses import replace

from gateway.planning.normalise.operation import Operation, rewrite_sets
from gateway.query_graph.selections import Selection


def drop_repeats(operation: Operation) -> Operation:
    """The operation without leaves that another leaf covers."""
    return replace(operation, selections=rewrite_sets(operation.selections, _drop))


def _drop(selections: list[Selection]) -> list[Selection]:
    seen: dict[str, list[Selection]] = {}
    for selection in selections:
        if selection.children is None:
            seen.setdefault(selection.key, []).append(selection)
    if all(len(same) == 1 for same in seen.values()):
        return selections
    kept: list[Selection] = []
    for one in selections:
        if one.children is None:
            others = [other for other in seen[one.key] if other is not one]
            if any(_covers(other, one) for other in others):
                seen[one.key] = others
                continue
        kept.append(one)
    return kept


def _covers(other: Selection, one: Selection) -> bool:
    if other.name != one.name or other.arguments != one.arguments:
        return False
    return other.types & one.types == one.types and set(other.conditions) <= set(one.conditions)
