"""Scans of documents in a running system: where their bytes are kept, how clients reach them, how one is added.

In: the data folder and the opened register of documents. Out: a `ScanStore` beside the register (GridFS where the register is
kept in MongoDB, else a folder), the gateway's route to the room's `/scans/`, and `add`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit

import msgspec

from kernel.clock import Clock
from kernel.errors import ClientError
from saite.folder import DataFolder

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
    from starlette.types import ASGIApp

    from subgraphs.documents.enumerations import ScanKind
    from subgraphs.documents.model import Scan
    from subgraphs.documents.scans.store import ScanStore
    from subgraphs.documents.store import DocumentStore

PATH: Final = "/scans/{ticket}"
_SECONDS: Final = 60.0
_PASSED_ON: Final = (
    "content-type",
    "content-disposition",
    "cache-control",
    "referrer-policy",
    "x-content-type-options",
    "content-security-policy",
)


class NoSuchDocument(ClientError):
    """Raised when a scan is to be added to a document that the register does not have."""

    code: ClassVar[str] = "NO_SUCH_DOCUMENT"


def scans_of(folder: DataFolder, store: DocumentStore) -> ScanStore:
    """Where the scans of this register are."""
    from subgraphs.documents.scans.files import FileScanStore
    from subgraphs.room.mongodb import Database

    database = getattr(store, "database", None)
    if isinstance(database, Database):
        from subgraphs.documents.scans.gridfs import GridfsScanStore

        return GridfsScanStore(database)
    return FileScanStore(folder.path / "scans")


def route_to(room: ASGIApp) -> Route:
    """The gateway's way to a room in the same process."""
    from starlette.routing import Route

    return Route(PATH, room)


def route_over(url: str) -> Route:
    """The gateway's way to the room of documents at `url`, the address of its GraphQL."""
    from starlette.routing import Route

    return Route(PATH, _Forwarding(urlsplit(url)._replace(path="/scans/", query="").geturl()).get, methods=["GET"])


@dataclass(frozen=True, slots=True)
class _Forwarding:
    """Passes a ticket on to the room, and back what the room answers. Nothing else of the request goes there."""

    base: str

    async def get(self, request: Request) -> Response:
        import aiohttp
        from starlette.responses import Response

        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        ticket = str(request.path_params["ticket"])
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
                session.get(f"{self.base}{ticket}", allow_redirects=False) as answer,
            ):
                content = await answer.read()
                headers = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
                return Response(content, answer.status, headers)
        except (aiohttp.ClientError, TimeoutError):
            return Response(status_code=502, headers={"cache-control": "no-store"})


async def add(
    store: DocumentStore, scans: ScanStore, clock: Clock, document_id: str, file: Path, media_type: str, kind: ScanKind
) -> Scan:
    """Keep the file as a scan of the document, which gets a new version. Raises NoSuchDocument, ScanRefused, and as the stores
    do; then nothing is kept.
    """
    from authz.rows import EVERY_ROW

    rows = {"Document": EVERY_ROW}
    if document_id not in await store.by_ids([document_id], rows):
        raise NoSuchDocument(f"There is no document {document_id[:60]!r}: take the id from the graph (`doc_…`).")
    put = await scans.put(_pieces(file), media_type)
    scan = msgspec.structs.replace(put, kind=kind, added_at=clock.now())
    try:
        record: Any = (await store.by_ids([document_id], rows))[document_id].record
        await store.put_many([msgspec.structs.replace(record, scans=(*record.scans, scan))])
    except BaseException:
        await scans.delete(scan.id)
        raise
    return scan


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    from subgraphs.documents.scans.store import PIECE

    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece
