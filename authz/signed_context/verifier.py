"""The subgraph's side: no context, no data.

Checked in this order: form and size, header, key, signature, issuer, audience, time; then (403) the body's hash and first use.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.jwk import OKPKey

from authz.identity.key_files import public_keys, public_path, signing_key
from authz.identity.refusals import Refusals
from authz.signed_context.context import (
    ISSUER,
    LIFETIME,
    MAX_CONTEXT,
    Claims,
    Header,
    SignedContext,
    from_base64url,
    to_base64url,
)
from authz.signed_context.errors import NotAdmitted, NotThisRequest, ReplayUnusable
from authz.signed_context.replay import Replay, ReplayCache
from authz.signed_context.signer import KEY_FILE
from authz.signed_context.watching import Watched

_LEEWAY: Final = 5.0  # seconds between two machines' clocks
_SECONDS: Final = LIFETIME.total_seconds()
REPLAYABLE: Final = _SECONDS + 2 * _LEEWAY
"""Longest time in seconds between first use and expiry: clocks differ by the leeway in both directions."""
_Form = TypeVar("_Form", bound=msgspec.Struct)
_Keys = Mapping[str | None, Ed25519PublicKey]
_HEADER: Final = msgspec.json.Decoder(Header)
_CLAIMS: Final = msgspec.json.Decoder(Claims)
_MAX_HEADS: Final = 16


class ContextVerifier:
    """Admits calls that a gateway signed for `audience`, this subgraph's name. It holds public keys only."""

    def __init__(
        self,
        audience: str,
        keys: Iterable[OKPKey] | Watched[_Keys],
        *,
        replay: Replay | None = None,
        refusals: Refusals | None = None,
    ) -> None:
        self._audience = audience
        self._keys = keys if isinstance(keys, Watched) else _by_kid(keys)
        if not self._keys_at(0.0):
            raise ValueError("a context verifier needs the gateway's public key: without one no call could be admitted")
        self._replay: Replay = ReplayCache(REPLAYABLE) if replay is None else replay  # an empty one is false
        self.refusals = refusals or Refusals("context")
        self._heads: dict[str, str] = {}

    @classmethod
    def open(cls, folder: Path, audience: str, *, replay: Replay | None = None) -> ContextVerifier:
        """The verifier for the gateway that shares this data folder; its keys are made when absent. Raises KeyFileUnusable."""
        signing_key(folder / KEY_FILE)
        return cls.of_key_file(public_path(folder / KEY_FILE), audience, replay=replay)

    @classmethod
    def of_key_file(cls, path: Path, audience: str, *, replay: Replay | None = None) -> ContextVerifier:
        """The verifier for the public keys (JWK set) in `path`, which may be replaced meanwhile. Raises KeyFileUnusable."""
        return cls(audience, Watched(path, lambda file: _by_kid(public_keys(file))), replay=replay)

    @property
    def waits(self) -> bool:
        """Whether `verify` may wait for another machine, and so is not to be called on an event loop."""
        return self._replay.waits

    def verify(self, header: str | None, body: bytes, now: datetime) -> SignedContext:
        """The context of this call, proven by `header` for exactly this `body`.

        Raises NotAdmitted (401, 403), and ReplayUnusable when it cannot be told whether it was used before.
        """
        at = now.timestamp()
        claims = self._genuine(header, at)
        if not hmac.compare_digest(claims.req_hash.encode(), to_base64url(sha256(body).digest())):
            raise self._refused("other_request", NotThisRequest())
        try:
            is_first_use = self._replay.is_first_use(claims.jti, at)
        except ReplayUnusable:
            self.refusals.count("replay_unknown", subgraph=self._audience)
            raise
        if not is_first_use:
            raise self._refused("replay", NotThisRequest())
        return claims.context()

    def _keys_at(self, at: float) -> _Keys:
        return self._keys.current(at) if isinstance(self._keys, Watched) else self._keys

    def _genuine(self, header: str | None, at: float) -> Claims:
        if header is None:
            raise self._refused("missing")
        if len(header) > MAX_CONTEXT or header.count(".") != 2 or not header.isascii():
            raise self._refused("malformed")
        signed, _, signature = header.rpartition(".")
        head, _, payload = signed.partition(".")
        kid = self._heads.get(head) or self._decoded(head, _HEADER).kid
        key = self._keys_at(at).get(kid)
        if key is None:
            raise self._refused("key")
        try:
            key.verify(from_base64url(signature), signed.encode())
        except (InvalidSignature, ValueError):
            raise self._refused("signature") from None
        self._remember(head, kid)
        claims = self._decoded(payload, _CLAIMS)
        if claims.iss != ISSUER:
            raise self._refused("issuer")
        if claims.aud != self._audience:
            raise self._refused("audience")
        if at >= claims.exp + _LEEWAY or at < claims.iat - _LEEWAY or not 0 < claims.exp - claims.iat <= _SECONDS:
            raise self._refused("expired")
        return claims

    def _remember(self, head: str, kid: str) -> None:
        """A header that a gateway signed: there is one for each of its keys, so it need not be read every time."""
        if head not in self._heads:
            if len(self._heads) >= _MAX_HEADS:
                self._heads.clear()
            self._heads[head] = kid

    def _decoded(self, part: str, form: msgspec.json.Decoder[_Form]) -> _Form:
        try:
            return form.decode(from_base64url(part))
        except (ValueError, msgspec.DecodeError, RecursionError):
            raise self._refused("malformed") from None

    def _refused(self, reason: str, error: NotAdmitted | None = None) -> NotAdmitted:
        self.refusals.count(reason, subgraph=self._audience)
        return error or NotAdmitted()


def _by_kid(keys: Iterable[OKPKey]) -> _Keys:
    return {key.kid: _ed25519(key) for key in keys}


def _ed25519(key: OKPKey) -> Ed25519PublicKey:
    public = key.public_key
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError(f"key {key.kid}: a context verifier needs Ed25519 public keys")  # noqa: TRY004 - a wrong value
    return public
