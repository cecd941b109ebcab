"""Questions in Elasticsearch's language; the row rules of each type are part of the query.

What comes in: a `Query`. What goes out: a query whose scores are the weights of keys, all of them constants: how rare a word is
among documents that the asker may not see moves nothing.
"""

from __future__ import annotations

from typing import Any, Final

from authz.rows import IndexAttribute, IndexField, IndexMembers, IndexPoint, to_elasticsearch
from search.elastic.mapping import facet_path, row_path
from search.kinds import RowKind
from search.query import AskedWord, Conditions, Query
from search.reach import Reach

Asked = dict[str, Any]
_NONE: Final[Asked] = {"match_none": {}}


def asked(query: Query) -> Asked:
    """The query of what matches and may be seen; its score is the weight."""
    words = [_word(word) for word in query.words]
    whole = [_constant({"terms": {"keys": sorted(query.whole)}}, query.whole_weight)] if query.whole else []
    enough: list[Asked] = [{"bool": {"should": words, "minimum_should_match": query.needed}}, *whole]
    return {
        "bool": {
            "should": [*words, *whole],
            "minimum_should_match": 1,
            "filter": [_any_of(enough), _visible(query.reaches), *_conditions(query.conditions)],
        }
    }


def _any_of(queries: list[Asked]) -> Asked:
    return {"bool": {"should": queries, "minimum_should_match": 1}} if queries else dict(_NONE)


def _constant(query: Asked, weight: int) -> Asked:
    return {"constant_score": {"filter": query, "boost": float(weight)}}


def _word(word: AskedWord) -> Asked:
    """The surest of what finds the word counts."""
    parts = [_constant({"terms": {"keys": sorted(keys)}}, weight) for weight, keys in word.keys if keys]
    parts += [_constant({"prefix": {"keys": {"value": prefix}}}, 1) for prefix in sorted(word.prefixes)]
    parts += [
        _constant({"wildcard": {"identifiers": {"value": f"{pattern.code}:{pattern.text}"}}}, 1) for pattern in word.patterns
    ]
    return {"dis_max": {"queries": parts}} if parts else dict(_NONE)


def _visible(reaches: tuple[Reach, ...]) -> Asked:
    return _any_of(
        [
            {"bool": {"filter": [{"term": {"type": reach.type.name}}, to_elasticsearch(reach.rows, _attributes(reach))]}}
            for reach in reaches
        ]
    )


def _attributes(reach: Reach) -> dict[str, IndexAttribute]:
    return {name: _attribute(row_path(reach.type.name, name), kind) for name, kind in reach.type.rows.items()}


def _attribute(path: str, kind: RowKind) -> IndexAttribute:
    match kind:
        case "one":
            return IndexField(path)
        case "many":
            return IndexMembers(path)
        case "point":
            return IndexPoint("lat", "lon")


def _conditions(conditions: Conditions) -> list[Asked]:
    parts: list[Asked] = [{"terms": {facet_path(name): list(values)}} for name, values in conditions.facets]
    span = {"gte": conditions.since, "lt": conditions.until}
    if said := {operator: value for operator, value in span.items() if value is not None}:
        parts.append({"range": {"at": said}})
    if (circle := conditions.circle) is not None:
        centre = {"lat": circle.lat, "lon": circle.lon}
        parts.append({"geo_distance": {"distance": f"{circle.metres}m", "point": centre}})
    if (box := conditions.box) is not None:
        corners = {"top": box.north, "left": box.west, "bottom": box.south, "right": box.east}
        parts.append({"geo_bounding_box": {"point": corners}})
    return parts
