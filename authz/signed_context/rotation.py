"""Changing the gateway's key while everything runs: three steps, with two public keys in between.

    announce   a new key pair; its public half joins the old one in the key set. Copy the set to rooms that run elsewhere
    activate   once every room has the set: the gateway signs with the new key
    retire     once the last context of the old key has expired (30 seconds): the key set holds the new key alone

Gateways and rooms look at their files once a second; none has to be started anew. Each step can be repeated.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from joserfc.jwk import OKPKey

from authz.identity.errors import KeyFileUnusable
from authz.identity.key_files import flush_folder, locked, public_keys, public_path, signing_key
from authz.signed_context.signer import KEY_FILE
from authz.signed_context.verifier import REPLAYABLE
from authz.signed_context.watching import EVERY

NEXT: Final = "gateway-context.next.jwk"


def announce(folder: Path) -> str:
    """Make the next key, when there is none yet, and publish it beside the current one; its `kid`. Raises KeyFileUnusable."""
    current = signing_key(folder / KEY_FILE)
    coming = signing_key(folder / NEXT)
    with locked(folder):
        _publish(folder, (*_published(folder, keep=current), coming))
    return str(coming.kid)


def activate(folder: Path) -> str:
    """Sign with the next key from now on; its `kid`. Raises KeyFileUnusable when none was announced."""
    if not (folder / NEXT).exists():
        raise KeyFileUnusable(f"No next key was announced in {folder}: announce one first.")
    coming = signing_key(folder / NEXT)
    with locked(folder):
        if all(key.kid != coming.kid for key in public_keys(public_path(folder / KEY_FILE))):
            raise KeyFileUnusable("The next key is not in the key set yet, so no room would believe it: announce it first.")
        (folder / NEXT).touch()  # since when it signs: `retire` looks at it
        (folder / NEXT).replace(folder / KEY_FILE)
        public_path(folder / NEXT).unlink(missing_ok=True)
        flush_folder(folder)
    return str(coming.kid)


def retire(folder: Path, now: float) -> str:
    """Take every key but the one that signs out of the key set; its `kid`.

    Raises KeyFileUnusable when the next key is not in use yet, or at `now` (Unix seconds) only for so short a time that
    contexts by the old one may still be on their way.
    """
    current = signing_key(folder / KEY_FILE)
    with locked(folder):
        if (folder / NEXT).exists():
            raise KeyFileUnusable(f"A next key is announced in {folder} and not yet in use: activate it first.")
        left = (folder / KEY_FILE).stat().st_mtime + REPLAYABLE + EVERY - now
        if left > 0:
            raise KeyFileUnusable(f"Contexts by the old key may still be on their way: retire it in {left:.0f} seconds.")
        _publish(folder, (current,))
    return str(current.kid)


def _published(folder: Path, keep: OKPKey) -> tuple[OKPKey, ...]:
    """The keys of the set: never more than two with the one that joins, so one that was not retired goes."""
    return tuple(key for key in public_keys(public_path(folder / KEY_FILE)) if key.kid == keep.kid)


def _publish(folder: Path, keys: Iterable[OKPKey]) -> None:
    path = public_path(folder / KEY_FILE)
    by_kid = {key.kid: key.as_dict(private=False) for key in keys}
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("wb") as file:
            file.write(json.dumps({"keys": list(by_kid.values())}).encode())
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise KeyFileUnusable(f"{path} cannot be written ({error.strerror}): name a folder that you own.") from error
    flush_folder(folder)
