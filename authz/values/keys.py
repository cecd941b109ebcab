"""The keys of the mask `hash`: one for each contract, so that two agencies cannot join what each of them was shown.

In: the secret of the installation (`keys/value-masks` in the data folder, 32 bytes, made on first use, readable by the owner
alone; every process of every room needs the same). Out: a contract's key. It outlives versions of the contract: the same value
keeps its hash. The gateway never needs it.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SIZE: Final = 32
FILE: Final = "value-masks"


@dataclass(frozen=True, slots=True)
class MaskKeys:
    """Derives the contracts' keys from one secret."""

    secret: bytes = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> MaskKeys:
        """The keys of a folder; the secret is made when it is not there. Of two processes that make it the first one wins."""
        path = folder / FILE
        if not path.exists():
            draft = folder / f".{FILE}-{secrets.token_hex(4)}"
            draft.touch(mode=0o600)
            draft.write_bytes(secrets.token_bytes(SIZE))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return cls(path.read_bytes())

    def of(self, contract_id: str) -> bytes:
        """The key of one contract."""
        return hmac.digest(self.secret, b"saite/value-mask/" + contract_id.encode(), "sha256")
