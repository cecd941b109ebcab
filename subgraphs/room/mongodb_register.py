"""A register in MongoDB: one document a record, mirrored from what the SQL adapters know of the same register.

What comes in: a `Register` (its columns, scope, indexes). What goes out: a `MongoRegister`. What is searched, ordered, ruled by
and indexed is said once, in the room's `tables.py`; a column is a field of the same name here, the id is `_id`, and what SQL
keeps in side tables stands in arrays: `links`, `territories`, `agencies`, `moves`, the changes that projections have not
followed yet, and `noted`, those that the outbox has not put in order yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from pymongo import IndexModel

from authz.rows import Column as RowColumn
from authz.rows import Members, MongoAttribute, MongoField, MongoMembers, SqlAttribute
from subgraphs.room import sql
from subgraphs.room.mongodb_where import Field, Fields
from subgraphs.room.register import Projection, Register

R = TypeVar("R", bound=msgspec.Struct)

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MongoRegister(Generic[R]):
    """A register. `content_of` gives the searched fields of a record; `moved` says whose projection a change moves."""

    record_type: type[R]
    name: str
    content_of: Callable[[R], dict[str, Any]]
    fields: Fields
    indexes: tuple[IndexModel, ...]
    moved: Callable[[R, R], Collection[str]]


def mirrored(register: Register[R]) -> MongoRegister[R]:
    """The same register, as MongoDB keeps it. Raises TypeError for one that is more than records, links and a projection."""
    projection = register.projection
    if projection is None or any(side.table is not projection.links for side in register.sides):
        raise TypeError(f"the register {register.table.name} has side tables that no array of a document stands for")
    sides, outbox = register.sides, register.outbox

    def content_of(record: R) -> dict[str, Any]:
        links = [row["value"] for side in sides for row in side.rows_of(record)]
        return {**register.columns_of(record), "links": links}

    def moved(before: R, after: R) -> Collection[str]:
        return () if outbox is None else outbox.targets_of(before, after)

    return MongoRegister(
        register.record_type, register.table.name, content_of, _fields(register.scope, projection), _indexes(register), moved
    )


def _path(element: sa.ColumnElement[Any]) -> str:
    assert isinstance(element, sa.Column), "an attribute is a column of the register's table"
    return "_id" if element.name == "id" else str(element.name)


def _fields(scope: sql.Scope, projection: Projection) -> Fields:
    attributes = {}
    for name, attribute in scope.attributes.items():
        if not isinstance(attribute, sql.Column):
            raise TypeError(f"`{name}` is kept beside its record, and only columns are mirrored")
        attributes[name] = Field(_path(attribute.element), attribute.key, attribute.unknown)
    rows = {name: _row_attribute(attribute, projection) for name, attribute in scope.row_attributes.items()}
    return Fields(MappingProxyType(attributes), scope.type_name, MappingProxyType(rows))


def _row_attribute(attribute: SqlAttribute, projection: Projection) -> MongoAttribute:
    match attribute:
        case RowColumn(element, key):
            return MongoField(_path(element), key)
        case Members(value) if isinstance(value, sa.Column):
            paths = {projection.territories: "territories", projection.agencies: "agencies"}
            return MongoMembers(paths[value.table])
    raise TypeError(f"{attribute!r} is no attribute that a document mirrors")


def _indexes(register: Register[R]) -> tuple[IndexModel, ...]:
    own = [
        IndexModel([(_path(column), 1) for column in index.columns], name=str(index.name))
        for index in sorted(register.table.indexes, key=lambda index: str(index.name))
    ]
    arrays = [IndexModel([(path, 1), ("_id", 1)], name=f"by_{path}") for path in ("links", "territories", "agencies")]
    waiting = (("moves.number", "by_moves"), ("noted.at", "by_noted"))
    return (*own, *arrays, *(IndexModel([(path, 1)], name=name, sparse=True) for path, name in waiting))
