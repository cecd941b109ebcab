"""A key file that may be replaced while we run: read again when it has changed, looked at once a second at most.

In: a path, how to read it, the time. Out: what was read last. A file that has become unusable changes nothing: what was read
before stays, and the log says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, TypeVar

from authz.identity.errors import KeyFileUnusable

_log: Final = logging.getLogger("saite.keys")
EVERY: Final = 1.0  # seconds
_Content = TypeVar("_Content")


class Watched(Generic[_Content]):
    """The content of the file `path`. Raises KeyFileUnusable when it cannot be read at first."""

    def __init__(self, path: Path, read: Callable[[Path], _Content]) -> None:
        self._path = path
        self._read = read
        self._stamp = self._stamped()  # before reading: a change meanwhile is read again
        self._content = read(path)
        self._looked_at = float("-inf")

    def current(self, at: float) -> _Content:
        """What the file holds, as of a second before `at` (Unix seconds) or later."""
        if not self._looked_at <= at < self._looked_at + EVERY:
            self._looked_at = at
            stamp = self._stamped()
            if stamp != self._stamp:
                self._reread(stamp)
        return self._content

    def _reread(self, stamp: tuple[int, int] | None) -> None:
        try:
            self._content = self._read(self._path)
        except KeyFileUnusable as error:
            _log.error("key file not read again", extra={"reason": error.message})
            return
        self._stamp = stamp
        _log.info("key file read again", extra={"file": self._path.name})

    def _stamped(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns
