"""Ids of entities as they stand in a record: keyed hashes, by which nobody finds out who was looked up, and which whoever holds
the key and an id can find again. With an inspector's key the ids are in the record, too, for their eyes alone.

    mark      HMAC-SHA256(key, id), 128 bits in hex; the record names the key (`entities_key`)
    keys      a file of the data folder, the newest first: a new key marks from the next start on, old ones find old records
    sealed    X25519 to the inspector's public key (one ephemeral key a process), HKDF-SHA256, AES-256-GCM bound to the request

In: an entry with plain ids. Out: the same with marks. Records from before there were marks hold plain ids, and are read as they
are.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from authz.audit.entry import AuditEntry
from authz.identity.errors import KeyFileUnusable
from authz.identity.key_files import create_once, locked, replace_with

KEY_FILE: Final = "audit-entities.keys"
INSPECTOR_FILE: Final = "audit-inspector.public.jwk"
_KEY_BYTES: Final = 32
_MARK_BYTES: Final = 16
_BLOCK: Final = 64  # of SHA-256; keys are shorter
_POINT: Final = 32
_NONCE: Final = 12


class _Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kid: str
    k: str


class _Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keys: tuple[_Key, ...]


class EntitySeal:
    """Marks ids by the first of `keys` (kid, secret) and, with an `inspector`, seals them to that public key."""

    def __init__(self, keys: Sequence[tuple[str, bytes]], inspector: X25519PublicKey | None = None) -> None:
        self._markers = {kid: _Marker(key) for kid, key in keys}
        self.kid = keys[0][0]
        self.mark = self._markers[self.kid].mark
        """How the newest key marks an id."""
        self._sealing = None if inspector is None else _Sealing(inspector)

    @classmethod
    def open(cls, folder: Path) -> EntitySeal:
        """The seal of a data folder's keys; its first key is made when absent. Raises KeyFileUnusable."""
        return cls(_keys_in(folder / KEY_FILE), _inspector_in(folder / INSPECTOR_FILE))

    def sealed(self, entry: AuditEntry) -> AuditEntry:
        """The entry as it may be kept. One that has marks already, or no entities, stays as it is."""
        if not entry.entities or entry.entities_key is not None:
            return entry
        marks = {name: tuple(map(self.mark, ids)) for name, ids in entry.entities.items()}
        sealed = None if self._sealing is None else self._sealing.seal(entry)
        return msgspec.structs.replace(entry, entities=marks, entities_key=self.kid, entities_sealed=sealed)

    def known_as(self, entity_id: str) -> frozenset[str]:
        """Everything that may stand in a record for this id: the id, and its marks by every key that there is."""
        return frozenset((entity_id, *(marker.mark(entity_id) for marker in self._markers.values())))

    @property
    def kids(self) -> frozenset[str]:
        """The keys that are here."""
        return frozenset(self._markers)


class _Marker:
    """HMAC-SHA256 (RFC 2104) with the key's part of both hashes made once: half the cost of each mark."""

    def __init__(self, key: bytes) -> None:
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = sha256(bytes(one ^ 0x36 for one in padded))
        self._outer = sha256(bytes(one ^ 0x5C for one in padded))

    def mark(self, entity_id: str) -> str:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(entity_id.encode())
        outer.update(inner.digest())
        return outer.hexdigest()[: 2 * _MARK_BYTES]


class _Sealing:
    """One ephemeral key to the inspector's, for as long as the process lives."""

    def __init__(self, inspector: X25519PublicKey) -> None:
        own = X25519PrivateKey.generate()
        self._point = own.public_key().public_bytes_raw()
        self._cipher = AESGCM(_derived(own.exchange(inspector), self._point, inspector.public_bytes_raw()))

    def seal(self, entry: AuditEntry) -> str:
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, msgspec.json.encode(entry.entities), entry.request_id.encode())
        return base64.urlsafe_b64encode(self._point + nonce + sealed).decode()


def opened(entry: AuditEntry, inspector: Path) -> Mapping[str, tuple[str, ...]]:
    """The ids of a record, by the inspector's private key in the file `inspector`. Raises KeyFileUnusable where they are not
    sealed, or to another key.
    """
    if entry.entities_key is None:
        return entry.entities
    if entry.entities_sealed is None:
        raise KeyFileUnusable("The ids of this record were not sealed to an inspector: only who knows an id can find it.")
    key = _private_x25519(inspector)
    content = base64.urlsafe_b64decode(entry.entities_sealed)
    point, nonce, sealed = content[:_POINT], content[_POINT : _POINT + _NONCE], content[_POINT + _NONCE :]
    shared = key.exchange(X25519PublicKey.from_public_bytes(point))
    cipher = AESGCM(_derived(shared, point, key.public_key().public_bytes_raw()))
    try:
        return msgspec.json.decode(cipher.decrypt(nonce, sealed, entry.request_id.encode()), type=dict[str, tuple[str, ...]])
    except InvalidTag:
        raise KeyFileUnusable(f"The ids of this record were sealed to another key than that in {inspector}.") from None


def renew(folder: Path) -> str:
    """Begin a new key for the ids of coming records, and keep the old ones to find those that are there; its `kid`.

    Raises KeyFileUnusable.
    """
    path = folder / KEY_FILE
    _keys_in(path)
    with locked(folder):
        found = _decoded(path.read_bytes(), path)
        fresh = _fresh()
        replace_with(path, msgspec.json.encode(_Keys((fresh, *found.keys))), 0o600)
    return fresh.kid


def new_inspector(folder: Path, private: Path) -> None:
    """Make an inspector's key pair: the private half in the file `private`, to be kept elsewhere, the public one in `folder`.

    Raises KeyFileUnusable when there is such a file already.
    """
    if private.exists():
        raise KeyFileUnusable(f"{private} is there already: name a new file for the inspector's private key.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = OKPKey.generate_key("X25519")
    create_once(private, lambda: json.dumps(key.as_dict(private=True)).encode())
    with locked(folder):
        replace_with(folder / INSPECTOR_FILE, json.dumps(key.as_dict(private=False)).encode(), 0o644)


def _derived(shared: bytes, point: bytes, inspector: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=point + inspector, info=b"saite audit entities").derive(shared)


def _keys_in(path: Path) -> tuple[tuple[str, bytes], ...]:
    found = _decoded(create_once(path, lambda: msgspec.json.encode(_Keys((_fresh(),)))), path)
    return tuple((key.kid, base64.urlsafe_b64decode(key.k)) for key in found.keys)


def _decoded(content: bytes, path: Path) -> _Keys:
    try:
        found = msgspec.json.decode(content, type=_Keys)
        is_sound = all(len(base64.urlsafe_b64decode(key.k)) == _KEY_BYTES for key in found.keys)
    except (msgspec.DecodeError, ValueError) as error:
        raise KeyFileUnusable(f"The key file {path} is damaged ({error}): restore it from a backup.") from error
    if not found.keys or not is_sound or len({key.kid for key in found.keys}) < len(found.keys):
        raise KeyFileUnusable(f"The key file {path} is damaged: each of its keys needs 32 bytes and a `kid` of its own.")
    return found


def _fresh() -> _Key:
    return _Key(f"ek_{secrets.token_hex(4)}", base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode())


def _inspector_in(path: Path) -> X25519PublicKey | None:
    if not path.exists():
        return None
    key = _x25519(path).public_key
    if not isinstance(key, X25519PublicKey):
        raise KeyFileUnusable(f"{path} has to hold a public X25519 JWK.")
    return key


def _private_x25519(path: Path) -> X25519PrivateKey:
    key = _x25519(path)
    private = key.private_key if key.is_private else None
    if not isinstance(private, X25519PrivateKey):
        raise KeyFileUnusable(f"{path} has to hold the inspector's private X25519 JWK.")
    return private


def _x25519(path: Path) -> OKPKey:
    try:
        return OKPKey.import_key(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise KeyFileUnusable(f"No X25519 key can be read from {path} ({error}).") from error
