"""Development identities: an issuer whose key is made on first start and lies in the data folder.

Whoever can read that folder can be anybody: this is for a developer's machine and for the demo, never for real registers.
In: agency, user, purpose, case. Out: a token in the form that production issuers use too (RFC 9068, Ed25519).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
from joserfc import jws

from authz.identity.actor import AGENCY_FORM, is_clean
from authz.identity.algorithms import StrictSignatures
from authz.identity.errors import BadTokenRequest
from authz.identity.key_files import public_keys, public_path, signing_key
from authz.identity.token import TOKEN_TYPE
from authz.identity.trust import StaticKeys, TrustedIssuer
from authz.identity.validator import TokenValidator
from kernel.clock import Clock, SystemClock

ISSUER: Final = "urn:saite:development"
AUDIENCE: Final = "urn:saite:gateway"
DEFAULT_LIFETIME: Final = timedelta(hours=8)
MAX_LIFETIME: Final = timedelta(days=7)
_KEY_FILE: Final = "development-issuer.jwk"
_ALGORITHM: Final = "EdDSA"


class DevelopmentIssuer:
    """Issues tokens with the key in `folder`, which is made when absent. Raises KeyFileUnusable."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self._key = signing_key(folder / _KEY_FILE)
        self._clock = clock or SystemClock()

    def issue(
        self,
        agency: str,
        user: str,
        purpose: str | None = None,
        case_ref: str | None = None,
        lifetime: timedelta = DEFAULT_LIFETIME,
        *,
        client_id: str = "saite-cli",
        roles: Sequence[str] = (),
    ) -> str:
        """A token for one person of one agency. Raises BadTokenRequest."""
        if not AGENCY_FORM.match(agency):
            raise BadTokenRequest(f"`{agency}` is not an agency's id: give one such as LV-PROK.")
        for name, text in (("user", user), ("purpose", purpose), ("case", case_ref), ("client id", client_id)):
            if text is not None and not is_clean(text):
                raise BadTokenRequest(f"The {name} has to be 1 to 256 printable characters without spaces around them.")
        if not timedelta(seconds=1) <= lifetime <= MAX_LIFETIME:
            raise BadTokenRequest(
                f"A token lives between one second and {MAX_LIFETIME.days} days: ask for less than {lifetime}."
            )
        issued_at = int(self._clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": user,
            "iat": issued_at,
            "exp": issued_at + int(lifetime.total_seconds()),
            "jti": secrets.token_hex(16),
            "agency": agency,
            "client_id": client_id,
        }
        declared = {"purpose": purpose, "case_ref": case_ref}
        claims |= {name: text for name, text in declared.items() if text is not None}
        if roles:
            claims["roles"] = list(roles)
        header = {"alg": _ALGORITHM, "typ": TOKEN_TYPE, "kid": self._key.kid}
        return jws.serialize_compact(header, msgspec.json.encode(claims), self._key, registry=StrictSignatures({_ALGORITHM}))


def development_trust(folder: Path) -> TrustedIssuer:
    """The development issuer of `folder` as a validator trusts it; only its public key is kept. Raises KeyFileUnusable."""
    signing_key(folder / _KEY_FILE)
    return TrustedIssuer(ISSUER, StaticKeys(public_keys(public_path(folder / _KEY_FILE))), max_lifetime=MAX_LIFETIME)


def development_validator(folder: Path) -> TokenValidator:
    """A validator that accepts the development tokens of `folder` and nothing else. Raises KeyFileUnusable."""
    return TokenValidator([development_trust(folder)], AUDIENCE)
