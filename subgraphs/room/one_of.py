"""`column IN (values)` for lists of any length, as each database takes it best.

What comes in: a column and values. What goes out: a condition. SQLite gets `IN (?, ?, …)`; PostgreSQL `= ANY ($1)` with one
array, so that the text of the statement, and with it the prepared plan, is the same for every number of values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _OneOf(FunctionElement[bool]):
    inherit_cache = True
    type = sa.Boolean()
    name = "one_of"

    def self_group(self, against: object = None) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        # It is a comparison already: SQLAlchemy would add `= 1` where there are no booleans, and no index serves that.
        return self


def one_of(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """The rows in whose `column` is one of `values`; none for no values. Not to be negated."""
    return _OneOf(column, sa.bindparam(None, list(values), sa.ARRAY(column.type), unique=True))


@compiles(_OneOf)
def _in(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    each = values._clone(maintain_key=True)  # its value is found by the key when the statement comes from the cache
    each.type = column.type
    return compiler.process(column.in_(each), **options)


@compiles(_OneOf, "postgresql")
def _any(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return compiler.process(column == sa.any_(values), **options)
