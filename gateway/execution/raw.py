"""What an execution leaves behind: merged data as the subgraphs gave it, and every error with its place.

`Raw` is the word in which `execution` speaks to `response`. Its data may hold more than the client asked for (keys,
required fields) and may lack what could not be fetched; `response` makes the client's answer of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any  # whatever JSON can hold: dict, list, str, int, float, bool, None
ResponsePath = tuple[str | int, ...]

Place = tuple[()] | tuple["Place", str | int]
"""A path as nested pairs, root innermost: adding a step costs one tuple, and most places are never written out."""


def written_out(place: Place) -> ResponsePath:
    """The path of `place` from the root on."""
    steps: list[str | int] = []
    while place:
        place, step = place
        steps.append(step)
    return tuple(reversed(steps))


@dataclass(frozen=True, slots=True)
class RawError:
    """One error at one place.

    `path` is in the client's response keys, as far as the planner kept them; None when no place is known.
    `origin` is the same for all entries that one event caused: the response shows such an entry once per visible place.
    `from_subgraph` tells a subgraph's own message (masked in the protected mode) from the gateway's (safe as it is).
    `detail` is for the log only.
    """

    message: str
    path: ResponsePath | None
    code: str
    service: str
    origin: int
    from_subgraph: bool = False
    retryable: bool = False
    detail: str = ""
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consulted:
    """One request that was sent, for audit and metrics: which subgraph, how many entities, how long in milliseconds."""

    service: str
    entities: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Raw:
    """The merged answers. `data` is None only when nothing could be fetched at the root."""

    data: dict[str, Json] | None
    errors: tuple[RawError, ...] = ()
    consulted: tuple[Consulted, ...] = ()
