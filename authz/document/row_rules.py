"""Row rules as contracts write them: a YAML node in, a predicate out, every mistake reported with its line.

    {all: [{in: [territory, $consumer.territories]}, {lte: [classification, 2]}, {not: {eq: [sealed, true]}}]}

The words are those of `authz.rows.predicate` in small letters; the scalars `all` and `none` mean every row and no row.
"""

from __future__ import annotations

from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from authz.document.findings import Report
from authz.document.source import place_of, plain_value
from authz.rows import EVERY_ROW, NO_ROW, All, AnyOf, Eq, Exists, GeoWithin, Gte, In, Lte, Not, Overlaps, Predicate, Reference
from authz.rows.moments import moment

FARTHEST: Final = 50_000
_WORDS: Final = "all, any, not, eq, in, overlaps, lte, gte, exists, geo_within"


def row_rule(node: Node, report: Report) -> Predicate:
    """The predicate; NO_ROW stands in where the node is wrong."""
    if isinstance(node, ScalarNode) and node.value in ("all", "none"):
        return EVERY_ROW if node.value == "all" else NO_ROW
    if not isinstance(node, MappingNode) or len(node.value) != 1:
        return _wrong(node, report, f"A row rule is `all`, `none`, or a mapping with one of {_WORDS}.")
    key, value = node.value[0]
    word = str(key.value)
    match word:
        case "all" | "any":
            return _several(word, value, report)
        case "not":
            return Not(row_rule(value, report))
        case "exists":
            if isinstance(value, ScalarNode):
                return Exists(str(value.value))
            return _wrong(value, report, "`exists` takes the name of one attribute.")
        case "eq" | "in" | "overlaps" | "lte" | "gte" | "geo_within":
            return _comparison(word, value, report)
        case _:
            return _wrong(node, report, f"`{word}` is no word of row rules: there are {_WORDS}.")


def _wrong(node: Node, report: Report, message: str) -> Predicate:
    report.error("ROW_RULE", place_of(node), message)
    return NO_ROW


def _several(word: str, node: Node, report: Report) -> Predicate:
    if not isinstance(node, SequenceNode) or not node.value:
        return _wrong(node, report, f"`{word}` takes a list of at least one rule; every row is written `all`, no row `none`.")
    items = tuple(row_rule(item, report) for item in node.value)
    return All(items) if word == "all" else AnyOf(items)


def _comparison(word: str, node: Node, report: Report) -> Predicate:
    if not isinstance(node, SequenceNode) or len(node.value) != 2 or not isinstance(node.value[0], ScalarNode):
        return _wrong(node, report, f"`{word}` takes two things: [attribute, value].")
    attribute = str(node.value[0].value)
    value = plain_value(node.value[1])
    if isinstance(value, str) and value.startswith("$"):
        return _referring(word, attribute, Reference(value[1:]), node, report)
    match word, value:
        case "eq", str() | int() | float() | bool():
            return Eq(attribute, value)
        case "lte", int() | float() if not isinstance(value, bool):
            return Lte(attribute, value)
        case "gte", int() | float() if not isinstance(value, bool):
            return Gte(attribute, value)
        case "lte" | "gte", str() if (said := moment(value)) is not None:
            return Lte(attribute, said) if word == "lte" else Gte(attribute, said)
        case "in", list() if _are_values(value):
            return In(attribute, tuple(value))
        case "overlaps", list() if _are_values(value):
            return Overlaps(attribute, tuple(value))
        case "geo_within", {"lat": int() | float() as lat, "lon": int() | float() as lon, "metres": int() | float() as metres}:
            if not (-90 <= lat <= 90 and -180 <= lon <= 180 and 0 < metres <= FARTHEST):
                return _wrong(node, report, f"`geo_within` takes degrees and at most {FARTHEST} metres.")
            return GeoWithin(attribute, float(lat), float(lon), float(metres))
        case _:
            return _wrong(node, report, f"`{word}` cannot compare with {value!r}.")


def _are_values(values: list[object]) -> bool:
    return all(isinstance(value, str | int | float | bool) for value in values)


def _referring(word: str, attribute: str, reference: Reference, node: Node, report: Report) -> Predicate:
    match word:
        case "eq":
            return Eq(attribute, reference)
        case "lte":
            return Lte(attribute, reference)
        case "gte":
            return Gte(attribute, reference)
        case "in":
            return In(attribute, reference)
        case "overlaps":
            return Overlaps(attribute, reference)
        case _:
            return _wrong(node, report, f"`{word}` takes its values in the rule, not from the context.")
