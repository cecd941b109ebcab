"""The states of an event and what leads from one to another: one table that the mutations obey and the documentation draws.

What comes in: a status and an action. What goes out: the next status, or what is possible instead.
Source of the statuses: `domain.md` §7.3; which action leads where is our own working order.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import Enum
from typing import Final

from subgraphs.events.enumerations import EventStatus

S = EventStatus


class Action(Enum):
    """What can be done to a registered event; the value is the mutation, and what it says more."""

    AMEND = "amendEvent"
    ASSIGN = "assign"
    DISPATCH = "dispatch"
    ARRIVE = "recordArrival"
    EXAMINE = "recordDecision (DEPARTMENTAL_EXAMINATION)"
    DECIDE = "recordDecision"
    LINK = "link…"
    TRANSFER = "transferToAgency"
    CLOSE = "close"
    DISMISS = "close (unfounded)"
    REOPEN = "reopen"
    ANNUL = "annul"


OPEN: Final = (S.REGISTERED, S.ASSIGNED, S.RESPONDING, S.ON_SCENE, S.UNDER_REVIEW, S.DECIDED, S.TRANSFERRED, S.REOPENED)
"""Statuses in which an event is being handled."""

_WAITING: Final = (S.REGISTERED, S.ASSIGNED, S.TRANSFERRED, S.REOPENED)
_UNDECIDED: Final = tuple(status for status in OPEN if status is not S.DECIDED)


def _to(status: EventStatus, *sources: EventStatus) -> dict[EventStatus, EventStatus]:
    return dict.fromkeys(sources, status)


TRANSITIONS: Final[Mapping[Action, Mapping[EventStatus, EventStatus]]] = {
    Action.AMEND: {status: status for status in OPEN},
    Action.LINK: {status: status for status in OPEN},
    Action.ASSIGN: _to(S.ASSIGNED, *_WAITING, S.UNDER_REVIEW),
    Action.DISPATCH: {**_to(S.RESPONDING, *_WAITING, S.RESPONDING), S.ON_SCENE: S.ON_SCENE},
    Action.ARRIVE: _to(S.ON_SCENE, S.RESPONDING, S.ON_SCENE),
    Action.EXAMINE: _to(S.UNDER_REVIEW, *OPEN),
    Action.DECIDE: _to(S.DECIDED, *OPEN),
    Action.TRANSFER: _to(S.TRANSFERRED, *OPEN),
    Action.CLOSE: _to(S.CLOSED, S.DECIDED),
    Action.DISMISS: _to(S.UNFOUNDED, *_UNDECIDED),
    Action.REOPEN: _to(S.REOPENED, S.CLOSED, S.UNFOUNDED),
    Action.ANNUL: _to(S.ANNULLED, *_UNDECIDED),
}
"""Where each action leads from each status; a status that is not named refuses it."""


def next_status(action: Action, status: EventStatus) -> EventStatus | None:
    """Where the action leads; None: it is not possible in this status."""
    return TRANSITIONS[action].get(status)


def possible(status: EventStatus) -> tuple[str, ...]:
    """The mutations that are possible in this status; none for a status that is the end."""
    return tuple(action.value for action in Action if status in TRANSITIONS[action])


def diagram() -> str:
    """The table as a Mermaid state diagram: one arrow for all actions between two statuses; those that stay are left out."""
    lines = ["stateDiagram-v2", "    [*] --> REGISTERED: registerEvent"]
    arrows: dict[tuple[EventStatus, EventStatus], list[str]] = {}
    for action, targets in TRANSITIONS.items():
        for source, target in targets.items():
            if source is not target:
                arrows.setdefault((source, target), []).append(action.value)
    statuses = list(EventStatus)
    for source, target in sorted(arrows, key=lambda pair: (statuses.index(pair[0]), statuses.index(pair[1]))):
        lines.append(f"    {source.value} --> {target.value}: {', '.join(arrows[source, target])}")
    ends = [status for status in EventStatus if not possible(status)]
    lines.extend(f"    {status.value} --> [*]" for status in ends)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(diagram())
