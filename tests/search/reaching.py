"""What tests ask an index: with every right, or with those named."""

from __future__ import annotations

from authz.rows import EVERY_ROW, Predicate
from search.finding import Hits, Position, find
from search.index import SearchIndex
from search.kinds import FieldKind, SearchedType
from search.query import EVERYTHING, Conditions, query_of
from search.reach import Reach
from subgraphs.persons.search import TYPE as PERSON


def reach(searched: SearchedType = PERSON, rows: Predicate = EVERY_ROW, fields: set[str] | None = None) -> Reach:
    chosen = frozenset(field for field in searched.fields if fields is None or field.field in fields)
    whole = frozenset(field for field in chosen if field.kind is FieldKind.IDENTIFIER)
    return Reach(searched, whole, chosen, chosen, rows)


async def found(
    index: SearchIndex,
    text: str,
    *reaches: Reach,
    conditions: Conditions = EVERYTHING,
    size: int = 10,
    after: Position | None = None,
) -> Hits:
    return await find(index, query_of(text, reaches or (reach(),), conditions), size, after)


async def ids(index: SearchIndex, text: str, *reaches: Reach, conditions: Conditions = EVERYTHING) -> list[str]:
    return [hit.id for hit in (await found(index, text, *reaches, conditions=conditions, size=100)).hits]
