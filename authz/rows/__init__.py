"""Row rules: which rows of a type an agency may see, as one expression tree with one emitter per kind of store.

In: a predicate of a contract, bound to the contract's context. Out: `holds` for Python values, `to_sql` for SQLAlchemy,
`to_mongo` for MongoDB, `to_elasticsearch` for Elasticsearch. All four show the same rows.
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
from authz.rows.to_elasticsearch import IndexAttribute, IndexField, IndexMembers, IndexPoint, to_elasticsearch
from authz.rows.to_mongo import MongoAttribute, MongoField, MongoMembers, MongoPoint, to_mongo
from authz.rows.to_sql import Column, Members, Point, SqlAttribute, to_sql

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
    "IndexAttribute",
    "IndexField",
    "IndexMembers",
    "IndexPoint",
    "Leaf",
    "Lte",
    "Members",
    "MongoAttribute",
    "MongoField",
    "MongoMembers",
    "MongoPoint",
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
    "to_elasticsearch",
    "to_mongo",
    "to_sql",
]
