"""What an explanation says, before it is words.

Explanation
  └─ Request           one per request of the plan
       ├─ Wait         what it waits for, and what that brings
       └─ Visit        what it asks at one place of the answer
            ├─ Entry   how it finds an object of one type again: the key, what is sent along
            ├─ Input   each value that is sent, what for, from which request
            └─ Other   why another subgraph does not answer a field
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Keys = tuple[str, ...]
RequestKind = Literal["root", "look-up", "re-entry"]
Names = Mapping[str, "Names"]
"""Response keys (with the field's name where it is another: `a: b`), nested as they are asked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Objects of `type_name` are found by `key`; what `requires` lists per field is sent along.

    `sent_as` is the interface as which the subgraph knows the type, when it does not know the type itself. `key` is None when
    no key of the subgraph covers what is sent.
    """

    type_name: str
    key: str | None
    requires: Mapping[str, str]
    sent_as: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """A value that is sent: where it stands in an object of `type_name`, what for, and which requests bring it.

    With an empty `type_name` it is an ancestor's value, `field` its place from the root, and `purpose` the argument it fills.
    """

    type_name: str
    field: str
    purpose: str
    source: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Why `subgraph` does not answer `fields` (each `Type.field`). `is_here`: the object was met in that subgraph."""

    subgraph: str
    fields: tuple[str, ...]
    reason: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """What a request asks of the objects at `place`. `brings` is the client's, `helps` what later requests (by id) need.

    `is_again`: the objects were met in this very subgraph.
    """

    place: str
    brings: Names
    helps: Names
    needed_by: tuple[int, ...]
    entries: tuple[Entry, ...]
    inputs: tuple[Input, ...]
    others: tuple[Other, ...]
    is_again: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a request waits for another."""

    request: int
    subgraph: str
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `condition` is empty when it is always sent."""

    id: int
    subgraph: str
    kind: RequestKind
    condition: str
    visits: tuple[Visit, ...]
    waits: tuple[Wait, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A plan explained. No requests: the gateway answers alone."""

    kind: str
    name: str | None
    requests: tuple[Request, ...]
