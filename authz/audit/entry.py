"""What one record says: who asked for what, why, under which contract, and what they got.

After Directive (EU) 2016/680 Art. 25 and `domain.md` §7.6. Values of registers never stand here: fields by name, entities
by opaque id, variables as keyed hashes. (Entity ids are plain text for now; they become encrypted to the inspector's key.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["consultation", "combination", "disclosure", "alteration", "denial", "import"]
Status = Literal["ok", "partial", "denied", "failed", "intended"]


@dataclass(frozen=True, slots=True)
class ContractReference:
    """Which contract decided: the version and digest let the decision be recomputed years later."""

    id: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What was asked. `document_sha256` is the hex SHA-256 of the document as the client sent it.

    `variables_hmac` covers all variables together, `values_hmac` each text value in them (`VariableSeal`).
    """

    name: str | None
    document_sha256: str
    variables_hmac: str | None = None
    values_hmac: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WithheldField:
    """A field (`Type.field`) that was asked for and not given; `right` is the missing one, `reason` why."""

    field: str
    right: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One consultation, change or refusal.

    `resources` are the fields (`Type.field`) that the answer really holds, `filters` the `Type.field:operator` that were
    used, `entities` the ids returned by type name, `counts` numbers of rows by type name or, for an import, by outcome.
    """

    kind: Kind
    request_id: str
    agency: str
    user: str
    status: Status
    client_id: str | None = None
    issuer: str | None = None
    contract: ContractReference | None = None
    mask_digest: str | None = None
    purpose: str | None = None
    case_ref: str | None = None
    operation: Operation | None = None
    resources: frozenset[str] = frozenset()
    withheld: tuple[WithheldField, ...] = ()
    filters: frozenset[str] = frozenset()
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    subgraphs: tuple[str, ...] = ()
    error_code: str | None = None


def kind_of_reading(subgraphs: Collection[str]) -> Kind:
    """What the law calls a read: data joined from several registers is a combination, from one a consultation."""
    return "combination" if len(set(subgraphs)) > 1 else "consultation"
