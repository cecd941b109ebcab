"""Whether a book takes contracts that are not signed.

Production does not (`SignaturePolicy(keys)`): both parties' signatures hold, or the contract is refused. `UNCHECKED` is for
drafts, for tests and for the examples that ship with Saite; whoever starts a process with it says so loudly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from authz.document import Contract
from authz.errors import ContractRefused
from authz.identity.errors import KeyFileUnusable
from authz.signatures.keys import NoSuchParty, PartyKeys
from authz.signatures.signing import check_signatures


@dataclass(frozen=True, slots=True)
class SignaturePolicy:
    """With `keys`, both parties must have signed; without, nobody looks."""

    keys: PartyKeys | None

    @property
    def is_required(self) -> bool:
        return self.keys is not None

    def insist(self, contract: Contract) -> None:
        """Raises ContractRefused, with every signature that is missing or does not hold."""
        if self.keys is None:
            return
        try:
            wrong = [checked.reason for checked in check_signatures(contract, self.keys) if not checked.holds]
        except (KeyFileUnusable, NoSuchParty) as error:
            wrong = [error.message]
        if wrong:
            raise ContractRefused(
                f"{contract.file}: contract {contract.id} version {contract.version} is refused: {'; '.join(wrong)}. "
                "Both parties sign with `saite contract sign`."
            )


UNCHECKED: Final = SignaturePolicy(None)
