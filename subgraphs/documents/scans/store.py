"""What a store of scans promises, and what may be put into one.

What comes in: the bytes of a scan, piece by piece, and the media type that its sender names. What goes out: a `Scan`, which the
document's record keeps; with it the bytes come back, and only if they are still the same. A store never overwrites: a scan is
put under a new id, read, or deleted.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Final, Protocol

from subgraphs.documents.errors import ScanDamaged, ScanNotFound, ScanRefused
from subgraphs.documents.model import Scan

MAX_BYTES: Final = 32 * 1024 * 1024
PIECE: Final = 255 * 1024
"""How many bytes are read at a time, and how many a piece in GridFS has."""

BEGINS: Final[Mapping[str, tuple[bytes, ...]]] = MappingProxyType(
    {
        "application/pdf": (b"%PDF-",),
        "image/jpeg": (b"\xff\xd8\xff",),
        "image/png": (b"\x89PNG\r\n\x1a\n",),
        "image/tiff": (b"II*\0", b"MM\0*"),
    }
)
"""The media types that are taken, and what the bytes of each begin with. Nothing that a browser would run is among them."""

_LONGEST_BEGIN: Final = 8
_ID: Final = re.compile(r"scn_[0-9a-f]{32}\Z")


class ScanStore(Protocol):
    """Where scans are kept."""

    async def put(self, pieces: AsyncIterator[bytes], media_type: str, pages: int | None = None) -> Scan:
        """Keep a scan; when this returns it is on disk. Raises ScanRefused, and then nothing is kept."""
        ...

    async def get(self, scan: Scan) -> bytes:
        """The whole scan. Raises ScanNotFound, and ScanDamaged when the bytes are not those that were put."""
        ...

    def stream(self, scan: Scan) -> AsyncIterator[bytes]:
        """The scan piece by piece. Raises as `get`; that it is damaged is known for certain only at the end."""
        ...

    async def delete(self, scan_id: str) -> bool:
        """Forget a scan; whether there was one."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def new_id() -> str:
    """An id that no scan has."""
    return f"scn_{secrets.token_hex(16)}"


def checked_id(scan_id: str) -> str:
    """The id, which can name nothing but a scan. Raises ScanNotFound."""
    if not _ID.match(scan_id):
        raise ScanNotFound("No scan has such an id: take the id from the document's record.")
    return scan_id


class Intake:
    """Checks a scan while its pieces go by, and knows its size and hash at the end."""

    def __init__(self, media_type: str, max_bytes: int = MAX_BYTES) -> None:
        if media_type not in BEGINS:
            raise ScanRefused(f"A scan cannot be of the type {media_type[:80]!r}: send one of {', '.join(BEGINS)}.")
        self._media_type = media_type
        self._max_bytes = max_bytes
        self._hash = hashlib.sha256()
        self._begin = b""
        self._bytes = 0

    def add(self, piece: bytes) -> bytes:
        """The next piece, as it came. Raises ScanRefused."""
        self._bytes += len(piece)
        if self._bytes > self._max_bytes:
            raise ScanRefused(f"The scan is larger than {self._max_bytes} bytes: send it at a lower resolution, or in parts.")
        if len(self._begin) < _LONGEST_BEGIN:
            self._begin += piece[:_LONGEST_BEGIN]
            if len(self._begin) >= _LONGEST_BEGIN:
                self._check_begin()
        self._hash.update(piece)
        return piece

    def finished(self, scan_id: str, pages: int | None) -> Scan:
        """What is known of the scan, all of whose pieces went by. Raises ScanRefused."""
        self._check_begin()
        return Scan(id=scan_id, media_type=self._media_type, bytes=self._bytes, sha256=self._hash.hexdigest(), pages=pages)

    def _check_begin(self) -> None:
        if not self._begin.startswith(BEGINS[self._media_type]):
            raise ScanRefused(f"The scan does not begin as {self._media_type} does: name the type that it has.")


async def unharmed(scan: Scan, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces as they come. Raises ScanDamaged when they are more, fewer or others than were put."""
    found, size = hashlib.sha256(), 0
    async for piece in pieces:
        size += len(piece)
        if size > scan.bytes:
            break
        found.update(piece)
        yield piece
    if size != scan.bytes or found.hexdigest() != scan.sha256:
        raise ScanDamaged(f"The bytes of the scan {scan.id} are not those that were put: bring the scan back from a backup.")


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    """All the pieces in one."""
    return b"".join([piece async for piece in pieces])
