"""What `subgraphs.documents.scans.store` promises, asked of files and of GridFS."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from subgraphs.documents.errors import DocumentsUnavailable, ScanDamaged, ScanNotFound, ScanRefused
from subgraphs.documents.scans.files import FileScanStore
from subgraphs.documents.scans.gridfs import GridfsScanStore, open_scans
from subgraphs.documents.scans.store import PIECE, ScanStore
from subgraphs.room.deadline import kept

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 2500  # three pieces
LIMIT = 700_000
BROKEN = EOFError


async def pieces(content: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


@pytest.fixture(params=["files", "gridfs"])
async def scans(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    if request.param == "files":
        yield FileScanStore(tmp_path / "scans", LIMIT)
        return
    opened = await open_scans(request.getfixturevalue("mongodb_address"))
    opened._max_bytes = LIMIT
    yield opened
    await opened.close()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def left_behind(scans: ScanStore, tmp_path: Path) -> int:
    """How many files or pieces there are."""
    if isinstance(scans, GridfsScanStore):
        raw = scans._database.raw
        return await raw["scan.files"].count_documents({}) + await raw["scan.chunks"].count_documents({})
    return len(files_in(tmp_path))


async def test_a_scan_comes_back_as_it_was_put(scans: ScanStore) -> None:
    scan = await scans.put(pieces(PDF), "application/pdf", pages=3)
    assert (scan.media_type, scan.bytes, scan.pages) == ("application/pdf", len(PDF), 3)
    assert scan.sha256 == hashlib.sha256(PDF).hexdigest()
    assert await scans.get(scan) == PDF
    came = [piece async for piece in scans.stream(scan)]
    assert b"".join(came) == PDF
    assert max(map(len, came)) <= PIECE


async def test_the_same_bytes_put_twice_are_two_scans(scans: ScanStore) -> None:
    first, second = [await scans.put(pieces(PDF), "application/pdf") for _ in range(2)]
    assert first.id != second.id
    assert await scans.delete(first.id)
    assert await scans.get(second) == PDF


async def test_a_deleted_scan_is_gone_with_all_its_pieces(scans: ScanStore, tmp_path: Path) -> None:
    scan = await scans.put(pieces(PDF), "application/pdf")
    assert await scans.delete(scan.id) is True
    assert await scans.delete(scan.id) is False
    with pytest.raises(ScanNotFound):
        await scans.get(scan)
    assert await left_behind(scans, tmp_path) == 0


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "text/html"),
        (PDF, "image/svg+xml"),
        (PDF, "application/pdf; charset=x"),
        (b"<html><script>", "application/pdf"),
        (PDF, "image/png"),
        (b"%PDF", "application/pdf"),
        (b"", "image/jpeg"),
        (PDF + bytes(LIMIT), "application/pdf"),
    ],
)
async def test_what_is_refused_leaves_nothing(scans: ScanStore, tmp_path: Path, content: bytes, media_type: str) -> None:
    with pytest.raises(ScanRefused):
        await scans.put(pieces(content, 3 if len(content) < 100 else 100_000), media_type)
    assert await left_behind(scans, tmp_path) == 0


async def test_a_sender_who_breaks_off_leaves_nothing(scans: ScanStore, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PDF[:400_000]
        raise BROKEN

    with pytest.raises(BROKEN):
        await scans.put(broken(), "application/pdf")
    assert await left_behind(scans, tmp_path) == 0


async def test_bytes_that_are_not_those_that_were_put_are_told(scans: ScanStore) -> None:
    scan = await scans.put(pieces(PDF), "application/pdf")
    for wrong in ({"sha256": "0" * 64}, {"bytes": len(PDF) - 1}, {"bytes": len(PDF) + 1}):
        with pytest.raises(ScanDamaged):
            await scans.get(msgspec.structs.replace(scan, **wrong))


@pytest.mark.parametrize("scan_id", ["", "scn_", "../../keys/cursors", "scn_" + "0" * 31 + "/", "scn_" + "A" * 32, "$ne"])
async def test_what_is_no_id_names_no_file(scans: ScanStore, scan_id: str) -> None:
    with pytest.raises(ScanNotFound):
        await scans.delete(scan_id)


async def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    await FileScanStore(tmp_path / "scans").put(pieces(PDF), "application/pdf")
    assert [path.stat().st_mode & 0o777 for path in files_in(tmp_path)] == [0o600]


async def test_pieces_that_are_lost_in_gridfs_are_told(mongodb_address: str) -> None:
    scans = await open_scans(mongodb_address)
    try:
        scan = await scans.put(pieces(PDF), "application/pdf")
        await scans._database.raw["scan.chunks"].delete_one({"n": 1})
        with pytest.raises(ScanDamaged):
            await scans.get(scan)
        with kept(b"0"), pytest.raises(DocumentsUnavailable):
            await scans.get(scan)
    finally:
        await scans.close()
