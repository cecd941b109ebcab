"""`(a, b) IN (pairs)` for lists of any length, as each database takes it best.

What comes in: two columns and pairs of texts. What goes out: a condition. PostgreSQL gets two arrays, so that the statement and
its plan are the same for every number of pairs, and looks into no partition but theirs.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection


def one_of_pairs(
    connection: AsyncConnection, columns: tuple[sa.Column[Any], sa.Column[Any]], pairs: Collection[tuple[str, str]]
) -> sa.ColumnElement[bool]:
    """The rows in which both columns are one of the pairs."""
    both = sa.tuple_(*columns)
    if connection.dialect.name != "postgresql":
        return both.in_(list(pairs))
    arrays = (sa.bindparam(None, [pair[place] for pair in pairs], sa.ARRAY(sa.Text()), unique=True) for place in (0, 1))
    given = sa.func.unnest(*arrays).table_valued("a", "b").render_derived()
    return both.in_(sa.select(given.c.a, given.c.b))
