"""The gateway's side: one signed context per call to a subgraph."""

from __future__ import annotations

import secrets
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

KEY_FILE: Final = "gateway-context.jwk"
_SECONDS: Final = int(LIFETIME.total_seconds())


class ContextSigner:
    """Signs with the gateway's private key. `open` finds or makes the key in the data folder."""

    def __init__(self, key: OKPKey) -> None:
        private = key.private_key
        if not isinstance(private, Ed25519PrivateKey) or key.kid is None:
            raise ValueError("a context signer needs a private Ed25519 key with a kid")
        self._private = private
        self._head = to_base64url(msgspec.json.encode(Header("EdDSA", CONTEXT_TYPE, key.kid))) + b"."

    @classmethod
    def open(cls, folder: Path) -> ContextSigner:
        """The signer whose key pair lies in `folder`, made when absent. Raises KeyFileUnusable."""
        return cls(signing_key(folder / KEY_FILE))

    def sign(self, context: SignedContext, audience: str, body: bytes, now: datetime) -> str:
        """The value of the header `Saite-Context` for one call: `audience` is the subgraph's name, `body` what is sent."""
        at = int(now.timestamp())
        claims = Claims(
            ISSUER,
            audience,
            at,
            at + _SECONDS,
            secrets.token_urlsafe(16),
            context.txn,
            context.user,
            Actor(context.agency, context.client_id),
            TransactionContext(
                context.contract_id, context.contract_version, context.mask_digest, context.purpose, context.case_ref
            ),
            to_base64url(sha256(body).digest()).decode(),
        )
        signed = self._head + to_base64url(msgspec.json.encode(claims))
        return (signed + b"." + to_base64url(self._private.sign(signed))).decode()
