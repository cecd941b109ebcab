"""Why something was refused: told to the log and counted, never told to the caller."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping


class Refusals:
    """Counts refusals by reason and writes each to the log. Safe to share between threads."""

    def __init__(self, what: str) -> None:
        self._log = logging.getLogger(f"saite.refusals.{what}")
        self._lock = threading.Lock()
        self._by_reason: Counter[str] = Counter()

    def count(self, reason: str, **attributes: str) -> None:
        """Count one refusal. `attributes` go to the log: nothing that an unknown caller chose freely belongs there."""
        with self._lock:
            self._by_reason[reason] += 1
        self._log.warning("refused", extra={"reason": reason, **attributes})

    def snapshot(self) -> Mapping[str, int]:
        """How many were refused so far, by reason."""
        with self._lock:
            return dict(self._by_reason)
