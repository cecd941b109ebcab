"""What a contract permits of one operation, in the pipeline's words.

In: `authz`'s `Permit`. Out: a `Grant`. The error entries of withheld fields have paths without indices: they are known
before anything is fetched, and stand for every object at that place.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import DocumentNode

from authz.mask import ValueMask
from authz.operation import Permit
from gateway.response import ValueFilter, Withheld


class ContractGrant:
    """A permit, kept with the plan."""

    def __init__(self, permit: Permit, values: Mapping[str, ValueMask]) -> None:
        self.permit = permit
        self.document: DocumentNode = permit.document
        self.withheld = tuple(Withheld(entry.path, entry.field) for entry in permit.withheld)
        self.entities = permit.entities
        self.unreadable = permit.unreadable
        self.values: Mapping[str, ValueFilter] = {field: mask.apply for field, mask in values.items()}
        self.withheld_entries: list[dict[str, object]] = [
            {"path": list(entry.path), "right": entry.right, "reason": entry.reason} for entry in permit.withheld
        ]
        paths = dict.fromkeys(entry.path for entry in permit.withheld)
        self.refused: tuple[dict[str, object], ...] = tuple(
            {
                "message": "Your contract does not grant this field; see extensions.withheld.",
                "path": list(path),
                "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"},
            }
            for path in paths
        )

    def check(self, variables: Mapping[str, object]) -> frozenset[str]:
        """The filters (`Type.field:operator`) that the values use. Raises Unauthorized or NotInSchema."""
        return self.permit.check_variables(variables).filters
