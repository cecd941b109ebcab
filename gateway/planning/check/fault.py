"""What the plan checker reports.

What comes in: nothing. What goes out: `Fault`, and `Faults`, which keeps each of them once and in the order found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What is wrong, in one word."""

    INVALID = "invalid"
    """The request is not valid in its subgraph, or its variables are not right."""
    DEPENDENCY = "dependency"
    """The dependencies are circular, unknown, or not those of the printed tree."""
    ORDER = "order"
    """A mutation's fields do not run one after the other, in the operation's order."""
    KEY = "key"
    """An entity is looked up in a subgraph that cannot find it by what is sent."""
    INPUT = "input"
    """Something that is sent is not there when the fetch starts, or is another value."""
    UNRESOLVABLE = "unresolvable"
    """A field is asked of a subgraph that does not resolve it at that place."""
    MISSING = "missing"
    """Something the client asks for comes from no fetch."""
    WRONG = "wrong"
    """A response key gets the value of another field, or of other arguments."""
    TYPE = "type"
    """The true type of an object is needed and nobody tells it."""
    SUPERFLUOUS = "superfluous"
    """Something is asked, or sent, that nobody needs."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a plan: in which fetch (None: no fetch gives it), at which client path, and what."""

    kind: FaultKind
    fetch: int | None
    path: str
    message: str

    def __str__(self) -> str:
        who = "the plan" if self.fetch is None else f"fetch {self.fetch}"
        return f"{self.kind}: {who} at {self.path or 'the root'}: {self.message}"


class Faults:
    """The faults found so far."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def add(self, kind: FaultKind, fetch: int | None, path: str, message: str) -> None:
        """Keeps a fault, once."""
        self._found.setdefault(Fault(kind, fetch, path, message))

    def all(self) -> tuple[Fault, ...]:
        """Every fault, in the order found."""
        return tuple(self._found)
