"""What somebody may search: of each type which fields, which rows, and what of it may be shown back.

What comes in: the caller's mask. What goes out: `Reach`. A field is looked into only where the contract grants the right to
filter by it; nothing of any other field, and no other row, has a part in what is found, how it is ordered, counted or
suggested.

    by whole identifiers        `filter:eq` or `filter:search` on the field
    by names, words, patterns   `filter:search` on the field
    not at all by a text        a field with a value mask (it may be compared, not guessed), and one whose different
    look-ups
                                a quota counts: those go by the argument of its own, where they are counted
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from authz.mask import Mask
from authz.rows import NO_ROW, Predicate
from search.kinds import FacetField, FieldKind, SearchedField, SearchedType

SEARCH = "search"
"""The operator that contracts grant on a field that a text may be looked for in."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the caller may search of one type. `whole` are looked for as a whole, `inside` by parts, `shown` may be shown."""

    type: SearchedType
    whole: frozenset[SearchedField]
    inside: frozenset[SearchedField]
    shown: frozenset[SearchedField]
    rows: Predicate

    @property
    def searched(self) -> frozenset[SearchedField]:
        """Every field that a text is looked for in."""
        return self.whole | self.inside

    def narrowed(self, fields: frozenset[str]) -> Reach:
        """Within these fields alone."""
        whole, inside, shown = (
            frozenset(field for field in each if field.field in fields) for each in (self.whole, self.inside, self.shown)
        )
        return Reach(self.type, whole, inside, shown, self.rows)


def reaches_of(mask: Mask, types: Iterable[SearchedType]) -> tuple[Reach, ...]:
    """What the mask lets search of these types; types of which it lets nothing are left out."""
    return tuple(reach for searched in types if (reach := _reach(mask, searched)) is not None)


def _reach(mask: Mask, searched: SearchedType) -> Reach | None:
    if f"{searched.name}.id" not in mask.read:
        return None
    counted = {field for quota in mask.quotas for field in quota.distinct_filter_values}
    open_fields = [field for field in searched.fields if field.field not in mask.values and field.field not in counted]
    granted = {field: mask.filter.get(field.field, frozenset()) for field in open_fields}
    inside = frozenset(field for field, operators in granted.items() if SEARCH in operators)
    whole = frozenset(
        field for field, operators in granted.items() if field.kind is FieldKind.IDENTIFIER and operators & {"eq", SEARCH}
    )
    shown = frozenset(field for field in whole | inside if _is_read(mask, field))
    return Reach(searched, whole, inside, shown, mask.rows.get(searched.name, NO_ROW)) if whole | inside else None


def facets_of(mask: Mask, searched: SearchedType) -> frozenset[str]:
    """The facets whose values the mask lets see."""
    return frozenset(facet.field for facet in searched.facets if facet.field not in mask.values and _is_read(mask, facet))


def _is_read(mask: Mask, field: SearchedField | FacetField) -> bool:
    return field.field in mask.read and (field.via is None or field.via in mask.read)
