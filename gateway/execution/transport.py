"""How a request reaches a subgraph: the port that HTTP, in-process ASGI and tests implement.

A transport knows one subgraph. It sends bytes and returns bytes; it raises a `SubgraphFault` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

MAX_ANSWER_BYTES: Final = 10 * 1024 * 1024

HeadersFor = Callable[[str, bytes], Mapping[str, str]]
Witness = Callable[[str, bytes, "SubgraphAnswer | None", int, float], None]

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One GraphQL request. `deadline` is an instant of the running loop's clock (`loop.time()`), in seconds.

    `repeatable` says that sending it twice does no harm (a query), so that a connection found dead may be replaced.
    """

    body: bytes
    headers: Mapping[str, str]
    deadline: float
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class SubgraphAnswer:
    """What came back: the HTTP status and the whole body."""

    status: int
    body: bytes


class Transport(Protocol):
    """Sends a request to one subgraph.

    `send` raises SubgraphUnavailable, SubgraphTimeout or AnswerTooLarge. It never follows redirects, keeps no cookies and
    sends no header of its own beyond what HTTP needs and the milliseconds that are left (`kernel.deadline`).
    """

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer: ...

    async def close(self) -> None: ...


def no_headers(_service: str, _body: bytes) -> Mapping[str, str]:
    """The hook for subgraphs that want no signed context."""
    return _NO_HEADERS


@dataclass(frozen=True, slots=True)
class Call:
    """What one client request carries along to each fetch.

    `headers_for(service, body)` gives the headers that admit this very body to that subgraph (the signed context). The
    client's own headers are not here: they never travel on. `witness(service, sent, answer, entities, milliseconds)` is told of
    every exchange, for the audit; `answer` is None when none came.
    """

    deadline: float
    headers_for: HeadersFor = field(default=no_headers)
    witness: Witness | None = None
