"""The room of events as an ASGI application: POST /graphql for the gateway, /health for whoever watches.

What comes in: settings, a store, the guard. What goes out: the application. Whoever opened the store closes it.
"""

from __future__ import annotations

from subgraphs.events.loaders import Loaders
from subgraphs.events.schema import build_schema
from subgraphs.events.store import EventStore
from subgraphs.room.app import RoomApp
from subgraphs.room.guard import Guard
from subgraphs.room.settings import RoomSettings


def build_app(settings: RoomSettings, store: EventStore, guard: Guard) -> RoomApp[EventStore, Loaders]:
    """The application of this room."""
    return RoomApp(settings, build_schema(), store, lambda rows: Loaders(store, rows), guard)
