"""The gateway's side: one signed context per call to a subgraph."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from authz.identity.key_files import signing_key
from authz.signed_context.context import (
    CONTEXT_TYPE,
    ISSUER,
    LIFETIME,
    Actor,
    Claims,
    Header,
    SignedContext,
    TransactionContext,
    to_base64url,
)
from authz.signed_context.watching import Watched

KEY_FILE: Final = "gateway-context.jwk"
_SECONDS: Final = int(LIFETIME.total_seconds())
_ENCODER: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class _Pen:
    """A private key and the header that names it."""

    private: Ed25519PrivateKey
    head: bytes

    @classmethod
    def of(cls, key: OKPKey) -> _Pen:
        private = key.private_key
        if not isinstance(private, Ed25519PrivateKey) or key.kid is None:
            raise ValueError("a context signer needs a private Ed25519 key with a kid")
        return cls(private, to_base64url(msgspec.json.encode(Header("EdDSA", CONTEXT_TYPE, key.kid))) + b".")


class ContextSigner:
    """Signs with the gateway's private key. `open` finds or makes the key in the data folder, and follows its rotation."""

    def __init__(self, key: OKPKey | Watched[OKPKey]) -> None:
        self._key = key
        self._known = key if isinstance(key, OKPKey) else key.current(0.0)
        self._pen = _Pen.of(self._known)

    @classmethod
    def open(cls, folder: Path) -> ContextSigner:
        """The signer whose key pair lies in `folder`, made when absent. Raises KeyFileUnusable."""
        return cls(Watched(folder / KEY_FILE, signing_key))

    def sign(self, context: SignedContext, audience: str, body: bytes, now: datetime) -> str:
        """The value of the header `Saite-Context` for one call: `audience` is the subgraph's name, `body` what is sent."""
        at = int(now.timestamp())
        pen = self._current(at)
        claims = Claims(
            ISSUER,
            audience,
            at,
            at + _SECONDS,
            secrets.token_urlsafe(16),
            context.txn,
            context.user,
            Actor(context.agency, context.client_id, context.issuer),
            TransactionContext(
                context.contract_id,
                context.contract_version,
                context.mask_digest,
                context.purpose,
                context.case_ref,
                context.emergency,
            ),
            to_base64url(sha256(body).digest()).decode(),
        )
        signed = pen.head + to_base64url(_ENCODER.encode(claims))
        return (signed + b"." + to_base64url(pen.private.sign(signed))).decode()

    def _current(self, at: float) -> _Pen:
        if isinstance(self._key, Watched):
            key = self._key.current(at)
            if key is not self._known:
                self._known, self._pen = key, _Pen.of(key)
        return self._pen
