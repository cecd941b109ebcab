"""The parties' keys.

A party keeps its private key (`LV-VP.jwk`, readable by its owner alone) and hands out the public half (`LV-VP.public.jwks`, a
JWK set). Whoever verifies has a folder of public halves; the file's name says whose keys are in it, so a key speaks for one
party only. A key that is taken out of its file is believed no longer.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar, Final

from joserfc.jwk import OKPKey

from authz.identity.key_files import public_keys, signing_key
from kernel.errors import ClientError

_PARTY: Final = re.compile(r"\A[A-Za-z0-9_:\-][A-Za-z0-9_.:\-]{0,99}\Z")
_PUBLIC: Final = ".public.jwks"


class NoSuchParty(ClientError):
    """Raised for a party id that no file can be named by."""

    code: ClassVar[str] = "NO_SUCH_PARTY"


def party_key(folder: Path, party: str) -> OKPKey:
    """The key pair of a party, made when absent, with its public half beside it. Raises NoSuchParty, KeyFileUnusable."""
    return signing_key(folder / f"{_checked(party)}.jwk")


class PartyKeys:
    """Public keys by party, read when they are asked for: a file that was replaced counts at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, party: str) -> tuple[OKPKey, ...]:
        """The party's public keys; none when there is no file. Raises KeyFileUnusable for a file that is no JWK set."""
        path = self.folder / f"{_checked(party)}{_PUBLIC}"
        return public_keys(path) if path.is_file() else ()

    def find(self, party: str, kid: str) -> OKPKey | None:
        """The party's key with that thumbprint."""
        return next((key for key in self.of(party) if key.thumbprint() == kid), None)


def _checked(party: str) -> str:
    if _PARTY.match(party) is None:
        raise NoSuchParty(f"{party!r} is no party's id: letters, digits and _ . : - only, as in the contract.")
    return party
