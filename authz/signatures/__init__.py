"""Signatures of contracts: two parties, Ed25519 over the canonical document.

In: a contract and the parties' keys. Out: which role signed, with what key, and whether it holds. A contract that changes by
one character of its meaning (not of its layout or remarks) has another digest, and its signatures hold no longer.
"""

from authz.signatures.amend import with_signature
from authz.signatures.keys import PartyKeys, party_key
from authz.signatures.policy import UNCHECKED, SignaturePolicy
from authz.signatures.signing import Checked, check_signatures, sign_contract

__all__ = [
    "UNCHECKED",
    "Checked",
    "PartyKeys",
    "SignaturePolicy",
    "check_signatures",
    "party_key",
    "sign_contract",
    "with_signature",
]
