"""Token → actor.

In: the value of the header `Authorization` and the instant. Out: an Actor, or Unauthenticated in always the same words.
A token is examined in this order: form and size, header (exactly alg, typ, kid), issuer, key, signature, claims; what can
change from one request to the next (time, client certificate, withdrawn keys) is checked every time, the rest is remembered.
Checks after RFC 9068, RFC 8725 and RFC 8705.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, TypeVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key

from authz.identity.actor import AGENCY_FORM, Actor, is_clean
from authz.identity.algorithms import StrictSignatures
from authz.identity.errors import Unauthenticated
from authz.identity.refusals import Refusals
from authz.identity.trust import TrustedIssuer

TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - a media type, not a password
MAX_TOKEN: Final = 8192
_MAX_REMEMBERED: Final = 4096
_JWS_FORM: Final = re.compile(r"\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")
_Form = TypeVar("_Form", bound=msgspec.Struct)
_Instant = Annotated[float, msgspec.Meta(ge=0, le=253_402_300_799)]  # up to the year 9999


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    """A header with anything more (`crit`, `jku`, `jwk`, `x5u`, `b64`) is refused."""

    alg: str
    typ: str
    kid: str


class _Issuer(msgspec.Struct):
    iss: str


class _Claims(msgspec.Struct):
    iss: str
    sub: str
    aud: str | list[str]
    exp: _Instant
    iat: _Instant
    agency: str
    client_id: str
    nbf: _Instant | None = None
    purpose: str | None = None
    case_ref: str | None = None
    cnf: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A token whose signature and claims were found good, with what still has to be checked for every request."""

    actor: Actor
    not_before: float
    expires: float
    thumbprint: str | None
    trust: TrustedIssuer
    revision: int


class _Refused(Exception):  # never leaves this file
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TokenValidator:
    """Accepts tokens of the trusted issuers that are meant for `audience`. Keep one per process.

    `leeway` forgives clocks that differ; RFC 9068 allows at most a few minutes, we at most one.
    """

    def __init__(
        self,
        issuers: Iterable[TrustedIssuer],
        audience: str,
        *,
        leeway: timedelta = timedelta(seconds=30),
        refusals: Refusals | None = None,
    ) -> None:
        self._issuers = {trust.issuer: trust for trust in issuers}
        if not self._issuers:
            raise ValueError("a token validator needs at least one trusted issuer: with none, nobody could ever be let in")
        if not timedelta(0) <= leeway <= timedelta(minutes=1):
            raise ValueError("the leeway has to be between 0 and 60 seconds")
        self._audience = audience
        self._leeway = leeway.total_seconds()
        self._remembered: dict[str, _Accepted] = {}
        self.refusals = refusals or Refusals("token")

    def actor(self, authorization: str | None, now: datetime, *, certificate: str | None = None) -> Actor:
        """The actor that the header `Authorization` proves at the instant `now`.

        `certificate` is the base64url SHA-256 of the client certificate that the connection itself was made with (never
        of a header from outside); a token bound to a certificate is good only with it. Raises Unauthenticated.
        """
        try:
            token = _bearer(authorization)
            known = self._remembered.get(token)
            fresh = known is not None and known.revision == known.trust.keys.revision
            accepted = known if known is not None and fresh else self._examine(token)
            self._check_now(accepted, now.timestamp(), certificate)
        except _Refused as refused:
            self.refusals.count(refused.reason)
            raise Unauthenticated from None
        if accepted is not known:
            self._remember(token, accepted, now)
        return accepted.actor

    def _remember(self, token: str, accepted: _Accepted, now: datetime) -> None:
        if len(self._remembered) >= _MAX_REMEMBERED:
            at = now.timestamp() - self._leeway
            self._remembered = {text: kept for text, kept in list(self._remembered.items()) if kept.expires > at}
        if len(self._remembered) < _MAX_REMEMBERED:
            self._remembered[token] = accepted

    def _check_now(self, accepted: _Accepted, at: float, certificate: str | None) -> None:
        if at >= accepted.expires + self._leeway:
            raise _Refused("expired")
        if at < accepted.not_before - self._leeway:
            raise _Refused("not_yet_valid")
        if accepted.thumbprint is None:
            return
        if certificate is None:
            raise _Refused("certificate_missing")
        if not hmac.compare_digest(accepted.thumbprint, certificate):
            raise _Refused("certificate_mismatch")

    def _examine(self, token: str) -> _Accepted:
        header_part, payload_part, _ = token.split(".")
        header = _decoded(header_part, _Header, "header")
        if header.typ.lower() not in {TOKEN_TYPE, f"application/{TOKEN_TYPE}"}:
            raise _Refused("type")
        # Read before it is proven, only to choose the keys; `_claims` compares the proven issuer again.
        trust = self._issuers.get(_decoded(payload_part, _Issuer, "payload").iss)
        if trust is None:
            raise _Refused("issuer")
        if header.alg not in trust.algorithms:
            raise _Refused("algorithm")
        revision = trust.keys.revision
        key = trust.keys.find(header.kid)
        if key is None:
            raise _Refused("key")
        claims = self._claims(_proven_payload(token, key, trust), trust)
        actor = Actor(claims.agency, claims.sub, claims.client_id, claims.iss, claims.purpose, claims.case_ref)
        not_before = claims.iat if claims.nbf is None else max(claims.iat, claims.nbf)
        return _Accepted(actor, not_before, claims.exp, _thumbprint(claims), trust, revision)

    def _claims(self, payload: bytes, trust: TrustedIssuer) -> _Claims:
        try:
            claims = msgspec.json.decode(payload, type=_Claims)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _Refused("claims") from None
        if claims.iss != trust.issuer:
            raise _Refused("issuer")
        if self._audience != claims.aud and self._audience not in (claims.aud if isinstance(claims.aud, list) else ()):
            raise _Refused("audience")
        if not 0 < claims.exp - claims.iat <= trust.max_lifetime.total_seconds():
            raise _Refused("lifetime")
        if not AGENCY_FORM.match(claims.agency) or (trust.agencies is not None and claims.agency not in trust.agencies):
            raise _Refused("agency")
        texts = (claims.sub, claims.client_id, claims.purpose, claims.case_ref)
        if not all(text is None or is_clean(text) for text in texts):
            raise _Refused("claims")
        return claims


def _bearer(authorization: str | None) -> str:
    if authorization is None:
        raise _Refused("missing")
    if len(authorization) > MAX_TOKEN:
        raise _Refused("oversized")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not _JWS_FORM.match(token):
        raise _Refused("malformed")
    return token


def _decoded(part: str, form: type[_Form], reason: str) -> _Form:
    try:
        text = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(text, type=form)
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _Refused(reason) from None


def _proven_payload(token: str, key: Key, trust: TrustedIssuer) -> bytes:
    try:
        return jws.deserialize_compact(token, key, registry=StrictSignatures(trust.algorithms)).payload
    except (JoseError, ValueError, TypeError):
        raise _Refused("signature") from None


def _thumbprint(claims: _Claims) -> str | None:
    if claims.cnf is None:
        return None
    if claims.cnf.keys() != {"x5t#S256"}:
        raise _Refused("confirmation")  # a proof of possession that we cannot check must not be skipped
    return claims.cnf["x5t#S256"]
