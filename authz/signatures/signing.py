"""One party's word on one version of a contract.

What is signed is a statement as canonical JSON (RFC 8785): the contract's id, version and digest, who signs and as what. The
signature is a JWS with detached content (RFC 7515, appendix F): the statement can be made again from the document, so it is not
repeated there. Any JOSE library can verify it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final, Literal

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from authz.document import Contract
from authz.document.canonical import canonical
from authz.document.model import Signature
from authz.identity.algorithms import StrictSignatures
from authz.signatures.keys import PartyKeys

Role = Literal["data-owner", "data-consumer"]

SIGNING_ROLES: Final[tuple[Role, Role]] = ("data-owner", "data-consumer")

_TYPE: Final = "contract-signature+jws"


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a role's signature holds; `reason` says why not."""

    role: str
    by: str
    kid: str | None
    holds: bool
    reason: str


def sign_contract(contract: Contract, role: Role, key: OKPKey) -> Signature:
    """The signature of the contract's party with that role, by its private key."""
    by = _party(contract, role)
    kid = key.thumbprint()
    whole = jws.serialize_compact(
        {"alg": "EdDSA", "kid": kid, "typ": _TYPE}, _statement(contract, by, role), key, registry=StrictSignatures(("EdDSA",))
    )
    head, _, value = whole.split(".")
    return Signature(by, role, kid, "EdDSA", "jcs-sha256", f"{head}..{value}")


def check_signatures(contract: Contract, keys: PartyKeys) -> tuple[Checked, ...]:
    """One verdict for each of the two roles. Raises KeyFileUnusable when a key file is damaged."""
    return tuple(_check(contract, role, keys) for role in SIGNING_ROLES)


def _check(contract: Contract, role: Role, keys: PartyKeys) -> Checked:
    by = _party(contract, role)
    signature = next((found for found in contract.signatures if found.role == role and found.by == by), None)
    if signature is None:
        return Checked(role, by, None, False, f"{by} has not signed as {role}")
    key = keys.find(by, signature.kid)
    if key is None:
        return Checked(role, by, signature.kid, False, f"{by} has no key {signature.kid} in {keys.folder}")
    head, _, value = signature.value.partition("..")
    whole = f"{head}.{_base64url(_statement(contract, by, role))}.{value}"
    try:
        found = jws.deserialize_compact(whole, key, registry=StrictSignatures(("EdDSA",)))
    except (JoseError, ValueError) as error:
        return Checked(role, by, signature.kid, False, f"the signature of {by} does not fit this document ({error})")
    header = found.headers()
    if header.get("typ") != _TYPE or header.get("kid") != signature.kid:
        return Checked(role, by, signature.kid, False, f"the signature of {by} was made for something else")
    return Checked(role, by, signature.kid, True, "holds")


def _party(contract: Contract, role: Role) -> str:
    return contract.parties.provider.id if role == "data-owner" else contract.parties.consumer.id


def _statement(contract: Contract, by: str, role: Role) -> bytes:
    said = {"by": by, "contract": contract.id, "digest": contract.digest, "role": role, "version": contract.version}
    return canonical(said)


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
