"""Signed context: how a subgraph knows for whom, under which contract and why the gateway asks."""

from authz.signed_context.context import HEADER, LIFETIME, SignedContext
from authz.signed_context.errors import NotAdmitted, NotThisRequest, ReplayUnusable
from authz.signed_context.replay import Replay, ReplayCache, SharedReplay
from authz.signed_context.signer import ContextSigner
from authz.signed_context.verifier import REPLAYABLE, ContextVerifier

__all__ = [
    "HEADER",
    "LIFETIME",
    "REPLAYABLE",
    "ContextSigner",
    "ContextVerifier",
    "NotAdmitted",
    "NotThisRequest",
    "Replay",
    "ReplayCache",
    "ReplayUnusable",
    "SharedReplay",
    "SignedContext",
]
