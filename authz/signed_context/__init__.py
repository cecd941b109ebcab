"""Signed context: how a subgraph knows for whom, under which contract and why the gateway asks."""

from authz.signed_context.context import HEADER, LIFETIME, SignedContext
from authz.signed_context.errors import NotAdmitted, NotThisRequest
from authz.signed_context.replay import ReplayCache
from authz.signed_context.signer import ContextSigner
from authz.signed_context.verifier import ContextVerifier

__all__ = [
    "HEADER",
    "LIFETIME",
    "ContextSigner",
    "ContextVerifier",
    "NotAdmitted",
    "NotThisRequest",
    "ReplayCache",
    "SignedContext",
]
