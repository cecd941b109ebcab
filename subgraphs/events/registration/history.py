"""The history of an event as the graph shows it: each change with who, when, why, and the event before and after it.

What comes in: `Entry`s of the store. What goes out: the type `EventChange`. Before and after are whole events, so every
right and mask on `Event` holds for them, too.
"""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.events.loaders import Info
from subgraphs.events.objects import Event
from subgraphs.events.registration.change import Entry
from subgraphs.events.registration.past import Past, past
from subgraphs.room.fields import Level, coded, plain, shown, words
from subgraphs.room.values import Code

L1, L2 = Level.L1, Level.L2

ParentEntry = strawberry.Parent[Entry]


def _before(root: ParentEntry, info: Info) -> Past | None:
    return past(root.before, info.context.rows)


def _after(root: ParentEntry, info: Info) -> Past | None:
    return past(root.after, info.context.rows)


@strawberry.type(description=words("One change of an event.", "Notikuma izmaiņa."))
class EventChange:
    """Who did what, when and why."""

    version: int = plain("The version that the change made.", "Izmaiņas versija.")
    at: datetime = plain("When it was made.", "Kad veikta.")
    fields: list[str] = plain("The parts of the event that it changed; empty for the first.", "Mainītās daļas.")
    operation: str | None = shown(L1, "What was done (the mutation); null for an import.", "Veiktā darbība.")
    agency: Code | None = coded("agency", "agency", L1, "Whose official did it.", "Iestāde.")
    official: str | None = shown(L2, "Who did it.", "Amatpersona.")
    purpose: str | None = shown(L1, "The purpose that was stated.", "Norādītais mērķis.")
    case_reference: str | None = shown(L1, "The case that was stated.", "Norādītā lieta.")
    reason: str | None = shown(L2, "Why it was done.", "Pamatojums.")
    before: Event | None = shown(L1, "The event before it; null for the first.", "Notikums pirms izmaiņas.", resolver=_before)
    after: Event | None = shown(L1, "The event after it.", "Notikums pēc izmaiņas.", resolver=_after)
