"""The first question: may this caller ask anything at all, now and for this purpose?

In: the book, who asks, and what they state. Out: the mask that every further decision is taken by, or NotAllowed.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, Protocol

from authz.book import ContractBook
from authz.compile import CompiledContract
from authz.document.duration import duration_of
from authz.document.model import Contract, Purpose
from authz.errors import (
    CaseReferenceInvalid,
    CaseReferenceRequired,
    ClientNotInContract,
    ContractNotInForce,
    ContractUnconfirmed,
    NoContract,
    PurposeRequired,
    UserRequired,
)
from authz.mask import Mask

_LONGEST_CASE_REFERENCE: Final = 100


class Caller(Protocol):
    """What the gate needs to know of an actor (`authz.identity.Actor`)."""

    @property
    def agency(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def issuer(self) -> str: ...


def admit(book: ContractBook, actor: Caller, purpose: str | None, case_ref: str | None, now: datetime) -> Mask:
    """The mask of the caller's contract for the stated purpose. Raises a leaf of NotAllowed (403) that says what is missing."""
    compiled = book.of_agency(actor.agency)
    if compiled is None:
        _revoked(book, actor.agency)
        raise NoContract(f"There is no cooperation contract with {actor.agency}: without one nothing is shared.")
    _in_force(compiled.contract, now)
    _confirmed(book, compiled.contract, now)
    _known_client(compiled.contract, actor)
    chosen = _stated(compiled, purpose)
    if chosen.requires_user and not actor.user:
        raise UserRequired(f"{chosen.name} needs the person who asks: use a token that names the user.")
    if chosen.requires_case:
        _case_reference(chosen, case_ref)
    return compiled.masks[chosen.name]


def still_admitted(book: ContractBook, mask: Mask, now: datetime) -> bool:
    """Whether what was admitted under the mask may go on: asked for each event of a stream, with the book of that moment.

    A new version, a revocation, an end and a suspension each end it: the caller begins again under what holds now.
    """
    compiled = book.of_agency(mask.agency)
    if compiled is None or compiled.masks.get(mask.purpose) is None or compiled.masks[mask.purpose].digest != mask.digest:
        return False
    try:
        _in_force(compiled.contract, now)
        _confirmed(book, compiled.contract, now)
    except (ContractNotInForce, ContractUnconfirmed):
        return False
    return True


def _revoked(book: ContractBook, agency: str) -> None:
    revocation = book.revocation_of(agency)
    if revocation is not None:
        raise ContractNotInForce(
            f"Contract {revocation.contract_id} was revoked on {revocation.at:%Y-%m-%d}: ask the Information Centre."
        )


def _confirmed(book: ContractBook, contract: Contract, now: datetime) -> None:
    longest = contract.obligations.max_staleness
    if not contract.obligations.strict or longest is None or book.confirmation is None:
        return
    if now - book.confirmation.at > duration_of(longest):
        raise ContractUnconfirmed(
            f"Contract {contract.id} could not be confirmed for more than {longest}; nothing is shared under it until it is: "
            "ask again later."
        )


def _in_force(contract: Contract, now: datetime) -> None:
    validity = contract.validity
    if not validity.not_before <= now < validity.not_after:
        raise ContractNotInForce(
            f"Contract {contract.id} holds from {validity.not_before.isoformat()} to {validity.not_after.isoformat()}: "
            "ask the Information Centre for a new version."
        )
    audit = contract.partner_audit
    if audit is not None and now.date() > audit.valid_until:
        raise ContractNotInForce(
            f"Contract {contract.id} is suspended: the {audit.standard} audit of {contract.agency} ended on "
            f"{audit.valid_until}."
        )


def _known_client(contract: Contract, actor: Caller) -> None:
    if not contract.clients:
        return
    if not any(c.client_id == actor.client_id and c.issuer in (None, actor.issuer) for c in contract.clients):
        raise ClientNotInContract(
            f"Contract {contract.id} does not name the client {actor.client_id!r}: ask from one that it names."
        )


def _stated(compiled: CompiledContract, purpose: str | None) -> Purpose:
    chosen = compiled.contract.purposes.get(purpose or "")
    if chosen is not None:
        return chosen
    purposes = sorted(compiled.purposes)
    said = f"{purpose!r} is no purpose of contract {compiled.contract.id}" if purpose else "No purpose is stated"
    raise PurposeRequired(
        f"{said}: state one of {', '.join(purposes)} in the header Saite-Purpose or in the token.",
        extensions={"purposes": purposes},
    )


def _case_reference(purpose: Purpose, case_ref: str | None) -> None:
    if not case_ref:
        raise CaseReferenceRequired(f"{purpose.name} needs a case reference: send it in the header Saite-Case or in the token.")
    pattern = purpose.case_ref_pattern
    if len(case_ref) > _LONGEST_CASE_REFERENCE or (pattern is not None and re.fullmatch(pattern, case_ref) is None):
        raise CaseReferenceInvalid(
            f"{case_ref[:_LONGEST_CASE_REFERENCE]!r} has not the form of a case reference for {purpose.name}."
        )
