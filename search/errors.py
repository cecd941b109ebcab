"""Errors of search.

ClientError
  ├─ BadSearch             a text that cannot be meant
  ├─ NothingToSearchBy     the contract lets nothing be searched by here
  ├─ SearchBeingPrepared   (503) the index is filled for the first time
  └─ SearchNotOffered      this register runs without an index
InternalError
  └─ SearchFailed          the index could not answer
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError, InternalError


class BadSearch(ClientError):
    """Raised when a text to search for is empty, too long, or a pattern without enough to hold on to."""

    code: ClassVar[str] = "BAD_SEARCH"


class NothingToSearchBy(ClientError):
    """Raised when the contract grants the right to search by no field of what is asked for."""

    code: ClassVar[str] = "NOTHING_TO_SEARCH_BY"


class SearchBeingPrepared(ClientError):
    """Raised until the index was filled for the first time."""

    code: ClassVar[str] = "SEARCH_BEING_PREPARED"
    status: ClassVar[int] = 503


class SearchNotOffered(ClientError):
    """Raised where no index was given to the register."""

    code: ClassVar[str] = "SEARCH_NOT_OFFERED"


class SearchFailed(InternalError):
    """Raised when the index could not answer; the message says which one and why."""

    code: ClassVar[str] = "SEARCH_FAILED"
