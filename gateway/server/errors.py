"""Why the HTTP edge refuses a request. All are safe to show: they derive from the request alone.

ClientError
  └─ BadHttp
       ├─ BadBody (400)             not JSON, not a GraphQL request, a batch
       ├─ MethodNotServed (405)
       ├─ NotAcceptable (406)
       ├─ BodyTooSlow (408)
       ├─ BodyTooLarge (413)
       ├─ MediaTypeNotServed (415)
       └─ CrossSite (403)           a browser on another site made this GET
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError


class BadHttp(ClientError):
    """Raised when a request does not come as far as GraphQL."""


class BadBody(BadHttp):
    """Raised when the body (or the URL of a GET) is no GraphQL request."""

    code: ClassVar[str] = "BAD_REQUEST_BODY"


class BatchNotServed(BadHttp):
    """Raised for an array of requests."""

    code: ClassVar[str] = "BATCHING_NOT_SERVED"


class MethodNotServed(BadHttp):
    """Raised for a method other than POST and GET."""

    code: ClassVar[str] = "METHOD_NOT_SERVED"
    status: ClassVar[int] = 405


class NotAcceptable(BadHttp):
    """Raised when the client accepts none of the media types that we can give."""

    code: ClassVar[str] = "NOT_ACCEPTABLE"
    status: ClassVar[int] = 406


class BodyTooSlow(BadHttp):
    """Raised when the body does not arrive in time."""

    code: ClassVar[str] = "REQUEST_TIMEOUT"
    status: ClassVar[int] = 408


class BodyTooLarge(BadHttp):
    """Raised when the body is larger than the limit."""

    code: ClassVar[str] = "BODY_TOO_LARGE"
    status: ClassVar[int] = 413


class MediaTypeNotServed(BadHttp):
    """Raised when the body is not `application/json`, or compressed."""

    code: ClassVar[str] = "MEDIA_TYPE_NOT_SERVED"
    status: ClassVar[int] = 415


class CrossSite(BadHttp):
    """Raised when a browser sends a GET from another site without asking first (preflight)."""

    code: ClassVar[str] = "CROSS_SITE_REQUEST"
    status: ClassVar[int] = 403
