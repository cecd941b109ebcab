"""Row rules: which rows of a type an agency may see, as one expression tree with one emitter per kind of store.

In: a predicate of a contract, bound to the contract's context. Out: `holds` for Python values, `to_sql` for SQLAlchemy.
MongoDB and Elasticsearch get a file each beside `sql.py`.
"""

from authz.rows.holds import holds
from authz.rows.predicate import (
    EVERY_ROW,
    NO_ROW,
    All,
    AnyOf,
    Eq,
    Exists,
    GeoWithin,
    Gte,
    In,
    Leaf,
    Lte,
    Not,
    Overlaps,
    Predicate,
    Reference,
    attributes_of,
    bind,
    normal,
    plain,
)
from authz.rows.sql import Column, Members, Point, SqlAttribute, to_sql

__all__ = [
    "EVERY_ROW",
    "NO_ROW",
    "All",
    "AnyOf",
    "Column",
    "Eq",
    "Exists",
    "GeoWithin",
    "Gte",
    "In",
    "Leaf",
    "Lte",
    "Members",
    "Not",
    "Overlaps",
    "Point",
    "Predicate",
    "Reference",
    "SqlAttribute",
    "attributes_of",
    "bind",
    "holds",
    "normal",
    "plain",
    "to_sql",
]
