"""Keys and ids: the same rows of the same source give the same ids, in every import.

In: the texts that identify something at its source. Out: its key there, and our ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from ingest.faults import Fault, Reason, Refused
from ingest.mapping.document import Value
from ingest.values.compile import compile_value, names_of
from ingest.values.leaf import TEXT
from ingest.values.reader import Row, Seen

KeyReader = Callable[[Row, Seen], str | Fault]


def key_reader(values: Sequence[Value], places: Mapping[str, int]) -> KeyReader:
    """The function to the key that a row's identifying values make, such as `2022/10133`, or to the fault of one."""
    readers, columns = [compile_value(value, places, TEXT) for value in values], names_of(values)
    only = readers[0] if len(readers) == 1 else None

    def read(row: Row, seen: Seen) -> str | Fault:
        try:
            texts = [only(row, seen)] if only is not None else [reader(row, seen) for reader in readers]
        except Refused as refused:
            return refused.fault
        if None in texts:
            return Fault(Reason.MISSING_VALUE, columns)
        return (
            str(texts[0]) if only is not None else "/".join(str(text).replace("%", "%25").replace("/", "%2F") for text in texts)
        )

    return read


def moment_of(id_: str) -> datetime:
    """The instant inside one of our ids: what belongs to an event is given ids of the event's own instant, however it
    changes.
    """
    return datetime.fromtimestamp(int(id_.rpartition("_")[2][:12], 16) / 1000, UTC)
