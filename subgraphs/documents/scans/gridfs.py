"""Scans in MongoDB, by GridFS: beside the register that is kept there, and backed up with it.

What comes in: the database's address. What goes out: a `ScanStore`. A scan is there when its entry is, which is written after
the last piece and kept by a majority of the servers. What is refused or breaks off is taken away again; where even that fails,
pieces without an entry stay, and are nobody's scan.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from gridfs import AsyncGridFSBucket
from gridfs.errors import CorruptGridFile, NoFile

from subgraphs.documents.errors import DocumentsUnavailable, ScanDamaged, ScanNotFound
from subgraphs.documents.model import Scan
from subgraphs.documents.scans.store import MAX_BYTES, PIECE, Intake, checked_id, new_id, unharmed, whole
from subgraphs.room.mongodb import Database, Limits, open_database

BUCKET: Final = "scan"


class GridfsScanStore:
    """See `ScanStore`."""

    def __init__(self, database: Database, max_bytes: int = MAX_BYTES) -> None:
        self._database = database
        self._bucket = AsyncGridFSBucket(database.raw, BUCKET, chunk_size_bytes=PIECE)
        self._max_bytes = max_bytes

    async def put(self, pieces: AsyncIterator[bytes], media_type: str, pages: int | None = None) -> Scan:
        """See `ScanStore.put`."""
        intake, scan_id = Intake(media_type, self._max_bytes), new_id()
        upload = self._bucket.open_upload_stream_with_id(scan_id, scan_id, metadata={"mediaType": media_type})
        try:
            async for piece in pieces:
                with self._database.writing():
                    await upload.write(intake.add(piece))
            scan = intake.finished(scan_id, pages)
            with self._database.writing():
                await upload.close()
        except BaseException:
            with suppress(DocumentsUnavailable), self._database.writing():
                await upload.abort()
            raise
        return scan

    async def get(self, scan: Scan) -> bytes:
        """See `ScanStore.get`."""
        return await whole(self.stream(scan))

    def stream(self, scan: Scan) -> AsyncIterator[bytes]:
        """See `ScanStore.stream`."""
        return unharmed(scan, self._pieces(scan.id))

    async def delete(self, scan_id: str) -> bool:
        """See `ScanStore.delete`."""
        try:
            with self._database.writing():
                await self._bucket.delete(checked_id(scan_id))
        except NoFile:
            return False
        return True

    async def close(self) -> None:
        """See `ScanStore.close`."""
        await self._database.close()

    async def _pieces(self, scan_id: str) -> AsyncIterator[bytes]:
        try:
            with self._database.reading():
                download = await self._bucket.open_download_stream(checked_id(scan_id))
            while True:
                with self._database.reading():  # each piece by itself: who reads slowly takes as long as it takes
                    piece = await download.readchunk()
                if not piece:
                    return
                yield piece
        except NoFile:
            raise ScanNotFound(f"There is no scan {scan_id}: it was deleted, or its database is another one.") from None
        except CorruptGridFile:
            raise ScanDamaged(f"The scan {scan_id} lacks pieces: bring it back from a backup.") from None


async def open_scans(address: str, limits: Limits | None = None) -> GridfsScanStore:
    """The scans in the database at `address`. Raises DocumentsUnavailable."""
    return GridfsScanStore(await open_database(address, DocumentsUnavailable, limits))
