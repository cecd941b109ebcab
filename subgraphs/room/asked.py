"""A change as it was asked for: by whom, under which contract and key, and the digest of the whole request.

What comes in: the call and an input of a mutation. What goes out: `Asked`, which a store makes its change by.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from strawberry import UNSET

from subgraphs.room.call import Call


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes, under which contract and for what: what the audit knows the request by (`txn`), too."""

    agency: str
    official: str
    contract: str
    purpose: str | None
    case_reference: str | None
    txn: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What every change says. `request` is the digest of the whole input: a key belongs to one request."""

    operation: str
    actor: Actor
    key: str
    request: bytes
    at: datetime
    reason: str | None = None


def value(given: object, name: str) -> object | None:
    """What the input says under `name`; None when it was left out."""
    said = getattr(given, name, None)
    return None if said is UNSET else said


def plainly(given: object) -> object:
    """An input as JSON has it, without the key: what the digest of a request is made of."""
    match given:
        case datetime() | date() | Decimal():
            return str(given)
        case str():  # enumerations of the rooms are text
            return str(given)
        case list():
            return [plainly(item) for item in given]
        case _ if is_dataclass(given):
            names = [field.name for field in fields(given)]
            said = {name: getattr(given, name) for name in names if name != "idempotency_key"}
            return {name: plainly(item) for name, item in said.items() if item is not UNSET}
        case _:
            return given


def asked_of(call: Call[Any, Any], operation: str, given: Any) -> Asked:
    """What the store is asked for."""
    context = call.context
    contract = f"{context.contract_id}/{context.contract_version}"
    actor = Actor(context.agency, context.user, contract, context.purpose, context.case_ref, context.txn)
    request = hashlib.sha256(msgspec.json.encode([operation, plainly(given)])).digest()
    reason = value(given, "reason")
    return Asked(operation, actor, given.idempotency_key, request, call.clock.now(), None if reason is None else str(reason))
