"""The bytes of scans over HTTP: `GET /scans/TICKET`, for whoever was given the ticket by a query under a contract.

What comes in: a ticket. What goes out: the scan as a file to keep, or 404, whatever is wrong with the ticket. On the way:

    the ticket is ours, has not ended, and is used for the first time
    its contract is in force, decides as it did then (same mask), and still grants `Scan.download`
    the row rules show the document, and the document has the scan
    the bytes are whole and those that were put
    the room records what it gives, under the `txn` of the query; then the answer leaves
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLSchema

from authz.audit import AuditUnavailable
from authz.signed_context import NotAdmitted, Replay
from kernel.errors import InternalError
from kernel.paging import CursorSealer
from subgraphs.documents.errors import ScanNotFound
from subgraphs.documents.model import Scan
from subgraphs.documents.scans.store import ScanStore
from subgraphs.documents.scans.ticket import Ticket, read
from subgraphs.documents.store import DocumentStore
from subgraphs.room.guard import Guard

_log: Final = logging.getLogger(__name__)

PATH: Final = "/scans/"
RIGHT: Final = "Scan.download"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif"}
_FIXED: Final = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
)


@dataclass(frozen=True, slots=True)
class ScanDownloads:
    """The ASGI application behind `/scans/`. `used` remembers tickets, over all processes of the room."""

    scans: ScanStore
    store: DocumentStore
    guard: Guard
    sealer: CursorSealer
    used: Replay
    schema: GraphQLSchema

    async def __call__(self, scope: Message, _receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["method"] != "GET":
            await _respond(send, 405, b"", (b"allow", b"GET"))
            return
        text = str(scope["path"]).rpartition("/")[2]
        try:
            ticket = read(self.sealer, text, self.guard.clock.now())
            scan, content = await self._content(ticket)
            if self.guard.recorder is not None:
                await self.guard.recorder.answered(ticket.context, text.encode(), 200, content)
        except (ScanNotFound, NotAdmitted):
            await _respond(send, 404, b"")
        except InternalError as error:
            _log.error("a scan cannot be given", extra={"code": error.code, "reason": error.message})
            await _respond(send, 503 if isinstance(error, AuditUnavailable) else 500, b"")
        else:
            name = f'attachment; filename="{scan.id}.{_ENDINGS[scan.media_type]}"'
            said = ((b"content-type", scan.media_type.encode()), (b"content-disposition", name.encode()))
            await _respond(send, 200, content, *said)

    async def _content(self, ticket: Ticket) -> tuple[Scan, bytes]:
        mask = self.guard.readmit(ticket.context, self.schema)
        if RIGHT not in mask.read or not await self._is_first_use(ticket):
            raise ScanNotFound("The contract does not grant it any more, or the ticket was used.")
        kept = (await self.store.by_ids([ticket.document_id], mask.rows)).get(ticket.document_id)
        scan = next((one for one in kept.record.scans if one.id == ticket.scan_id), None) if kept else None
        if scan is None:
            raise ScanNotFound("The document is not visible any more, or does not have the scan.")
        return scan, await self.scans.get(scan)

    async def _is_first_use(self, ticket: Ticket) -> bool:
        at = self.guard.clock.now().timestamp()
        if self.used.waits:
            return await asyncio.to_thread(self.used.is_first_use, ticket.nonce, at)
        return self.used.is_first_use(ticket.nonce, at)


async def _respond(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*_FIXED, length, *headers]})
    await send({"type": "http.response.body", "body": body})
