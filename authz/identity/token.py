"""The forms of a token: how it comes in a header, what its own header and claims have to look like.

In: texts of unknown origin. Out: strictly typed structs, or `Refused` with the reason that goes to the log.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated, Any, Final, TypeVar

import msgspec

TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - a media type, not a password
MAX_TOKEN: Final = 8192
_JWS_FORM: Final = re.compile(r"\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")
_Form = TypeVar("_Form", bound=msgspec.Struct)
_Instant = Annotated[float, msgspec.Meta(ge=0, le=253_402_300_799)]  # up to the year 9999


class Refused(Exception):
    """Why a token is not accepted; never leaves the package."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Header(msgspec.Struct, forbid_unknown_fields=True):
    """A header with anything more (`crit`, `jku`, `jwk`, `x5u`, `x5c`, `b64`) is refused. The thumbprints of the issuer's
    certificate (RFC 7515 §4.1.7) are read because several providers send them, and count for nothing: the key is `kid`'s.
    """

    alg: str
    typ: str
    kid: str
    x5t: str | None = None
    x5t_s256: str | None = msgspec.field(default=None, name="x5t#S256")


class Issuer(msgspec.Struct):
    """The one claim that is read before the signature is proven, to choose the keys."""

    iss: str


class Subject(msgspec.Struct, forbid_unknown_fields=True):
    """Claim `sub_id` (RFC 9493) of a token that our exchange issued: the person as the partner's issuer names them."""

    format: str
    iss: str
    sub: str


class RealmAccess(msgspec.Struct):
    """Claim `realm_access` of Keycloak: the roles that a person has in the whole realm."""

    roles: list[str] = []


class Claims(msgspec.Struct):
    """What is read of a token; claims that are not here do not count."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: _Instant
    iat: _Instant
    client_id: str | None = None
    azp: str | None = None
    typ: str | None = None
    agency: str | None = None
    nbf: _Instant | None = None
    purpose: str | None = None
    case_ref: str | None = None
    acr: str | None = None
    roles: list[str] | None = None
    realm_access: RealmAccess | None = None
    cnf: dict[str, str] | None = None
    sub_id: Subject | None = None
    act: dict[str, Any] | None = None
    may_act: dict[str, Any] | None = None


def bearer(authorization: str | None) -> str:
    """The token in the value of the header `Authorization`, its form not looked at yet. Raises Refused."""
    if authorization is None:
        raise Refused("missing")
    if len(authorization) > MAX_TOKEN:
        raise Refused("oversized")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise Refused("malformed")
    return token


def jws_form(token: str) -> str:
    """The same text, when it is three parts of base64url. Raises Refused."""
    if len(token) > MAX_TOKEN:
        raise Refused("oversized")
    if not _JWS_FORM.match(token):
        raise Refused("malformed")
    return token


def decoded(part: str, form: type[_Form], reason: str) -> _Form:
    """One part of a token as `form`. Raises Refused with `reason`."""
    try:
        text = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(text, type=form)
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(reason) from None


def claims_in(payload: bytes) -> Claims:
    """The claims in a proven payload. Raises Refused."""
    try:
        return msgspec.json.decode(payload, type=Claims)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("claims") from None


def bound_to(claims: Claims) -> str | None:
    """The certificate that a token is bound to (RFC 8705), None for a token that is not. Raises Refused."""
    if claims.cnf is None:
        return None
    if claims.cnf.keys() != {"x5t#S256"}:
        raise Refused("confirmation")  # a proof of possession that we cannot check must not be skipped
    return claims.cnf["x5t#S256"]
