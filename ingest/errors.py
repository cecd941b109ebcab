"""What can go wrong with an import as a whole. A single bad row is never an error: it goes to the quarantine
(`ingest/faults.py`).

ClientError
  ├─ BadMapping          the mapping document is wrong; says file, line and column
  ├─ JournalUnreadable   a journal cannot be opened or is not what the mapping describes
  ├─ ImportRunning       another import into the same data folder has not ended
  └─ BadCorrection       a correction names an entry or a column that does not exist
InternalError
  └─ PreparationFailed   the process that reads and translates ahead ended before its work was done
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError, InternalError


class BadMapping(ClientError):
    """Raised when a mapping document breaks the language of `docs/import.md`; the message starts with `file:line:column`."""

    code: ClassVar[str] = "BAD_MAPPING"


class JournalUnreadable(ClientError):
    """Raised when a journal is missing, is not of the declared format, or lacks columns that the mapping uses."""

    code: ClassVar[str] = "JOURNAL_UNREADABLE"


class ImportRunning(ClientError):
    """Raised when another process imports into the same data folder."""

    code: ClassVar[str] = "IMPORT_RUNNING"
    status: ClassVar[int] = 409


class BadCorrection(ClientError):
    """Raised when a correction does not fit its quarantine entry."""

    code: ClassVar[str] = "BAD_CORRECTION"


class PreparationFailed(InternalError):
    """Raised when the process that prepares an import's events died or failed. What was written until then stays, and the same
    import goes on after it.
    """

    code: ClassVar[str] = "PREPARATION_FAILED"
