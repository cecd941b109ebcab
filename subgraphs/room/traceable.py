"""What every record of a register tells about itself: version, time of change, history.

What comes in: `Kept` records. What goes out: the interface `Traceable` and resolvers of its fields.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from strawberry import federation

from subgraphs.room.fields import plain, words
from subgraphs.room.records import Kept
from subgraphs.room.values import ChangeType


@federation.interface(description=words("An item whose changes are kept.", "Objekts, kura izmaiņas tiek glabātas."))
class Traceable:
    """Version, time of change, history."""

    version: int = plain("The version's number, from 1.", "Versijas numurs.")
    changed_at: datetime = plain("When this version was written.", "Kad šī versija ierakstīta.")
    history: list[ChangeType] | None = plain("Every version, oldest first.", "Visas versijas, vecākā pirmā.")


def version_of(root: strawberry.Parent[Kept[Any]]) -> int:
    """The version's number."""
    return root.version


def changed_at_of(root: strawberry.Parent[Kept[Any]]) -> datetime:
    """When the version was written."""
    return root.changed_at


def id_of(root: strawberry.Parent[Kept[Any]]) -> strawberry.ID:
    """The record's id."""
    return strawberry.ID(root.record.id)
