"""Token → actor.

In: the value of the header `Authorization` and the instant. Out: an Actor, or Unauthenticated in always the same words.
A token is examined in this order: form and size, header (alg, typ, kid), issuer, key, signature, claims; what can
change from one request to the next (time, client certificate, withdrawn keys, the contract's word on the client) is checked
every time, the rest is remembered. Checks after RFC 9068, RFC 8725 and RFC 8705.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key

from authz.identity.actor import AGENCY_FORM, Actor, is_clean
from authz.identity.algorithms import StrictSignatures, fully_specified
from authz.identity.clients import Book, ClientDirectory, ClientEntry
from authz.identity.errors import Unauthenticated
from authz.identity.refusals import Refusals
from authz.identity.token import TOKEN_TYPE, Claims, Header, Issuer, Refused, bearer, bound_to, claims_in, decoded, jws_form
from authz.identity.trust import AgencySource, TokenForm, TrustedIssuer

MAX_ROLES: Final = 32
_MAX_REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True)
class Accepted:
    """A token whose signature and claims were found good, with what still has to be checked for every request.

    `client_id` and `issuer` are those by which a contract names the caller.
    """

    claims: Claims
    client_id: str
    issuer: str
    user: str
    not_before: float
    thumbprint: str | None
    trust: TrustedIssuer
    kid: str
    revision: int


@dataclass(frozen=True, slots=True)
class Proven:
    """An accepted token at this instant."""

    actor: Actor
    claims: Claims
    thumbprint: str | None


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
        self._remembered: dict[str, Accepted] = {}
        self._clients = ClientDirectory()
        self.refusals = refusals or Refusals("token")

    async def identify(
        self, authorization: str | None, now: datetime, *, certificate: str | None = None, book: Book | None = None
    ) -> Actor:
        """As `actor`, but the issuer's keys are fetched first where that could change the answer. Raises Unauthenticated."""
        try:
            token = bearer(authorization)
        except Refused as refused:
            raise self._unauthenticated(refused) from None
        return (await self.prove(token, now, certificate=certificate, book=book)).actor

    async def prove(self, token: str, now: datetime, *, certificate: str | None = None, book: Book | None = None) -> Proven:
        """The same for a token that did not come in the header `Authorization`. Raises Unauthenticated."""
        try:
            known = self._remembered.get(token)
            if known is not None:
                await known.trust.keys.ensure(known.kid, now.timestamp())
            else:
                header, trust = self._origin(token)
                await trust.keys.ensure(header.kid, now.timestamp())
            return self._proven(token, now, certificate, book)
        except Refused as refused:
            raise self._unauthenticated(refused) from None

    def actor(
        self, authorization: str | None, now: datetime, *, certificate: str | None = None, book: Book | None = None
    ) -> Actor:
        """The actor that the header `Authorization` proves at the instant `now`, by the keys that are at hand.

        `certificate` is the base64url SHA-256 of the client certificate that the connection itself was made with
        (`ClientCertificates`); a token bound to a certificate is good only with it. `book` says which clients belong to
        which agency, and what they have to come with. Raises Unauthenticated.
        """
        try:
            return self._proven(bearer(authorization), now, certificate, book).actor
        except Refused as refused:
            raise self._unauthenticated(refused) from None

    def _unauthenticated(self, refused: Refused) -> Unauthenticated:
        self.refusals.count(refused.reason)
        return Unauthenticated(refused.reason)

    def _proven(self, token: str, now: datetime, certificate: str | None, book: Book | None) -> Proven:
        known = self._remembered.get(token)
        fresh = known is not None and known.revision == known.trust.keys.revision
        accepted = known if known is not None and fresh else self._examine(token)
        self._check_now(accepted, now.timestamp(), certificate)
        actor = self._actor(accepted, certificate, book)
        if accepted is not known:
            self._remember(token, accepted, now)
        return Proven(actor, accepted.claims, accepted.thumbprint)

    def _remember(self, token: str, accepted: Accepted, now: datetime) -> None:
        if len(self._remembered) >= _MAX_REMEMBERED:
            at = now.timestamp() - self._leeway
            self._remembered = {text: kept for text, kept in list(self._remembered.items()) if kept.claims.exp > at}
        if len(self._remembered) < _MAX_REMEMBERED:
            self._remembered[token] = accepted

    def _check_now(self, accepted: Accepted, at: float, certificate: str | None) -> None:
        if at >= accepted.claims.exp + self._leeway:
            raise Refused("expired")
        if at < accepted.not_before - self._leeway:
            raise Refused("not_yet_valid")
        if accepted.thumbprint is None:
            return
        if certificate is None:
            raise Refused("certificate_missing")
        if not hmac.compare_digest(accepted.thumbprint.encode(), certificate.encode()):
            raise Refused("certificate_mismatch")

    def _actor(self, accepted: Accepted, certificate: str | None, book: Book | None) -> Actor:
        entry, agency = self._entry(accepted, book)
        if not AGENCY_FORM.match(agency) or (accepted.trust.agencies is not None and agency not in accepted.trust.agencies):
            raise Refused("agency")
        if entry is not None and entry.certificates:
            if certificate is None:
                raise Refused("certificate_missing")
            if certificate not in entry.certificates:
                raise Refused("certificate_unlisted")
        if entry is not None and not entry.is_assured(accepted.claims.acr):
            raise Refused("assurance")
        claims = accepted.claims
        roles = frozenset(role for role in _roles(accepted)[:MAX_ROLES] if is_clean(role))
        acr = claims.acr if claims.acr and is_clean(claims.acr) else None
        who = (agency, accepted.user, accepted.client_id, accepted.issuer)
        return Actor(*who, claims.purpose, claims.case_ref, roles, acr, certificate)

    def _entry(self, accepted: Accepted, book: Book | None) -> tuple[ClientEntry | None, str]:
        """What the contract says of the client, and for which agency it speaks."""
        issuer, client_id, agency = accepted.issuer, accepted.client_id, accepted.claims.agency
        match accepted.trust.agency_source:
            case AgencySource.CLAIM:
                if agency is None:
                    raise Refused("claims")
                entry = None if book is None else self._clients.of_agency(book, agency, issuer, client_id)
                return entry, agency
            case AgencySource.CONTRACT:
                named = None if book is None else self._clients.named(book, issuer, client_id)
                if named is None:
                    raise Refused("client")
                return named, named.agency

    def _origin(self, token: str) -> tuple[Header, TrustedIssuer]:
        """Its header and the issuer that it claims: unproven, only to choose the keys; `_check` compares the proven issuer."""
        header_part, payload_part, _ = jws_form(token).split(".")
        header = decoded(header_part, Header, "header")
        if _kind(header) not in (TOKEN_TYPE, "jwt"):
            raise Refused("type")
        trust = self._issuers.get(decoded(payload_part, Issuer, "payload").iss)
        if trust is None:
            raise Refused("issuer")
        if _kind(header) != TOKEN_TYPE and trust.form is not TokenForm.KEYCLOAK:
            raise Refused("type")
        if header.alg not in trust.algorithms:
            raise Refused("algorithm")
        return header, trust

    def _examine(self, token: str) -> Accepted:
        header, trust = self._origin(token)
        revision = trust.keys.revision
        key = trust.keys.find(header.kid)
        if key is None:
            raise Refused("key")
        claims = claims_in(_proven_payload(token, header.alg, key, trust))
        if _kind(header) != TOKEN_TYPE and claims.typ != "Bearer":
            raise Refused("type")
        self._check(claims, trust)
        issuer, user = _person(claims, trust)
        not_before = claims.iat if claims.nbf is None else max(claims.iat, claims.nbf)
        return Accepted(claims, _client(claims, trust), issuer, user, not_before, bound_to(claims), trust, header.kid, revision)

    def _check(self, claims: Claims, trust: TrustedIssuer) -> None:
        if claims.iss != trust.issuer:
            raise Refused("issuer")
        if self._audience != claims.aud and self._audience not in (claims.aud if isinstance(claims.aud, list) else ()):
            raise Refused("audience")
        if not 0 < claims.exp - claims.iat <= trust.max_lifetime.total_seconds():
            raise Refused("lifetime")
        texts = (claims.sub, claims.purpose, claims.case_ref)
        if not all(text is None or is_clean(text) for text in texts):
            raise Refused("claims")


def _roles(accepted: Accepted) -> list[str]:
    """The claim `roles`, and of a Keycloak those of the realm; what another issuer calls `realm_access` is its own affair."""
    claims = accepted.claims
    of_realm = claims.realm_access if accepted.trust.form is TokenForm.KEYCLOAK else None
    return [*(claims.roles or ()), *(of_realm.roles if of_realm is not None else ())]


def _kind(header: Header) -> str:
    return header.typ.lower().removeprefix("application/")


def _person(claims: Claims, trust: TrustedIssuer) -> tuple[str, str]:
    """The issuer and the id by which the person is known: the partner's own in a token that our exchange issued."""
    if not trust.is_exchange:
        return claims.iss, claims.sub
    named = claims.sub_id
    if named is None or named.format != "iss_sub" or claims.act is None or not (is_clean(named.iss) and is_clean(named.sub)):
        raise Refused("claims")
    return named.iss, named.sub


def _client(claims: Claims, trust: TrustedIssuer) -> str:
    client = claims.client_id
    if trust.form is TokenForm.KEYCLOAK:
        if client is not None and claims.azp is not None and client != claims.azp:
            raise Refused("claims")
        client = client or claims.azp
    if client is None or not is_clean(client):
        raise Refused("claims")
    return client


def _proven_payload(token: str, algorithm: str, key: Key, trust: TrustedIssuer) -> bytes:
    if key.alg is not None and fully_specified(key.alg) != fully_specified(algorithm):
        raise Refused("algorithm")  # the issuer keeps this key for another one
    try:
        return jws.deserialize_compact(token, key, registry=StrictSignatures(trust.algorithms)).payload
    except (JoseError, ValueError, TypeError):
        raise Refused("signature") from None
