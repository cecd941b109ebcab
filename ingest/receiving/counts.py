"""What came in, for operators: counters and lags by source, as a scraper reads them.

In: what became of messages. Out: measures (`kernel.metrics`). Labels are registered sources; what names none is `unknown`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from ingest.receiving.sources import Sources
from kernel.metrics import Measure, Readings
from subgraphs.events.registration.arrival import Arrival, Fate, Message, Taken

UNKNOWN = "unknown"


class Counts:
    """Counts of one process."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._of: dict[str, Counter[str]] = {
            name: Counter() for name in ("received", "applied", "duplicate", "waiting", "superseded", "quarantined")
        }
        self._lags: dict[str, float] = {}
        self.batches = 0

    def count(self, messages: Iterable[Message], taken: Iterable[Taken], now: datetime) -> None:
        """Count messages that were taken."""
        self.batches += 1
        for message, one in zip(messages, taken, strict=True):
            source = message.source if self._sources.get(message.source) is not None else UNKNOWN
            self._of["received"][source] += 1
            self._of["duplicate" if one.repeated else one.receipt.status.value.lower()][source] += 1
            if isinstance(message, Arrival) and message.sent_at is not None and one.receipt.status is Fate.APPLIED:
                self._lags[source] = max(0.0, (now - message.sent_at).total_seconds())

    def of(self, name: str) -> int:
        """How many in all."""
        return self._of[name].total()

    def measures(self) -> tuple[Measure, ...]:
        """As a scraper reads them."""
        said = {
            "received": "Messages that came in.",
            "applied": "Messages that are in the register now.",
            "duplicate": "Messages that had come before.",
            "waiting": "Messages that came before one that they follow.",
            "superseded": "Messages that came after a later one was applied.",
            "quarantined": "Messages that somebody has to look at.",
        }
        counters = (
            Measure(f"saite_ingest_{name}", said[name], _by_source(counter), ("source",), grows=True)
            for name, counter in self._of.items()
        )
        lag = Measure(
            "saite_ingest_lag_seconds",
            "From the sending of a source's last applied message to its commit.",
            lambda: [((source,), seconds) for source, seconds in sorted(self._lags.items())],
            ("source",),
        )
        return (*counters, lag)


def _by_source(counter: Counter[str]) -> Callable[[], Readings]:
    return lambda: [((source,), float(number)) for source, number in sorted(counter.items())]
