"""Signed tree heads: what the log's key vouches for, and what may be remembered elsewhere.

In: the size and root of a chain's Merkle tree. Out: a `SignedHead`, EdDSA (Ed25519) over canonical JSON. Who holds the
public key (`audit-heads.public.jwks`) can check heads and proofs without the log, and without anybody's help.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey

from authz.identity.key_files import public_keys, public_path, signing_key

KEY_FILE: Final = "audit-heads.jwk"
_DOMAIN: Final = b"saite-audit-head/1\n"
_ENCODER: Final = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The first `size` records of a chain have the Merkle root `root` (hex); `last` is the hash of the last of them.

    `signature` is hex, over all the other fields.
    """

    log_id: str
    writer: str
    size: int
    root: str
    last: str
    at: datetime
    kid: str
    signature: str = ""

    def to_json(self) -> bytes:
        """The head as canonical JSON."""
        return _ENCODER.encode(self)


def read_head(content: str | bytes) -> SignedHead:
    """The head in a JSON text. Raises msgspec.DecodeError."""
    return msgspec.json.decode(content, type=SignedHead)


class HeadSigner:
    """Signs with the log's private key. `open` finds or makes the key in the data folder."""

    def __init__(self, key: OKPKey) -> None:
        private = key.private_key
        if not isinstance(private, Ed25519PrivateKey) or key.kid is None:
            raise ValueError("tree heads need a private Ed25519 key with a kid")
        self._private = private
        self._kid = key.kid

    @classmethod
    def open(cls, folder: Path) -> HeadSigner:
        """The signer whose key pair lies in `folder`, made when absent. Raises KeyFileUnusable."""
        return cls(signing_key(folder / KEY_FILE))

    def sign(self, log_id: str, writer: str, size: int, root: bytes, last: str, at: datetime) -> SignedHead:
        """The head of a tree, signed now."""
        head = SignedHead(log_id, writer, size, root.hex(), last, at, self._kid)
        return replace(head, signature=self._private.sign(_signed_part(head)).hex())

    def signed(self, head: SignedHead) -> bool:
        """Whether this key signed exactly this head."""
        return head.kid == self._kid and _is_signed(self._private.public_key(), head)


class HeadKeys:
    """The public keys that heads may be signed with."""

    def __init__(self, keys: Iterable[OKPKey]) -> None:
        self._keys = {key.kid: key.public_key for key in keys if isinstance(key.public_key, Ed25519PublicKey)}

    @classmethod
    def of_folder(cls, folder: Path) -> HeadKeys | None:
        """The keys of the data folder's own log, None when it never signed anything. Raises KeyFileUnusable."""
        path = public_path(folder / KEY_FILE)
        return cls(public_keys(path)) if path.exists() else None

    @classmethod
    def of_file(cls, path: Path) -> HeadKeys:
        """The keys in a JWK set. Raises KeyFileUnusable."""
        return cls(public_keys(path))

    def vouch_for(self, head: SignedHead) -> bool:
        """Whether one of the keys signed exactly this head."""
        key = self._keys.get(head.kid)
        return key is not None and _is_signed(key, head)


def _is_signed(key: Ed25519PublicKey, head: SignedHead) -> bool:
    try:
        key.verify(bytes.fromhex(head.signature), _signed_part(head))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed_part(head: SignedHead) -> bytes:
    return _DOMAIN + replace(head, signature="").to_json()
