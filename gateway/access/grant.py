"""What a contract permits of one operation, in the pipeline's words.

In: `authz`'s `Permit`. Out: a `Grant`. The error entries of withheld fields have paths without indices: they are known
before anything is fetched, and stand for every object at that place.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Final

from graphql import DocumentNode

from authz.errors import MaskDoesNotFit
from authz.operation import Permit
from authz.quotas import Lookups, lookups_of
from authz.values import ValueMask
from gateway.response import ValueFilter, Withheld

_log: Final = logging.getLogger(__name__)


class ContractGrant:
    """A permit, kept with the plan."""

    def __init__(self, permit: Permit, values: Mapping[str, ValueMask]) -> None:
        self.permit = permit
        self.document: DocumentNode = permit.document
        self.withheld = tuple(Withheld(entry.path, entry.field) for entry in permit.withheld)
        self.entities = permit.entities
        self.unreadable = permit.unreadable
        self.values: Mapping[str, ValueFilter] = dict(_checks(values))
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

    def lookups(self, variables: Mapping[str, object]) -> Lookups:
        """What one request looks up by."""
        return lookups_of(iter(self.permit.check_variables(variables).lookups))


def _checks(values: Mapping[str, ValueMask]) -> Iterator[tuple[str, ValueFilter]]:
    """For each masked field (for a masked object, each of its parts: `Place.point.lat`) what lets only results of the mask
    pass. Rooms mask; what comes unmasked all the same is not shown, and is an alarm.
    """
    for field, mask in values.items():
        if not mask.parts:
            yield field, _check(field, mask, None)
        for part in mask.parts:
            yield f"{field}.{part}", _check(field, mask, part)


def _check(field: str, mask: ValueMask, part: str | None) -> ValueFilter:
    def check(value: object) -> object:
        if not mask.is_result(value, part):
            _log.error("a value came unmasked and is not shown", extra={"field": field, "mask": mask.rule.fn})
            raise MaskDoesNotFit(f"The value of {field} is no result of its mask {mask.rule.fn}.")
        return value

    return check
