"""Kinds of fields, and how a clean text becomes what a field holds.

In: a text and a `Leaf`. Out: the value, or `Refused`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Literal

from ingest.faults import Reason, Refused
from ingest.mapping.document import Clock, Constant, NumberForm
from ingest.values import times
from ingest.values.numbers import plain_number, read_number

_ANY_WHOLE: Final = NumberForm(whole=True)
_ANY_NUMBER: Final = NumberForm()
_UTC: Final = Clock(Constant("UTC"))


@dataclass(frozen=True, slots=True)
class Leaf:
    """What kind of value a field takes.

    `words` are what an enumeration or code list has for each code, `limit` the most characters; `holds` is a further test
    of a text, refused with `refusal`.
    """

    kind: Literal["text", "enum", "whole", "number", "money", "truth", "moment", "day"]
    words: Mapping[str, object] = field(default_factory=dict)
    limit: int = 20_000
    list_name: str = ""
    holds: Callable[[str], bool] | None = None
    refusal: Reason = Reason.NO_MATCH


TEXT: Final = Leaf("text")
WHOLE: Final = Leaf("whole")


def converted(text: str, leaf: Leaf, column: str = "", form: NumberForm | None = None) -> object:
    """The text as the field wants it; `form` says how a number is written. Raises Refused."""
    match leaf.kind:
        case "text":
            return _text(text, leaf, column, form)
        case "enum":
            return _word(text, leaf, column)
        case "money":
            read_number(text, form or _ANY_NUMBER, column)
            return Decimal(plain_number(text, form or _ANY_NUMBER))
        case "whole":
            return read_number(text, _ANY_WHOLE if form is None else form if form.whole else replace(form, whole=True), column)
        case "number":
            return float(read_number(text, form or _ANY_NUMBER, column))
        case "truth":
            if text not in ("true", "false"):
                raise Refused(Reason.UNKNOWN_CODE, column, text, list="true/false", nearest="–")
            return text == "true"
        case "moment":
            return times.read_moment(text, times.ISO, times.zone_of("UTC"), _UTC, column)
        case "day":
            return times.read_day(text, times.ISO, column)


def _text(text: str, leaf: Leaf, column: str, form: NumberForm | None) -> str:
    """With a number's form, the number in its plainest writing: `10133.0` as a whole number is `10133`."""
    if form is not None:
        text = str(read_number(text, form, column))
    if len(text) > leaf.limit:
        raise Refused(Reason.TOO_LONG, column, text, limit=leaf.limit)
    if leaf.holds is not None and not leaf.holds(text):
        raise Refused(leaf.refusal, column, text)
    return text


def _word(text: str, leaf: Leaf, column: str) -> object:
    if text not in leaf.words:
        near = difflib.get_close_matches(text, list(leaf.words), 1, 0.5)
        raise Refused(Reason.UNKNOWN_CODE, column, text, list=leaf.list_name, nearest=near[0] if near else "–")
    return leaf.words[text]
