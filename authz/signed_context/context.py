"""The signed context: what the gateway tells a subgraph about one call, and its form on the wire.

The form is a JWT of type `txntoken+jwt` (after draft-ietf-oauth-transaction-tokens), EdDSA with Ed25519, for one audience,
good for 30 seconds and for one request body. It is written and read here without a JOSE library, because it is made for
every call; a test reads it with joserfc.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec

HEADER: Final = "Saite-Context"
CONTEXT_TYPE: Final = "txntoken+jwt"
ISSUER: Final = "urn:saite:gateway"
LIFETIME: Final = timedelta(seconds=30)
MAX_CONTEXT: Final = 4096
_Instant = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]  # up to the year 9999


@dataclass(frozen=True, slots=True)
class SignedContext:
    """For whom, under which contract and why a subgraph is asked.

    `txn` is the id of the client's request, the same in every call made for it and in the audit record. The subgraph loads
    its own copy of the contract and compares `mask_digest` with the mask that it compiled itself. `issuer` and `user` together
    name the person. `emergency` is the id under which a user broke the glass: then both sides decide by the opened mask.
    """

    txn: str
    agency: str
    user: str
    contract_id: str
    contract_version: int
    mask_digest: str
    purpose: str | None = None
    case_ref: str | None = None
    client_id: str | None = None
    issuer: str | None = None
    emergency: str | None = None


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The only header there is: anything else (`crit`, `jku`, another algorithm) is not a context."""

    alg: Literal["EdDSA"]
    typ: Literal["txntoken+jwt"]
    kid: str


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Claim `act`: through whom the person (`sub`) acts, and whose word it is that it is them (`issuer`)."""

    agency: str
    client_id: str | None
    issuer: str | None


class TransactionContext(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Claim `tctx`: what the contract decided about the transaction."""

    contract: str
    version: int
    mask_digest: str
    purpose: str | None
    case_ref: str | None
    emergency: str | None = None


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """All claims; `req_hash` is the base64url SHA-256 of the request body, times are whole seconds of Unix time."""

    iss: str
    aud: str
    iat: _Instant
    exp: _Instant
    jti: str
    txn: str
    sub: str
    act: Actor
    tctx: TransactionContext
    req_hash: str

    def context(self) -> SignedContext:
        """The claims as the subgraph uses them."""
        return SignedContext(
            self.txn,
            self.act.agency,
            self.sub,
            self.tctx.contract,
            self.tctx.version,
            self.tctx.mask_digest,
            self.tctx.purpose,
            self.tctx.case_ref,
            self.act.client_id,
            self.act.issuer,
            self.tctx.emergency,
        )


def to_base64url(content: bytes) -> bytes:
    """base64url without padding (RFC 7515)."""
    return binascii.b2a_base64(content, newline=False).translate(_FROM_BASE64, b"=")


def from_base64url(text: str) -> bytes:
    """The bytes in `text`. Raises ValueError unless it is base64url without padding, to the letter."""
    last = _LAST_OF_REST.get(len(text) % 4)
    if last is not None and text[-1] not in last:
        raise ValueError("not canonical base64url")
    padded = text.encode("ascii").translate(_TO_BASE64) + b"=" * (-len(text) % 4)
    return binascii.a2b_base64(padded, strict_mode=True)


_FROM_BASE64: Final = bytes.maketrans(b"+/", b"-_")
# `+` and `/` belong to the other alphabet: they become a character that no alphabet has.
_TO_BASE64: Final = bytes.maketrans(b"-_+/=", b"+/!!!")
_LAST_OF_REST: Final = {2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}
"""The last character of two or three beyond whole groups: those whose bits that stand for nothing are zero."""
