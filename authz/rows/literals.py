"""What a row rule compares with, sorted into kinds: a rule over numbers never decides over texts, in no store.

In: the values of a leaf, or of a row. Out: their kind, or None where they have none in common.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal as OneOf
from typing import TypeAlias

from authz.errors import RowAttributeMissing
from authz.rows.predicate import Literal, Reference

Kind: TypeAlias = OneOf["text", "number", "truth"]


def kind_of(value: object) -> Kind | None:
    """The kind of one value; None for none. Not-a-number is no value: no store orders it as another does."""
    match value:
        case bool():
            return "truth"
        case int():
            return "number"
        case float():
            return None if math.isnan(value) else "number"
        case str():
            return "text"
        case _:
            return None


def common_kind(values: Iterable[Literal]) -> Kind | None:
    """The kind that all values have; None when they differ: such a list decides nothing."""
    kinds = {kind_of(value) for value in values}
    return kinds.pop() if len(kinds) == 1 else None


def one(value: Literal | Reference) -> Literal:
    """The bound value. Raises RowAttributeMissing for one that was not bound."""
    if isinstance(value, Reference):
        raise _unbound(value)
    return value


def many(values: tuple[Literal, ...] | Reference) -> tuple[Literal, ...]:
    """The bound values. Raises RowAttributeMissing for those that were not bound."""
    if isinstance(values, Reference):
        raise _unbound(values)
    return values


def _unbound(reference: Reference) -> RowAttributeMissing:
    return RowAttributeMissing(f"${reference.path} was not bound to the contract's context before rows were judged.")
