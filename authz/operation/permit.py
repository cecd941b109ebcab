"""What `authorise` decided about one operation, cacheable by (document, operation name, mask digest)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import DocumentNode

from authz.operation.arguments import ArgumentWalk, Judged, VariableUse, filled_in


@dataclass(frozen=True, slots=True, order=True)
class Withheld:
    """A selection that is answered with null: response keys without indices, the field, the right that is missing, and why."""

    path: tuple[str, ...]
    field: str
    right: str
    reason: str

    def below(self, key: str) -> Withheld:
        """The same, seen from one level further up."""
        return Withheld((key, *self.path), self.field, self.right, self.reason)


@dataclass(frozen=True, slots=True)
class VariableRights:
    """The rights that one request's variables used: for the audit; and every (`Type.field`, value) that it looks up by."""

    filters: frozenset[str]
    sorts: frozenset[str]
    lookups: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Permit:
    """The operation that may run, without what is withheld, and what it will use.

    `document` holds one operation and no fragment definitions; entity selections have the field `id` under the response key
    `audit_key`, for the audit alone: `entities` are the types for which that was done, `unreadable` those that were met and of
    which nothing may be read. `filters` are `Type.field:operator`.
    """

    document: DocumentNode
    withheld: tuple[Withheld, ...]
    fields: frozenset[str]
    filters: frozenset[str]
    sorts: frozenset[str]
    counts: frozenset[str]
    audit_key: str
    entities: frozenset[str]
    unreadable: frozenset[str]
    judged: Judged = field(repr=False)
    uses: tuple[VariableUse, ...] = field(repr=False)
    lookups: tuple[tuple[str, object], ...] = field(default=(), repr=False)

    def check_variables(self, variables: Mapping[str, object]) -> VariableRights:
        """Walk the values of one request's variables: filters and orders in them need rights as literals do.

        Raises Unauthorized or NotInSchema as `authorise` does. To be called for every request, also when the permit comes
        from a cache.
        """
        walk = ArgumentWalk(self.judged)
        for use in self.uses:
            if use.name in variables:
                walk.value(use.taken, variables[use.name], use.mark)
        written = ((name, filled_in(value, variables)) for name, value in self.lookups)
        return VariableRights(frozenset(walk.filters), frozenset(walk.sorts), (*written, *walk.lookups))
