"""Errors of reading a supergraph and of building its query graph.

InternalError
  └─ SupergraphError        the document is not a supergraph that we can read
       └─ UnsupportedFeature    it links a specification that must not be ignored and is not known
"""

from __future__ import annotations

from kernel.errors import InternalError


class SupergraphError(InternalError):
    """Raised when a supergraph document cannot be read: no `join__Graph`, an unknown graph, a broken field set."""

    code = "INVALID_FEDERATION_SUPERGRAPH"


class UnsupportedFeature(SupergraphError):
    """Raised when a supergraph links a specification `for: SECURITY` or `for: EXECUTION` that is not followed here."""

    code = "UNSUPPORTED_LINKED_FEATURE"
