"""Whether one row rule shows more than another, where that can be told from their shape.

Sound and not complete: `wider`, `narrower` and `same` are proven; everything else is `unclear`.
"""

from __future__ import annotations

from typing import Literal

from authz.rows import All, AnyOf, Eq, Exists, GeoWithin, Gte, In, Lte, Not, Overlaps, Predicate, Reference
from authz.rows.predicate import Literal as Value

Relation = Literal["same", "wider", "narrower", "unclear"]


def relation(old: Predicate, new: Predicate) -> Relation:
    """How the rows of `new` are to those of `old`; both bound to their contexts."""
    wider, narrower = implies(old, new), implies(new, old)
    if wider and narrower:
        return "same"
    return "wider" if wider else "narrower" if narrower else "unclear"


def implies(first: Predicate, second: Predicate) -> bool:
    """Whether every row that `first` shows is one that `second` shows; False where it cannot be told."""
    if first == second:
        return True
    match first, second:
        case _, All(items):
            return all(implies(first, item) for item in items)
        case AnyOf(items), _:
            return all(implies(item, second) for item in items)
        case All(items), AnyOf(others):
            return any(implies(item, second) for item in items) or any(implies(first, other) for other in others)
        case All(items), _:
            return any(implies(item, second) for item in items)
        case _, AnyOf(items):
            return any(implies(first, item) for item in items)
        case Not(item), Not(other):
            # Unknown shows no row, negated or not: so this holds for leaves about the same attribute only, and not for
            # `exists`, whose negation shows just the unknown.
            both_compare = not isinstance(item, Exists) and not isinstance(other, Exists)
            same_attribute = _attribute(item) is not None and _attribute(item) == _attribute(other)
            return both_compare and same_attribute and implies(other, item)
        case _:
            return _leaf_implies(first, second)


def _attribute(predicate: Predicate) -> str | None:
    return None if isinstance(predicate, All | AnyOf | Not) else predicate.attribute


def _leaf_implies(first: Predicate, second: Predicate) -> bool:
    if isinstance(second, Exists) and _attribute(first) == second.attribute:
        return True
    if isinstance(first, Not) and isinstance(second, Exists):
        return _shows_only_known(first.item) and _attribute(first.item) == second.attribute
    match first, second:
        case (Eq() | In(), Eq() | In()):
            return first.attribute == second.attribute and _values(first) <= _values(second) and bool(_values(second))
        case (Overlaps(), Overlaps()):
            return first.attribute == second.attribute and _values(first) <= _values(second)
        case (Lte(attribute, int() | float() as most), Lte(other, int() | float() as more)):
            return attribute == other and most <= more
        case (Gte(attribute, int() | float() as least), Gte(other, int() | float() as less)):
            return attribute == other and least >= less
        case (GeoWithin(), GeoWithin()):
            same_centre = (first.attribute, first.lat, first.lon) == (second.attribute, second.lat, second.lon)
            return same_centre and first.metres <= second.metres
        case _:
            return False


def _shows_only_known(negated: Predicate) -> bool:
    """Whether the negation of a leaf hides unknown values: the empty set is known, and so is that nothing is in no list."""
    match negated:
        case Eq() | Lte() | Gte() | GeoWithin():
            return True
        case In():
            return bool(_values(negated))
        case _:
            return False


def _values(leaf: Eq | In | Overlaps) -> frozenset[tuple[type, Value]]:
    """The values with their types: 1 and true are two values in a contract, and one in a Python set."""
    taken = (leaf.value,) if isinstance(leaf, Eq) else leaf.values
    values = taken if isinstance(taken, tuple) else ()
    return frozenset((type(value), value) for value in values if not isinstance(value, Reference))
