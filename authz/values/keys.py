"""The keys of the mask `hash`: one for each contract, so that two agencies cannot join what each of them was shown.

In: the secret of the installation (`keys/value-masks.key` in the data folder, 32 bytes, made on first use, readable by the
owner alone; every process of every room needs the same). Out: a contract's key. It outlives versions of the contract: the same
value keeps its hash. The gateway never needs it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from authz.identity.key_files import secret

KEY_FILE: Final = "value-masks.key"


@dataclass(frozen=True, slots=True)
class MaskKeys:
    """Derives the contracts' keys from one secret."""

    master: bytes = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> MaskKeys:
        """The keys of a folder; the secret is made when it is not there. Raises KeyFileUnusable."""
        return cls(secret(folder / KEY_FILE))

    def of(self, contract_id: str) -> bytes:
        """The key of one contract."""
        return hmac.digest(self.master, b"saite/value-mask/" + contract_id.encode(), "sha256")
