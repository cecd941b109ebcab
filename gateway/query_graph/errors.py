"""Errors of reading a supergraph and of building its query graph.

InternalError
  └─ SupergraphError        the document is not a supergraph that we can read
"""

from __future__ import annotations

from kernel.errors import InternalError


class SupergraphError(InternalError):
    """Raised when a supergraph document cannot be read: no `join__Graph`, an unknown graph, a broken field set."""

    code = "INVALID_FEDERATION_SUPERGRAPH"
