"""Token exchange (RFC 8693): a partner's token in, one of ours out, narrower and shorter.

In: a token of a trusted partner issuer that was made for this exchange (its audience), and what it shall be good for. Out: a
token of ours for the gateway: for that person (`sub_id`: as the partner names them), through that client (`act`), for the
agency whose contract names the client, for at most a few minutes and never longer than the partner's token.

    subject   proven as at the gateway: signature, issuer, audience, time, certificate, the contract's word on the client
    actor     optional second token: the client's own, when the person's token was made for another client of the same issuer
    narrowed  audience: only the gateway; purpose and case: what is asked, else what the partner's token says
    bound     to the certificate that the subject is bound to, else to the one of the connection, if there is one
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from joserfc import jws
from joserfc.jwk import OKPKey

from authz.identity.actor import Actor, is_clean
from authz.identity.algorithms import StrictSignatures
from authz.identity.clients import Book
from authz.identity.errors import BadExchange, Unauthenticated
from authz.identity.key_files import public_keys, public_path, signing_key
from authz.identity.refusals import Refusals
from authz.identity.token import TOKEN_TYPE
from authz.identity.trust import StaticKeys, TrustedIssuer
from authz.identity.validator import Proven, TokenValidator

GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a name, not a password
JWT: Final = "urn:ietf:params:oauth:token-type:jwt"
_KINDS: Final = frozenset({ACCESS_TOKEN, JWT})
_KEY_FILE: Final = "exchange-issuer.jwk"
_ALGORITHM: Final = "EdDSA"
_MAX_ACTORS: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of RFC 8693 §2.1 that we read, and two of our own: `purpose` and `case_ref`."""

    grant_type: str | None = None
    subject_token: str | None = None
    subject_token_type: str | None = None
    actor_token: str | None = None
    actor_token_type: str | None = None
    requested_token_type: str | None = None
    audience: str | None = None
    purpose: str | None = None
    case_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Exchanged:
    """An issued token and for how many seconds it is good: for `person`, in what `through` does for them."""

    access_token: str
    expires_in: int
    person: Actor
    through: Actor


class Exchange:
    """Exchanges tokens that `subjects` accepts for tokens for `audience`."""

    def __init__(self, subjects: TokenValidator, key: OKPKey, issuer: str, audience: str, lifetime: timedelta) -> None:
        self._subjects = subjects
        self._key = key
        self._issuer = issuer
        self._audience = audience
        self._seconds = int(lifetime.total_seconds())
        self.refusals = Refusals("exchange")

    @classmethod
    def open(cls, folder: Path, subjects: TokenValidator, issuer: str, audience: str, lifetime: timedelta) -> Exchange:
        """The exchange whose key lies in `folder`, made when absent. Raises KeyFileUnusable."""
        return cls(subjects, signing_key(folder / _KEY_FILE), issuer, audience, lifetime)

    async def exchange(self, asked: Asked, now: datetime, *, certificate: str | None, book: Book | None) -> Exchanged:
        """Raises BadExchange, with an error code of RFC 6749 and 8693 and never the reason why a token is refused."""
        subject_token = self._checked(asked)
        try:
            subject = await self._subjects.prove(subject_token, now, certificate=certificate, book=book)
            actor = subject
            if asked.actor_token is not None:
                actor = await self._subjects.prove(asked.actor_token, now, certificate=certificate, book=book)
        except Unauthenticated as unproven:
            self.refusals.count("token")
            raise BadExchange("invalid_request", "The token is not accepted.", f"token_{unproven.reason}") from None
        if not _may_act(subject, actor):
            raise self._refused("may_act", "invalid_request", "The token is not accepted.")
        at = int(now.timestamp())
        expires = min(at + self._seconds, int(subject.claims.exp), int(actor.claims.exp))
        if expires <= at:
            raise self._refused("expired", "invalid_request", "The token is not accepted.")
        claims = self._claims(asked, subject, actor, certificate) | {"iat": at, "exp": expires}
        header = {"alg": _ALGORITHM, "typ": TOKEN_TYPE, "kid": self._key.kid}
        token = jws.serialize_compact(header, msgspec.json.encode(claims), self._key, registry=StrictSignatures({_ALGORITHM}))
        person = replace(subject.actor, purpose=claims.get("purpose"), case_ref=claims.get("case_ref"))
        return Exchanged(token, expires - at, person, actor.actor)

    def _checked(self, asked: Asked) -> str:
        if asked.grant_type != GRANT:
            raise self._refused("grant", "unsupported_grant_type", f"`grant_type` has to be {GRANT}.")
        if asked.subject_token is None or asked.subject_token_type not in _KINDS:
            raise self._refused("form", "invalid_request", f"Send `subject_token`, its type {' or '.join(sorted(_KINDS))}.")
        if (asked.actor_token is None) != (asked.actor_token_type is None) or asked.actor_token_type not in {*_KINDS, None}:
            raise self._refused("form", "invalid_request", "Send `actor_token` and `actor_token_type` together or not at all.")
        if asked.requested_token_type not in {*_KINDS, None}:
            raise self._refused("form", "invalid_request", f"`requested_token_type` has to be {ACCESS_TOKEN}.")
        if asked.audience not in (None, self._audience):
            raise self._refused("target", "invalid_target", f"Tokens are issued for {self._audience} only.")
        if not all(text is None or is_clean(text) for text in (asked.purpose, asked.case_ref)):
            raise self._refused("form", "invalid_request", "A purpose or case has 1 to 256 printable characters.")
        return asked.subject_token

    def _claims(self, asked: Asked, subject: Proven, actor: Proven, certificate: str | None) -> dict[str, Any]:
        person, through = subject.actor, actor.actor
        act: dict[str, Any] = {"sub": through.client_id, "iss": through.issuer}
        if subject.claims.act is not None:
            if _depth(subject.claims.act) >= _MAX_ACTORS:
                raise self._refused("actors", "invalid_request", "The token is not accepted.")
            act["act"] = subject.claims.act
        bound = subject.thumbprint or actor.thumbprint or certificate
        optional = {
            "purpose": asked.purpose or person.purpose,
            "case_ref": asked.case_ref or person.case_ref,
            "acr": subject.claims.acr,
            "cnf": None if bound is None else {"x5t#S256": bound},
        }
        return {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": person.user,
            "sub_id": {"format": "iss_sub", "iss": person.issuer, "sub": person.user},
            "agency": through.agency,
            "client_id": through.client_id,
            "act": act,
            "jti": secrets.token_hex(16),
            **{name: value for name, value in optional.items() if value is not None},
        }

    def _refused(self, reason: str, error: str, message: str) -> BadExchange:
        self.refusals.count(reason)
        return BadExchange(error, message, reason)


def exchange_trust(folder: Path, issuer: str, lifetime: timedelta) -> TrustedIssuer:
    """The exchange of `folder` as a gateway's validator trusts it. Raises KeyFileUnusable."""
    signing_key(folder / _KEY_FILE)
    keys = StaticKeys(public_keys(public_path(folder / _KEY_FILE)))
    return TrustedIssuer(issuer, keys, max_lifetime=lifetime, is_exchange=True)


def _may_act(subject: Proven, actor: Proven) -> bool:
    """Whether the actor's client may act for the subject: of the same issuer and agency, and the one that `may_act` names."""
    if subject.actor.issuer != actor.actor.issuer or subject.actor.agency != actor.actor.agency:
        return False
    allowed = subject.claims.may_act
    if allowed is None:
        return True
    names = {"sub": actor.claims.sub, "client_id": actor.actor.client_id, "iss": actor.actor.issuer}
    return bool(allowed.keys() & {"sub", "client_id"}) and all(names.get(name) == wanted for name, wanted in allowed.items())


def _depth(act: object) -> int:
    depth = 0
    while isinstance(act, dict):
        act = act.get("act")
        depth += 1
    return depth
