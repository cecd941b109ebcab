"""Keys and ids: the same rows of the same source give the same ids, in every import.

In: the texts that identify something at its source. Out: its key there, and our ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from ingest.faults import Fault, Reason, Refused
from ingest.values.compile import Reader, Row, Seen


def key_of(readers: Iterable[Reader], columns: str, row: Row, seen: Seen) -> str | Fault:
    """The key that a row's identifying values make, such as `2022/10133`; a fault when one of them is nothing or bad."""
    texts: list[str] = []
    for reader in readers:
        try:
            text = reader(row, seen)
        except Refused as refused:
            return refused.fault
        if text is None:
            return Fault(Reason.MISSING_VALUE, columns)
        texts.append(str(text))
    return texts[0] if len(texts) == 1 else "/".join(text.replace("%", "%25").replace("/", "%2F") for text in texts)


def moment_of(id_: str) -> datetime:
    """The instant inside one of our ids: what belongs to an event is given ids of the event's own instant, however it
    changes.
    """
    return datetime.fromtimestamp(int(id_.rpartition("_")[2][:12], 16) / 1000, UTC)
