"""The room of vehicles as an ASGI application: POST /graphql for the gateway, /health for whoever watches.

What comes in: settings, a store, the guard. What goes out: the application. Whoever opened the store closes it.
"""

from __future__ import annotations

from subgraphs.room.app import RoomApp
from subgraphs.room.guard import Guard
from subgraphs.room.settings import RoomSettings
from subgraphs.vehicles.loaders import Loaders
from subgraphs.vehicles.schema import build_schema
from subgraphs.vehicles.store import VehicleStore


def build_app(settings: RoomSettings, store: VehicleStore, guard: Guard) -> RoomApp[VehicleStore, Loaders]:
    """The application of this room."""
    return RoomApp(settings, build_schema(), store, lambda rows: Loaders(store, rows), guard)
