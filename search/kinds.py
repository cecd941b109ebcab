"""What of each type may be searched, as the rooms declare it.

What comes in: nothing; rooms write `SearchedType` values down beside their types. What goes out: the fields that a text is
looked for in, the values that are counted as facets, the date, the place, and the attributes that row rules read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

RowKind = Literal["one", "many", "point"]


class FieldKind(Enum):
    """How a field is searched."""

    NAME = "NAME"
    """As people spell names: words in any order, near ones too."""

    TEXT = "TEXT"
    """By the words' stems."""

    IDENTIFIER = "IDENTIFIER"
    """Whole in its normal form, or by a pattern with `*` and `?`."""


@dataclass(frozen=True, slots=True)
class SearchedField:
    """A field (`Type.field`) that a text is looked for in.

    `code` (two letters, unique over all types) marks its keys in the index. `normal` brings an identifier into the form
    that is compared. `via` is the field that leads to it, where that is another type's (`Place.text` is read by
    `Event.place`).
    """

    field: str
    code: str
    kind: FieldKind
    normal: Callable[[str], str] | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True)
class FacetField:
    """A field (`Type.field`) with few values; `via` as in `SearchedField`."""

    field: str
    via: str | None = None


@dataclass(frozen=True, slots=True)
class SearchedType:
    """A type of the graph that is searched.

    `facets` are the fields whose values are counted and may be asked for. `rows` are the attributes of row rules, as
    `@rowattr` declares them.
    """

    name: str
    fields: tuple[SearchedField, ...]
    facets: tuple[FacetField, ...]
    rows: Mapping[str, RowKind]

    def field(self, name: str) -> SearchedField:
        """The field of that name (`Type.field`)."""
        return next(field for field in self.fields if field.field == name)
