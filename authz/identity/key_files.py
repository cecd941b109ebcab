"""Keys and secrets in the data folder: made once, by whichever process comes first, and readable by their owner only.

In: a path. Out: an Ed25519 key pair (kept as a JWK, its public half beside it as a JWK set) or 32 random bytes.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from authz.identity.errors import KeyFileUnusable

SECRET_BYTES: Final = 32
# Group read is tolerated because orchestrators mount secrets as root:group 0440; anything more is not.
_TOO_OPEN: Final = 0o037


def signing_key(path: Path) -> OKPKey:
    """The Ed25519 key pair kept in `path`, made when absent; its `kid` is the thumbprint of RFC 7638.

    The public half is written to `public_path(path)`. Raises KeyFileUnusable.
    """
    key = _okp_key(create_once(path, _new_key), path)
    create_once(public_path(path), lambda: _as_key_set(key), mode=0o644)
    if all(public.kid != key.kid for public in public_keys(public_path(path))):
        raise KeyFileUnusable(
            f"{public_path(path)} does not belong to {path}: delete it, it is made again from the private key."
        )
    return key


def public_path(path: Path) -> Path:
    """Where the public half of the key in `path` is kept: a JWK set, safe to hand out."""
    return path.with_suffix(".public.jwks")


def public_keys(path: Path) -> tuple[OKPKey, ...]:
    """The Ed25519 public keys of the JWK set in the file `path`. Raises KeyFileUnusable."""
    try:
        keys = KeySet.import_key_set(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise KeyFileUnusable(f"No public keys can be read from {path} ({error}): it has to be a JWK set.") from error
    found = tuple(key for key in keys if isinstance(key, OKPKey) and key.curve_name == "Ed25519")
    if any(key.is_private for key in found):
        raise KeyFileUnusable(f"{path} holds a private key where public ones belong: replace the file and the key pair.")
    if not found:
        raise KeyFileUnusable(f"{path} holds no Ed25519 key: write one with `kty` OKP and `crv` Ed25519.")
    return found


def secret(path: Path) -> bytes:
    """The 32 random bytes kept in `path`, made when absent. Raises KeyFileUnusable."""
    content = create_once(path, lambda: secrets.token_bytes(SECRET_BYTES))
    if len(content) != SECRET_BYTES:
        raise KeyFileUnusable(
            f"The secret in {path} has {len(content)} bytes instead of {SECRET_BYTES}: restore it from a backup."
        )
    return content


def create_once(path: Path, make: Callable[[], bytes], mode: int = 0o600) -> bytes:
    """The content of `path`; when the file is absent, exactly one of all processes that ask fills it with `make()`.

    The file appears whole or not at all, also after a crash. A file that must be private (`mode` 0o600) and that others
    may read or write is refused. Raises KeyFileUnusable.
    """
    try:
        content = _read(path, mode)
        if content is not None:
            return content
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(path.parent):
            content = _read(path, mode)
            if content is None:
                content = make()
                replace_with(path, content, mode)
            return content
    except OSError as error:
        raise KeyFileUnusable(
            f"The key file {path} cannot be made or read ({error.strerror}): name a folder that you own."
        ) from error


def _read(path: Path, mode: int) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor).st_mode & 0o777
        if mode == 0o600 and found & _TOO_OPEN:
            raise KeyFileUnusable(
                f"The key file {path} is open to others (mode {found:03o}): `chmod 600 {path}`, or make a new key."
            )
        return file.read()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the folder's lock against other processes; the system frees it when the holder dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace_with(path: Path, content: bytes, mode: int) -> None:
    """Put `content` into `path`, in a folder that the caller has `locked`.

    Write beside, flush to disk, then rename: a reader without the lock never sees half a key.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _new_key() -> bytes:
    key = OKPKey.generate_key("Ed25519")
    return json.dumps({**key.as_dict(private=True), "kid": key.thumbprint(), "use": "sig"}).encode()


def _as_key_set(key: OKPKey) -> bytes:
    return json.dumps({"keys": [key.as_dict(private=False)]}).encode()


def _okp_key(content: bytes, path: Path) -> OKPKey:
    try:
        key = OKPKey.import_key(json.loads(content))
    except (ValueError, KeyError, TypeError, JoseError) as error:
        raise KeyFileUnusable(
            f"The key file {path} is damaged: restore it, or delete it and its public half for a new one (old tokens end)."
        ) from error
    if not key.is_private or key.curve_name != "Ed25519" or key.kid is None:
        raise KeyFileUnusable(f"The key file {path} has to hold a private Ed25519 JWK with a `kid`.")
    return key
