"""Numbers as registers write them.

In: a trimmed text and a `NumberForm`. Out: int or float; `Refused` when it is none or out of range.
"""

from __future__ import annotations

import math
import re
from typing import Final

from ingest.faults import Reason, Refused
from ingest.mapping.document import NumberForm

# Digits of ASCII only: float() would also take `1_000`, `inf`, `nan` and the digits of other scripts.
_PLAIN: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def read_number(text: str, form: NumberForm, column: str = "") -> int | float:
    """The number that `text` writes in `form`.

    >>> read_number("1 234,5", NumberForm(decimal=",", thousands=" "))
    1234.5
    >>> read_number("2159", NumberForm(low=1, high=3, unscale=1000))
    2.159
    """
    plain = plain_number(text, form)
    if not _PLAIN.fullmatch(plain):
        raise Refused(Reason.NOT_A_NUMBER, column, text)
    number = float(plain)
    if not math.isfinite(number):
        raise Refused(Reason.NOT_A_NUMBER, column, text)
    if form.unscale is not None and not _within(number, form):
        number /= form.unscale
    if not _within(number, form):
        raise Refused(Reason.OUT_OF_RANGE, column, text, low=_bound(form.low, "−∞"), high=_bound(form.high, "∞"))
    if not form.whole:
        return number
    if not number.is_integer():
        raise Refused(Reason.NOT_A_WHOLE_NUMBER, column, text)
    return int(number) if abs(number) < 2**53 else int(plain.partition(".")[0])


def plain_number(text: str, form: NumberForm) -> str:
    """The number as Python writes it, with `?` in place of what `form` does not foresee."""
    plain = text.replace(form.thousands, "") if form.thousands else text
    if form.decimal != ".":
        plain = plain.replace(".", "?").replace(form.decimal, ".")
    return plain


def _within(number: float, form: NumberForm) -> bool:
    return (form.low is None or number >= form.low) and (form.high is None or number <= form.high)


def _bound(bound: float | None, none: str) -> str:
    return none if bound is None else f"{bound:g}"
