"""Errors of the room of documents, beside those of every room (`subgraphs.room.errors`).

InternalError
  └─ StoreFailed
       └─ DocumentsUnavailable   the register of documents could not answer
"""

from __future__ import annotations

from typing import ClassVar

from subgraphs.room.errors import StoreFailed


class DocumentsUnavailable(StoreFailed):
    """Raised when the register of documents could not answer; clients see an error id, the log the reason."""

    code: ClassVar[str] = "DOCUMENTS_UNAVAILABLE"
