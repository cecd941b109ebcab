"""Errors of the room of documents, beside those of every room (`subgraphs.room.errors`).

ClientError
  ├─ ScanRefused            a scan of a type or size that is not taken, or of another type than it says
  └─ ScanNotFound           (404) no scan has this id
InternalError
  ├─ ScanDamaged            the bytes of a scan are not those that were put
  └─ StoreFailed
       ├─ DocumentsUnavailable   the register of documents could not answer
       └─ ScansUnavailable       the folder of scans cannot be read or written
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError, InternalError
from subgraphs.room.errors import StoreFailed


class DocumentsUnavailable(StoreFailed):
    """Raised when the register of documents could not answer; clients see an error id, the log the reason."""

    code: ClassVar[str] = "DOCUMENTS_UNAVAILABLE"


class ScanRefused(ClientError):
    """Raised when a scan is too large, of a media type that is not taken, or not of the type that it is said to be."""

    code: ClassVar[str] = "SCAN_REFUSED"


class ScanNotFound(ClientError):
    """Raised when no scan has this id."""

    code: ClassVar[str] = "SCAN_NOT_FOUND"
    status: ClassVar[int] = 404


class ScanDamaged(InternalError):
    """Raised when the bytes of a scan are not those that were put."""

    code: ClassVar[str] = "SCAN_DAMAGED"


class ScansUnavailable(StoreFailed):
    """Raised when the folder of scans cannot be read or written."""

    code: ClassVar[str] = "SCANS_UNAVAILABLE"
