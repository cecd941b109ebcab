"""The room of documents as an ASGI application: POST /graphql for the gateway, /scans/ for tickets, /health for watchers.

What comes in: settings, a store, the guard, and the scans where they are kept. What goes out: the application. Whoever opened
the stores closes them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from authz.signed_context import Replay, ReplayCache
from kernel.paging import CursorSealer
from subgraphs.documents.loaders import Loaders
from subgraphs.documents.scans.serving import PATH, ScanDownloads
from subgraphs.documents.scans.store import ScanStore
from subgraphs.documents.scans.ticket import LIFETIME
from subgraphs.documents.schema import build_schema
from subgraphs.documents.store import DocumentStore
from subgraphs.room.app import RoomApp
from subgraphs.room.guard import Guard
from subgraphs.room.settings import RoomSettings

Message = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentsApp:
    """The room, and beside it the bytes of scans."""

    room: RoomApp[DocumentStore, Loaders]
    downloads: ScanDownloads | None

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Serve one ASGI conversation."""
        if self.downloads is not None and scope["type"] == "http" and str(scope["path"]).startswith(PATH):
            await self.downloads(scope, receive, send)
        else:
            await self.room(scope, receive, send)


def build_app(
    settings: RoomSettings, store: DocumentStore, guard: Guard, scans: ScanStore | None = None, used: Replay | None = None
) -> DocumentsApp:
    """The application of this room. Without `scans` no bytes are given; `used` remembers tickets over all processes of the
    room, without it each process for itself.
    """
    room = RoomApp(settings, build_schema(), store, lambda rows: Loaders(store, rows), guard)
    if scans is None:
        return DocumentsApp(room, None)
    remembered = used or ReplayCache(LIFETIME.total_seconds())
    sealer = CursorSealer(settings.cursor_secret)
    return DocumentsApp(room, ScanDownloads(scans, store, guard, sealer, remembered, room.ruled))
