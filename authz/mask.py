"""What one contract allows for one purpose, frozen: every decision that Casbin took when the contract was loaded.

A request asks it by set look-ups. Masks are compared and cached by `digest`, which covers everything that changes an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from authz.aggregates.publishing import published
from authz.document.model import Aggregates, Limits, Obligations, Quota
from authz.rows import Predicate
from authz.values import ValueMask

NO_OBLIGATIONS: Final = Obligations()


@dataclass(frozen=True, slots=True)
class Mask:
    """Rights are on `Type.field` of concrete types. `listed` are fields that are denied and may be known to exist; `reasons`
    say why.

    `rows` holds a predicate for each type that has row attributes, with the contract's own context bound in. `emergency` are
    the listed fields that `break_glass` may open for this purpose; with `aggregates_only` lists are counted and not shown.
    """

    contract_id: str
    contract_version: int
    contract_digest: str
    agency: str
    purpose: str
    read: frozenset[str]
    filter: Mapping[str, frozenset[str]]
    sort: frozenset[str]
    count: frozenset[str]
    listed: frozenset[str]
    reasons: Mapping[str, str]
    values: Mapping[str, ValueMask]
    rows: Mapping[str, Predicate]
    limits: Limits
    aggregates: Aggregates
    on_denied: Literal["filter", "reject"]
    rows_digest: str
    digest: str
    subscribe: frozenset[str] = frozenset()
    trigger: frozenset[str] = frozenset()
    quotas: tuple[Quota, ...] = ()
    obligations: Obligations = NO_OBLIGATIONS
    emergency: frozenset[str] = frozenset()
    aggregates_only: bool = False

    def permits(self, right: str, field: str) -> bool:
        """Whether the right (`read`, `count`, `sort`, `filter:eq`, `subscribe`, `trigger`) is granted on the field."""
        kind, _, operator = right.partition(":")
        match kind:
            case "read":
                return field in self.read
            case "count":
                return field in self.count
            case "sort":
                return field in self.sort
            case "filter":
                return operator in self.filter.get(field, ())
            case "subscribe":
                return field in self.subscribe
            case "trigger":
                return field in self.trigger
            case _:
                return False

    def shown(self, field: str, value: object) -> object:
        """The value as this contract sees it: masked where the contract says so."""
        value_mask = self.values.get(field)
        return value if value_mask is None else value_mask.apply(value)

    def published_count(self, count: int) -> int | None:
        """A count as it may leave: see `authz.aggregates.published`."""
        return published(count, self.aggregates)
