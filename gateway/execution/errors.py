"""What can go wrong between the gateway and one subgraph.

    InternalError
      ├─ BadPlan                 a plan that cannot be run: our own fault
      └─ SubgraphFault           one request to one subgraph failed as a whole
           ├─ SubgraphUnavailable    nobody answered
           ├─ SubgraphTimeout        no answer within the deadline
           ├─ AnswerTooLarge         more bytes than we are ready to hold
           ├─ SubgraphHttpError      an HTTP status that is no answer
           ├─ MalformedAnswer        an answer that is no GraphQL, or that breaks the subgraph's schema
           └─ InputNotKnown          not asked: the client's variables hold what that subgraph does not know

A fault never leaves `execute` as an exception: it becomes an error entry at every place that waited for the answer.
`message` goes to the log; `shown` is what a client may read.
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import InternalError


class BadPlan(InternalError):
    """Raised when a plan contradicts itself (a dependency that does not exist, a cycle, a service without transport)."""

    code: ClassVar[str] = "BAD_PLAN"


class SubgraphFault(InternalError):
    """Raised when a request to a subgraph brought no usable answer."""

    code: ClassVar[str] = "SUBGRAPH_FAULT"
    status: ClassVar[int] = 502
    shown: ClassVar[str] = "This part of the answer could not be fetched."
    retryable: ClassVar[bool] = False


class SubgraphUnavailable(SubgraphFault):
    """Raised when no connection could be made, or it broke before the answer was complete."""

    code: ClassVar[str] = "SUBGRAPH_UNAVAILABLE"
    shown: ClassVar[str] = "This part of the answer is not available at the moment. Try again later."
    retryable: ClassVar[bool] = True


class SubgraphTimeout(SubgraphFault):
    """Raised when the deadline passed before the answer was complete."""

    code: ClassVar[str] = "SUBGRAPH_TIMEOUT"
    shown: ClassVar[str] = "This part of the answer was not ready in time. Ask for less, or try again later."
    retryable: ClassVar[bool] = True


class AnswerTooLarge(SubgraphFault):
    """Raised when a subgraph's answer is longer than the limit."""

    code: ClassVar[str] = "SUBGRAPH_ANSWER_TOO_LARGE"
    shown: ClassVar[str] = "This part of the answer is too large. Ask for fewer items or fields."


class SubgraphHttpError(SubgraphFault):
    """Raised when the HTTP status is not a success and the body is no GraphQL answer."""

    code: ClassVar[str] = "SUBGRAPH_HTTP_ERROR"


class MalformedAnswer(SubgraphFault):
    """Raised when the body is not JSON, not a GraphQL response, or not what was asked for."""

    code: ClassVar[str] = "SUBGRAPH_MALFORMED_ANSWER"
    shown: ClassVar[str] = "This part of the answer was not understood."


class InputNotKnown(SubgraphFault):
    """Raised instead of sending an enum value or an input field that the subgraph does not know."""

    code: ClassVar[str] = "INPUT_UNKNOWN_TO_SUBGRAPH"
    status: ClassVar[int] = 400
    shown: ClassVar[str] = "This part of the answer was not asked for: a value of the variables is not known there."
