"""Whom we believe: issuers, their keys and the algorithms they may use.

A key source answers at once from what it holds. One that fetches keys (OIDC discovery) refreshes itself elsewhere and raises
its `revision` whenever a key was added or withdrawn; tokens accepted under an older revision are then examined again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from joserfc.jwk import Key

ASYMMETRIC: Final = frozenset({"EdDSA", "Ed25519", "ES256", "PS256"})
"""All that an issuer may be allowed. No `none` and no HMAC: a verifier that shares the secret could forge."""


class KeySource(Protocol):
    """Holds an issuer's public keys."""

    @property
    def revision(self) -> int: ...

    def find(self, kid: str) -> Key | None: ...


class StaticKeys:
    """Keys that do not change while the process lives."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._by_kid = {key.kid: key for key in keys if key.kid is not None}

    @property
    def revision(self) -> int:
        return 0

    def find(self, kid: str) -> Key | None:
        return self._by_kid.get(kid)


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer (`iss`, compared exactly), its keys, its algorithms and the agencies it may speak for (None: any)."""

    issuer: str
    keys: KeySource
    algorithms: frozenset[str] = frozenset({"EdDSA", "Ed25519"})
    agencies: frozenset[str] | None = None
    max_lifetime: timedelta = timedelta(days=7)

    def __post_init__(self) -> None:
        if not self.algorithms or not self.algorithms <= ASYMMETRIC:
            raise ValueError(f"issuer {self.issuer}: algorithms have to be some of {', '.join(sorted(ASYMMETRIC))}")
