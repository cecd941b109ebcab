"""Which signatures are believed: exactly those that the caller lists, and nothing else in the header.

joserfc falls back to a recommended list when no algorithm is given and understands many headers. Here the list is always
explicit and a header has `alg`, `typ` and `kid`, beside them at most the thumbprints of a certificate, which nobody looks at.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from joserfc.errors import UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jws import JWSRegistry
from joserfc.registry import JWS_HEADER_REGISTRY

_HEADER: Final = {name: JWS_HEADER_REGISTRY[name] for name in ("alg", "typ", "kid", "x5t", "x5t#S256")}
# RFC 9864 retires the name `EdDSA` because it leaves the curve open. Most issuers still write it, so both names are read,
# and both mean Ed25519 and no other curve.
_FULLY_SPECIFIED: Final = {"EdDSA": "Ed25519"}


class StrictSignatures(JWSRegistry):
    """A joserfc registry with an allow-list that cannot be empty."""

    max_payload_length = 8192

    def __init__(self, algorithms: Collection[str]) -> None:
        super().__init__(algorithms=algorithms)
        self.header_registry = _HEADER

    def get_alg(self, name: str) -> JWSAlgModel:
        if not self.allowed or name not in self.allowed:
            raise UnsupportedAlgorithmError(f"algorithm {name} is not on the list")
        return self.algorithms[fully_specified(name)]


def fully_specified(name: str) -> str:
    """The algorithm's name that leaves nothing open."""
    return _FULLY_SPECIFIED.get(name, name)
