"""One row of a journal as it was read.

In: nothing. Out: `Line`, the unit that all later steps pass on.
"""

from __future__ import annotations

from typing import NamedTuple

from ingest.faults import Fault
from ingest.values.reader import Row

Nested = tuple[tuple[Row, ...], ...]
"""For each list that a mapping reads inside a row (in the order of its parts): the rows of that list."""


class Line(NamedTuple):
    """`number` is the line of the file, from 1 (of a CSV row over several lines: the first). With a `fault` the row is empty
    and `raw` holds the text as far as it could be read.
    """

    number: int
    row: Row
    nested: Nested = ()
    fault: Fault | None = None
    raw: str = ""
