"""A contract as data: every word of the document form (`docs/contracts.md`), typed and frozen. No behaviour.

`Word` keeps the place of what may later turn out wrong against a schema, so that a finding can point at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from authz.document.findings import START, Place
from authz.rows import Predicate


@dataclass(frozen=True, slots=True)
class Word:
    """A name in the document and where it stands."""

    text: str
    at: Place

    @property
    def line(self) -> int:
        return self.at.line


@dataclass(frozen=True, slots=True)
class Party:
    id: str
    name: str
    role: str | None
    controller: bool


@dataclass(frozen=True, slots=True)
class Parties:
    provider: Party
    consumer: Party
    onward_transfer: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Legal:
    basis: tuple[str, ...]
    categories: tuple[str, ...]
    special_categories: bool
    dpia_ref: str | None


@dataclass(frozen=True, slots=True)
class Validity:
    """Half open: from `not_before` up to, not including, `not_after`."""

    not_before: datetime
    not_after: datetime
    review_by: date | None


@dataclass(frozen=True, slots=True)
class Client:
    client_id: str
    cert_sha256: tuple[str, ...]
    issuer: str | None
    min_acr: str | None
    at: Place = START


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data may be asked for, and what must be stated with it."""

    name: str
    requires_user: bool
    requires_case: bool
    case_ref_pattern: str | None
    aggregates_only: bool
    at: Place = START


@dataclass(frozen=True, slots=True)
class SchemaPin:
    digest: str | None
    on_denied: Literal["filter", "reject"]


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which denied fields the agency may know of."""

    default: Literal["hidden", "listed"]
    listed: tuple[Word, ...]
    hidden: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights for purposes. Fields are names, `Type.*` or `@bundle`, not yet expanded."""

    purposes: tuple[str, ...]
    read: tuple[Word, ...]
    count: tuple[Word, ...]
    sort: tuple[Word, ...]
    subscribe: tuple[Word, ...]
    trigger: tuple[Word, ...]
    filter: tuple[tuple[Word, tuple[str, ...]], ...]
    mask: str | None
    at: Place


@dataclass(frozen=True, slots=True)
class Deny:
    """Fields that no grant opens: every right of them, for these purposes."""

    purposes: tuple[str, ...]
    resources: tuple[Word, ...]
    at: Place


@dataclass(frozen=True, slots=True)
class MaskRule:
    """How a value is shown in part: `keep_last` or `keep_first` n characters, `initials`, the `year`, a `hash` of this
    contract, a `grid` of so many metres, the `atvk`, or only that there is a `hit`.
    """

    fn: str
    n: int
    fill: str
    metres: int = 1000
    at: Place = field(default=START, compare=False)


@dataclass(frozen=True, slots=True)
class RowRule:
    predicate: Predicate
    at: Place


@dataclass(frozen=True, slots=True)
class Aggregates:
    """Counts below `min_cell` are suppressed, others rounded to a multiple of `round_to`."""

    min_cell: int = 1
    round_to: int = 1
    max_dimensions: int | None = None
    forbid_overlap: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings of one operation; None: the gateway's own."""

    depth: int | None = None
    aliases: int | None = None
    cost: int | None = None
    page_max: int | None = None
    stream_max: str | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """How much may be asked for in a window (`1d`): entities given, different values looked up by a field."""

    per: Literal["user", "contract"]
    window: str
    entities: int | None
    distinct_filter_values: Mapping[str, int]
    alert_at: float | None
    at: Place = field(default=START, compare=False)


@dataclass(frozen=True, slots=True)
class Obligations:
    log_class: str = "full"
    retention_min: str | None = None
    retention_max: str | None = None
    notify_on: tuple[str, ...] = ()
    strict: bool = False
    max_staleness: str | None = None


@dataclass(frozen=True, slots=True)
class PartnerAudit:
    standard: str
    valid_until: date


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Who may open the denials that are `listed`, in an emergency, and for how long (at most 1h)."""

    roles: tuple[str, ...]
    purposes: tuple[str, ...]
    longest: str
    at: Place = field(default=START, compare=False)


@dataclass(frozen=True, slots=True)
class Canary:
    """A decision that must come out as stated at every load."""

    purpose: str
    right: str
    field: str
    at: Place


@dataclass(frozen=True, slots=True)
class Signature:
    by: str
    role: str
    kid: str
    alg: str
    over: str
    value: str
    at: Place = START


@dataclass(frozen=True, slots=True)
class Contract:
    """One version of one cooperation agreement."""

    id: str
    version: int
    title: str
    supersedes: int | None
    parties: Parties
    legal: Legal
    validity: Validity
    clients: tuple[Client, ...]
    purposes: Mapping[str, Purpose]
    schema: SchemaPin
    visibility: Visibility
    bundles: Mapping[str, tuple[Word, ...]]
    grants: tuple[Grant, ...]
    denies: tuple[Deny, ...]
    masks: Mapping[str, MaskRule]
    rows: Mapping[str, RowRule]
    context: Mapping[str, object]
    aggregates: Aggregates
    quotas: tuple[Quota, ...]
    limits: Limits
    obligations: Obligations
    partner_audit: PartnerAudit | None
    break_glass: BreakGlass | None
    must_allow: tuple[Canary, ...]
    must_deny: tuple[Canary, ...]
    signatures: tuple[Signature, ...]
    file: str
    digest: str
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def place(self, word: str) -> Place:
        """Where a top word of the document stands."""
        return self.places.get(word, START)

    @property
    def agency(self) -> str:
        """The id of the agency that consumes."""
        return self.parties.consumer.id
