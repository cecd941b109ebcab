"""What one record says: who asked for what, why, under which contract, and what they got.

After Directive (EU) 2016/680 Art. 25, `contracts.md` ("Record") and `domain.md` §7.6. Values of registers never stand here:
fields by name; entities, variables and free text as keyed hashes. Every field that came later has a default, so that old
records still read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

Kind = Literal[
    "consultation",  # a read from one register
    "combination",  # a read joined from several registers
    "disclosure",  # data handed out otherwise: an export, a report
    "alteration",
    "erasure",
    "subscription_event",
    "denial",
    "import",  # the law's "collection"
    "admin",  # about the log, the contracts or the keys themselves
    "break_glass",  # an emergency opened what a contract withholds
    "review",  # the second pair of eyes on an emergency
    "served",  # a room's own record of what it gave to the gateway
    "authentication",  # a sign-in: refused, or a token exchanged for one of ours
]
Status = Literal["ok", "partial", "denied", "failed", "intended"]
Decision = Literal["ALLOW", "PARTIAL", "DENY"]


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


@dataclass(frozen=True, slots=True)
class Fetch:
    """One exchange with a subgraph: hex SHA-256 of the bodies (`received` is None and `status` 0 when no answer came), how many
    entities were asked for by key, how long it took in milliseconds, and the HTTP status.
    """

    service: str
    sent: str
    received: str | None = None
    entities: int = 0
    ms: float = 0.0
    status: int = 200


@dataclass(frozen=True, slots=True)
class Official:
    """The person behind the user name, as their agency's identity provider tells it."""

    name: str | None = None
    badge: str | None = None
    unit: str | None = None


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One consultation, change or refusal.

    `resources` are the fields (`Type.field`) that the answer really holds, `filters` the `Type.field:operator` and `sorts` the
    `Type.field` that were used, `entities` the marks of the entities returned by type name (`entity_marks.py`; plain ids where
    `entities_key` is absent), `entities_sealed` their ids for the inspector, `counts` numbers of rows by type name or, for an
    import, by outcome. `request_id` is the `txn` of the signed contexts. `recipient` is who the data went to, when that is not
    the agency itself. `reason` is why nobody was let in, in one word of ours. `answer_sha256` is over the answer's `data` as it
    was sent.
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
    entities: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    counts: Mapping[str, int] = msgspec.field(default_factory=dict)
    subgraphs: tuple[str, ...] = ()
    error_code: str | None = None
    # since the second form of the record
    sorts: frozenset[str] = frozenset()
    fetches: tuple[Fetch, ...] = ()
    rows_digest: str | None = None
    schema_digest: str | None = None
    bundle: str | None = None
    answer_sha256: str | None = None
    error_id: str | None = None
    trace_id: str | None = None
    parent_txn: str | None = None
    client_address: str | None = None
    device: str | None = None
    client_cert_sha256: str | None = None
    acr: str | None = None
    official: Official | None = None
    represented: str | None = None
    recipient: str | None = None
    justification_hmac: str | None = None
    quota: Mapping[str, int] = msgspec.field(default_factory=dict)
    emergency: str | None = None
    about: str | None = None
    # since ids of entities are protected
    reason: str | None = None
    entities_key: str | None = None
    entities_sealed: str | None = None

    @property
    def decision(self) -> Decision:
        """What was decided, in the law's three words; `status` says what became of it."""
        if self.status == "denied" or self.kind == "denial":
            return "DENY"
        return "PARTIAL" if self.withheld else "ALLOW"


def kind_of_reading(subgraphs: Collection[str]) -> Kind:
    """What the law calls a read: data joined from several registers is a combination, from one a consultation."""
    return "combination" if len(set(subgraphs)) > 1 else "consultation"
