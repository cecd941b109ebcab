"""Every word of the mapping language, in one place: the reader accepts these and no others, and the manual has to explain each.

In: nothing. Out: tuples of words by the table they stand in.
"""

from __future__ import annotations

from typing import Final

from ingest.mapping.document import Kind

LANGUAGE: Final = 1
"""The version of the language, which a document states in its first line: `mapping: 1`."""

DOCUMENT: Final = ("mapping", "name", "title", "system", "attribution", "notes", "zone", "ambiguous", "gap", "empty")
DOCUMENT_TABLES: Final = ("journals", "codes", "event")
PARTS: Final[tuple[Kind, ...]] = ("persons", "vehicles", "documents", "items", "dispatches", "decisions", "qualification")

JOURNAL: Final = ("match", "format", "encoding", "delimiter")
FORMATS: Final = ("csv", "jsonl")

EVENT: Final = ("from", "id", "duplicates", "fold", "skip", "fields")
DUPLICATES: Final = ("fold", "latest", "refuse")

PART: Final = ("from", "event", "each", "id", "skip")
PART_THING: Final = ("record", "involvement", "match", "vehicle")
PART_PLAIN: Final = ("fields",)

CONDITION: Final = ("column", "is", "is_not")

SOURCES: Final = ("column", "value", "join", "first", "moment", "date")
REFINEMENTS: Final = ("empty", "pattern", "codes", "otherwise", "number", "default", "required")
BESIDE_JOIN: Final = ("with",)
NUMBER: Final = ("decimal", "thousands", "min", "max", "unscale", "whole")

CLOCK: Final = ("zone", "ambiguous", "gap")
AMBIGUOUS: Final = ("earlier", "later", "refuse")
GAP: Final = ("refuse", "later")
DATE_PARTS: Final = ("year", "month", "day")
TIME_PARTS: Final = ("hour", "minute", "second")
WRITTEN: Final = ("text", "form")
MOMENT: Final = (*DATE_PARTS, *TIME_PARTS, *WRITTEN, *CLOCK, "near", "plus")
DATE: Final = (*DATE_PARTS, *WRITTEN)
PLUS: Final = ("days", "hours", "minutes", "seconds")

POSITION: Final = "$position"
"""Stands where a column may: the row's place among its event's rows, from 1."""

ALL: Final = tuple(
    dict.fromkeys(
        (
            *(*DOCUMENT, *DOCUMENT_TABLES, *PARTS, *JOURNAL, *FORMATS, *EVENT, *DUPLICATES, *PART, *PART_THING, *PART_PLAIN),
            *(*CONDITION, *SOURCES, *REFINEMENTS, *BESIDE_JOIN, *NUMBER, *MOMENT, *AMBIGUOUS, *GAP, *PLUS, POSITION),
        )
    )
)
