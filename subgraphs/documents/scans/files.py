"""Scans as files of one folder: the embedded default.

What comes in: the folder. What goes out: a `ScanStore`. A scan is a file of its own, named by its id, readable by the owner
alone, in place only when all of it is on disk. What a crash leaves half done lies beside, as `.part`, and is nobody's scan.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from subgraphs.documents.errors import ScanNotFound, ScansUnavailable
from subgraphs.documents.model import Scan
from subgraphs.documents.scans.store import MAX_BYTES, PIECE, Intake, checked_id, new_id, unharmed, whole


class FileScanStore:
    """See `ScanStore`."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    async def put(self, pieces: AsyncIterator[bytes], media_type: str, pages: int | None = None) -> Scan:
        """See `ScanStore.put`."""
        intake, scan_id = Intake(media_type, self._max_bytes), new_id()
        path = self._path(scan_id)
        draft = path.with_suffix(".part")
        try:
            file = await asyncio.to_thread(_made, draft)
            try:
                async for piece in pieces:
                    await asyncio.to_thread(file.write, intake.add(piece))
                scan = intake.finished(scan_id, pages)
                await asyncio.to_thread(_settle, file, draft, path)
            finally:
                await asyncio.to_thread(file.close)
                await asyncio.to_thread(draft.unlink, missing_ok=True)
        except OSError as error:
            raise self._unavailable(error) from error
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
            await asyncio.to_thread(self._path(scan_id).unlink)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._unavailable(error) from error
        return True

    async def close(self) -> None:
        """Nothing is held open."""

    async def _pieces(self, scan_id: str) -> AsyncIterator[bytes]:
        path = self._path(scan_id)
        try:
            file = await asyncio.to_thread(path.open, "rb")
            try:
                while piece := await asyncio.to_thread(file.read, PIECE):
                    yield piece
            finally:
                await asyncio.to_thread(file.close)
        except FileNotFoundError:
            raise ScanNotFound(f"There is no scan {scan_id}: it was deleted, or its folder is another one.") from None
        except OSError as error:
            raise self._unavailable(error) from error

    def _path(self, scan_id: str) -> Path:
        return self._folder / checked_id(scan_id)[4:6] / scan_id

    def _unavailable(self, error: OSError) -> ScansUnavailable:
        return ScansUnavailable(f"Scans in {self._folder} cannot be read or written: {error.strerror}.")


def _made(draft: Path) -> BinaryIO:
    draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _settle(file: BinaryIO, draft: Path, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    draft.replace(path)
    for folder in (path.parent, path.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
