"""What goes wrong between gateway and subgraph.

    ClientError
      └─ NotAdmitted        401: no context, forged, expired, or made for another subgraph
           └─ NotThisRequest   403: a good context, but not for this body, or used before
    InternalError
      └─ ReplayUnusable     503: it cannot be told whether a context was used before

The words are always the same; the true reason is in the log and in `Refusals`.
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError, InternalError


class NotAdmitted(ClientError):
    """Raised when a call carries no context that this subgraph accepts."""

    code: ClassVar[str] = "NOT_ADMITTED"
    status: ClassVar[int] = 401

    def __init__(self) -> None:
        super().__init__("This subgraph answers the gateway only: ask the gateway's /graphql.")


class NotThisRequest(NotAdmitted):
    """Raised when the context is genuine but belongs to another request body or was used before."""

    code: ClassVar[str] = "NOT_THIS_REQUEST"
    status: ClassVar[int] = 403


class ReplayUnusable(InternalError):
    """Raised when the record of used contexts cannot be read or written: nobody is let in meanwhile."""

    code: ClassVar[str] = "REPLAY_UNUSABLE"
    status: ClassVar[int] = 503
