"""The numbers of the HTTP edge."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`max_body_bytes` bounds a request body, `body_seconds` the time it may take to arrive.

    `subgraph_connections` bounds the connections to each subgraph, `max_answer_bytes` each answer of one.
    """

    max_body_bytes: int = 256 * 1024
    body_seconds: float = 5.0
    subgraph_connections: int = 50
    max_answer_bytes: int = 10 * 1024 * 1024
