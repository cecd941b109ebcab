"""The room of documents as an ASGI application: POST /graphql for the gateway, /health for whoever watches.

What comes in: settings, a store, the guard. What goes out: the application. Whoever opened the store closes it.
"""

from __future__ import annotations

from subgraphs.documents.loaders import Loaders
from subgraphs.documents.schema import build_schema
from subgraphs.documents.store import DocumentStore
from subgraphs.room.app import RoomApp
from subgraphs.room.guard import Guard
from subgraphs.room.settings import RoomSettings


def build_app(settings: RoomSettings, store: DocumentStore, guard: Guard) -> RoomApp[DocumentStore, Loaders]:
    """The application of this room."""
    return RoomApp(settings, build_schema(), store, lambda rows: Loaders(store, rows), guard)
