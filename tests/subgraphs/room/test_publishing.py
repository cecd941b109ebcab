"""Counts of a list that is narrowed by more fields than the contract allows are kept back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from authz.aggregates import SqliteCountLedger, Suppressed
from authz.document.model import Aggregates
from authz.mask import Mask
from subgraphs.room.publishing import dimensions_of, publishing
from subgraphs.room.where import All, AnyOf, Compare, Not, Some, Where
from tests.authz.small_world import mask_of

KIND, PLACE = Compare("kind", "eq", "THEFT"), Compare("territory", "in", ["0001000"])
FROM, TO = Compare("occurred", "from", "2026-01-01"), Compare("occurred", "to", "2026-02-01")


class Store:
    """Counts everything as 50."""

    async def count(self, _where: Where, _rows: Any) -> int:
        return 50


def counting(most: int | None) -> Any:
    mask: Mask = replace(mask_of("STATISTICS"), aggregates=Aggregates(10, 5, most))
    return publishing(Store(), mask, SqliteCountLedger())


async def test_a_count_by_as_many_fields_as_are_allowed_is_told_and_one_by_more_is_not() -> None:
    assert await counting(2).count(All((KIND, FROM, TO)), {}) == 50
    with pytest.raises(Suppressed, match="at most 2 fields"):
        await counting(2).count(All((KIND, PLACE, FROM)), {})
    assert await counting(None).count(All((KIND, PLACE, FROM)), {}) == 50


def test_a_field_is_one_however_it_is_combined() -> None:
    assert dimensions_of(All(())) == frozenset()
    assert dimensions_of(AnyOf((KIND, Not(KIND), All((FROM, TO))))) == {"kind", "occurred"}
    assert dimensions_of(Some("persons", All((Compare("role", "eq", "x"), KIND)))) == {"persons.role", "persons.kind"}
    assert dimensions_of(Some("persons", All(()))) == {"persons"}
