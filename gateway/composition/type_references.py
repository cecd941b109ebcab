"""Merging the types that subgraphs give to one field or argument.

Types are text as in SDL. A field's merged type must hold every subgraph's values: the most general one. An argument's must
be acceptable to every subgraph: the strictest one. None says that there is none, or none that a subgraph declares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gateway.schema.subgraph import named_type

IsSubtype = Callable[[str, str], bool]
"""Whether a value of the first named type is always one of the second (implementer and interface, member and union)."""


def merge_output(types: Iterable[str], is_subtype: IsSubtype) -> str | None:
    """The most general of these output types."""
    return _fold(types, lambda one, other: _general(one, other, is_subtype))


def merge_input(types: Iterable[str]) -> str | None:
    """The strictest of these input types."""
    return _fold(types, _strict)


def is_output_subtype(one: str, other: str, is_subtype: IsSubtype) -> bool:
    """Whether a field of type `one` may stand where `other` is promised."""
    return _general(one, other, is_subtype) == other


def _fold(types: Iterable[str], merge: Callable[[str, str], str | None]) -> str | None:
    distinct = list(dict.fromkeys(types))
    result: str | None = distinct[0]
    for one in distinct[1:]:
        result = merge(result, one) if result is not None else None
    return result if result in distinct else None


def _general(one: str, other: str, is_subtype: IsSubtype) -> str | None:
    if one.endswith("!") and other.endswith("!"):
        return _wrapped(_general(one[:-1], other[:-1], is_subtype), "", "!")
    one, other = one.removesuffix("!"), other.removesuffix("!")
    if one.startswith("[") and other.startswith("["):
        return _wrapped(_general(one[1:-1], other[1:-1], is_subtype), "[", "]")
    if one == other or (_is_named(one, other) and is_subtype(one, other)):
        return other
    return one if _is_named(one, other) and is_subtype(other, one) else None


def _strict(one: str, other: str) -> str | None:
    if one.endswith("!") or other.endswith("!"):
        return _wrapped(_strict(one.removesuffix("!"), other.removesuffix("!")), "", "!")
    if one.startswith("[") and other.startswith("["):
        return _wrapped(_strict(one[1:-1], other[1:-1]), "[", "]")
    return one if one == other else None


def _is_named(one: str, other: str) -> bool:
    return named_type(one) == one and named_type(other) == other


def _wrapped(inner: str | None, before: str, after: str) -> str | None:
    return None if inner is None else f"{before}{inner}{after}"
