"""Who asks: the person, the agency they act for, and what they say they need it for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from authz.identity.errors import BadDeclaration

MAX_TEXT: Final = 256
AGENCY_FORM: Final = re.compile(r"\A[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller whose token was accepted. `issuer` and `user` together name the person.

    `purpose` and `case_ref` are what the caller declares; the contract decides whether they suffice. `roles` are what the
    issuer says of the person; a contract may let a role do more (`break_glass`). How they proved it (`acr`, thumbprint of the
    TLS `certificate`) is for the audit.
    """

    agency: str
    user: str
    client_id: str
    issuer: str
    purpose: str | None = None
    case_ref: str | None = None
    roles: frozenset[str] = frozenset()
    acr: str | None = field(default=None, compare=False)
    certificate: str | None = field(default=None, compare=False)

    def declaring(self, purpose: str | None, case_ref: str | None) -> Actor:
        """The same caller with the purpose and case of this one request (headers) before those of the token.

        An empty text states nothing, which the gate refuses where the contract wants one. Raises BadDeclaration.
        """
        if purpose is None and case_ref is None:
            return self
        for text in (purpose, case_ref):
            if text and not is_clean(text):
                raise BadDeclaration(f"A purpose or case has 1 to {MAX_TEXT} printable characters: mend the request's headers.")
        return replace(
            self,
            purpose=self.purpose if purpose is None else purpose,
            case_ref=self.case_ref if case_ref is None else case_ref,
        )


def is_clean(text: str) -> bool:
    """Whether `text` may go into records and logs: 1 to 256 printable characters, no line breaks, no lone surrogates."""
    return 0 < len(text) <= MAX_TEXT and text.isprintable() and text == text.strip()
