"""Questions as SQL: keys by FTS5, everything else by joins; the row rules of each type are part of the statement.

What comes in: a `Query`. What goes out: a selection of (number, weight) of what matches and may be seen. Weights are
constants: the rank of FTS5 (bm25) depends on documents that the asker may not see, and is not used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from authz.rows import Column, Members, Point, SqlAttribute, to_sql
from authz.rows import GeoWithin as Within
from search.fts5.tables import DOCUMENT, FACET, IDENTIFIER, KEYS
from search.kinds import RowKind
from search.query import AskedWord, Conditions, Query
from search.reach import Reach

_WHOLE: Final = -1
Found = sa.Subquery
Part = sa.Select[Any, Any, Any]


def found(query: Query) -> Found:
    """What matches and may be seen: `number`, `id`, `weight`."""
    by_word = sa.union_all(*_parts(query)).subquery()
    best = (
        sa.select(by_word.c.number, by_word.c.word, sa.func.max(by_word.c.weight).label("weight"))
        .group_by(by_word.c.number, by_word.c.word)
        .subquery()
    )
    words = sa.func.sum(sa.case((best.c.word == _WHOLE, 0), else_=1))
    enough = (
        sa.select(best.c.number, sa.func.sum(best.c.weight).label("weight"))
        .group_by(best.c.number)
        .having(sa.or_(words >= query.needed, sa.func.min(best.c.word) == _WHOLE))
        .subquery()
    )
    return (
        sa.select(DOCUMENT.c.number, DOCUMENT.c.id, enough.c.weight)
        .join_from(enough, DOCUMENT, DOCUMENT.c.number == enough.c.number)
        .where(_visible(query.reaches), *_conditions(query.conditions))
        .subquery()
    )


def _parts(query: Query) -> list[Part]:
    parts: list[Part] = [part for place, word in enumerate(query.words) for part in _word(place, word)]
    if query.whole:
        parts.append(_matching(_WHOLE, query.whole_weight, _any_of(query.whole)))
    nothing: Part = sa.select(sa.literal(0).label("number"), sa.literal(0).label("word"), sa.literal(0).label("weight")).where(
        sa.false()
    )
    if not parts:
        parts.append(nothing)
    return parts


def _word(place: int, word: AskedWord) -> list[Part]:
    parts = [_matching(place, weight, _any_of(keys)) for weight, keys in word.keys if keys]
    if word.prefixes:
        parts.append(_matching(place, 1, " OR ".join(f'"{prefix}"*' for prefix in sorted(word.prefixes))))
    for pattern in word.patterns:
        held = sa.and_(IDENTIFIER.c.code == pattern.code, IDENTIFIER.c.value.op("GLOB")(pattern.text))
        parts.append(sa.select(IDENTIFIER.c.number, sa.literal(place).label("word"), sa.literal(1).label("weight")).where(held))
    return parts


def _matching(place: int, weight: int, text: str) -> Part:
    columns = (KEYS.c.rowid.label("number"), sa.literal(place).label("word"), sa.literal(weight).label("weight"))
    return sa.select(*columns).where(KEYS.c.word_key.op("MATCH")(text))


def _any_of(keys: frozenset[str]) -> str:
    # Keys are letters and digits (`search.keys.ascii_key`), so nothing in them is FTS5's own language.
    return " OR ".join(f'"{key}"' for key in sorted(keys))


def _visible(reaches: tuple[Reach, ...]) -> ColumnElement[bool]:
    each = (sa.and_(DOCUMENT.c.type == reach.type.name, to_sql(reach.rows, _attributes(reach))) for reach in reaches)
    return sa.and_(DOCUMENT.c.body.is_not(None), sa.or_(sa.false(), *each))


def _attributes(reach: Reach) -> dict[str, SqlAttribute]:
    return {name: _attribute(name, kind) for name, kind in reach.type.rows.items()}


def _attribute(name: str, kind: RowKind) -> SqlAttribute:
    path = f"$.{name}"
    match kind:
        case "one":
            return Column(sa.func.json_extract(DOCUMENT.c.rows, path))
        case "many":
            member = sa.func.json_each(DOCUMENT.c.rows, path).table_valued("value")
            return Members(member.c.value, _exists(member))
        case "point":
            return Point(DOCUMENT.c.lat, DOCUMENT.c.lon)


def _exists(member: sa.TableValuedAlias) -> Callable[[ColumnElement[bool]], ColumnElement[bool]]:
    return lambda condition: sa.exists(sa.select(sa.literal(1)).select_from(member).where(condition)).correlate(DOCUMENT)


def _conditions(conditions: Conditions) -> list[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = [
        sa.exists().where(FACET.c.number == DOCUMENT.c.number, FACET.c.name == name, FACET.c.value.in_(values))
        for name, values in conditions.facets
    ]
    if conditions.since is not None:
        parts.append(DOCUMENT.c.at >= conditions.since)
    if conditions.until is not None:
        parts.append(DOCUMENT.c.at < conditions.until)
    if (circle := conditions.circle) is not None:
        parts.append(
            to_sql(Within("point", circle.lat, circle.lon, circle.metres), {"point": Point(DOCUMENT.c.lat, DOCUMENT.c.lon)})
        )
    if (box := conditions.box) is not None:
        parts += [DOCUMENT.c.lat.between(box.south, box.north), DOCUMENT.c.lon.between(box.west, box.east)]
    return parts
