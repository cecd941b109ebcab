"""The states of a case and what leads from one to another: one table that the mutations obey and the documentation draws.

What comes in: a status and an action. What goes out: the next status, or what is possible instead. Which action leads where is
our own working order.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import Enum
from typing import Final

from subgraphs.events.cases.model import CaseStatus

S = CaseStatus


class CaseAction(Enum):
    """What can be done to a case; the value is the mutation."""

    ADD = "addEventToCase"
    REMOVE = "removeEventFromCase"
    DECIDE = "recordDecision"
    TRANSFER = "transferCase"
    CLOSE = "closeCase"
    REOPEN = "reopenCase"


OPEN: Final = (S.OPENED, S.TRANSFERRED, S.REOPENED)
"""Statuses in which a case is worked on."""

TRANSITIONS: Final[Mapping[CaseAction, Mapping[CaseStatus, CaseStatus]]] = {
    CaseAction.ADD: {status: status for status in OPEN},
    CaseAction.REMOVE: {status: status for status in OPEN},
    CaseAction.DECIDE: {status: status for status in OPEN},
    CaseAction.TRANSFER: dict.fromkeys(OPEN, S.TRANSFERRED),
    CaseAction.CLOSE: dict.fromkeys(OPEN, S.CLOSED),
    CaseAction.REOPEN: {S.CLOSED: S.REOPENED},
}
"""Where each action leads from each status; a status that is not named refuses it."""


def next_status(action: CaseAction, status: CaseStatus) -> CaseStatus | None:
    """Where the action leads; None: it is not possible in this status."""
    return TRANSITIONS[action].get(status)


def possible(status: CaseStatus) -> tuple[str, ...]:
    """The mutations that are possible in this status."""
    return tuple(action.value for action in CaseAction if status in TRANSITIONS[action])


def diagram() -> str:
    """The table as a Mermaid state diagram; arrows that lead back to the same status are left out."""
    lines = ["stateDiagram-v2", "    [*] --> OPENED: openCase"]
    for source in CaseStatus:
        for action, targets in TRANSITIONS.items():
            target = targets.get(source)
            if target is not None and target is not source:
                lines.append(f"    {source.value} --> {target.value}: {action.value}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(diagram())
