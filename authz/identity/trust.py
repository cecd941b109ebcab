"""Whom we believe: issuers, their keys, the algorithms they may use and what their tokens look like.

A key source answers at once from what it holds. One that fetches keys (`FetchedKeys`) refreshes itself in `ensure` and raises
its `revision` whenever a key was added or withdrawn; tokens accepted under an older revision are then examined again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final, Protocol

from joserfc.jwk import Key

ASYMMETRIC: Final = frozenset({"EdDSA", "Ed25519", "ES256", "PS256", "RS256"})
"""All that an issuer may be allowed. No `none` and no HMAC: a verifier that shares the secret could forge.

RS256 is there because RFC 9068 demands it and some providers sign with nothing else; it has to be named to be believed.
"""
PREFERRED: Final = ASYMMETRIC - {"RS256"}


class KeySource(Protocol):
    """Holds an issuer's public keys."""

    @property
    def revision(self) -> int: ...

    def find(self, kid: str) -> Key | None: ...

    async def ensure(self, kid: str, at: float) -> None:
        """Fetch keys first where that could change what `find(kid)` answers at `at` (Unix seconds). Never raises."""
        ...


class StaticKeys:
    """Keys that do not change while the process lives."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._by_kid = {key.kid: key for key in keys if key.kid is not None}

    @property
    def revision(self) -> int:
        return 0

    def find(self, kid: str) -> Key | None:
        return self._by_kid.get(kid)

    async def ensure(self, _kid: str, _at: float) -> None:
        """There is nothing to fetch."""


class TokenForm(Enum):
    """How an issuer's access tokens look.

    RFC9068   header `typ: at+jwt`, claim `client_id`
    KEYCLOAK  the same, or header `typ: JWT` with the claim `typ: Bearer`, which its ID and refresh tokens do not have;
              the client is `azp` when there is no `client_id`
    """

    RFC9068 = "rfc9068"
    KEYCLOAK = "keycloak"


class AgencySource(Enum):
    """Who says for which agency the caller acts.

    CLAIM     the token's claim `agency`: an issuer of our own
    CONTRACT  the contract that names this issuer and client among its `clients`; what the token says does not count
    """

    CLAIM = "claim"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer (`iss`, compared exactly), its keys, its algorithms and the agencies it may speak for (None: any).

    With `is_exchange` it is our own token exchange: its tokens name another issuer's person (`sub_id`) and who acts (`act`).
    """

    issuer: str
    keys: KeySource
    algorithms: frozenset[str] = frozenset({"EdDSA", "Ed25519"})
    agencies: frozenset[str] | None = None
    max_lifetime: timedelta = timedelta(days=7)
    form: TokenForm = TokenForm.RFC9068
    agency_source: AgencySource = AgencySource.CLAIM
    is_exchange: bool = False

    def __post_init__(self) -> None:
        if not self.algorithms or not self.algorithms <= ASYMMETRIC:
            raise ValueError(f"issuer {self.issuer}: algorithms have to be some of {', '.join(sorted(ASYMMETRIC))}")
