"""Directives and descriptions of one element → `Marks`.

In: the nodes that define (and extend) an element. Out: its marks, with federation's directives under their own names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphql import (
    BooleanValueNode,
    ConstDirectiveNode,
    ConstValueNode,
    IntValueNode,
    ListValueNode,
    StringValueNode,
)

from gateway.schema.links import argument
from gateway.schema.names import Names
from gateway.schema.subgraph import Applied, Conditions, Deprecation, Description, ListSize, Marks


def read_marks(directives: Iterable[ConstDirectiveNode], description: StringValueNode | None, names: Names) -> Marks:
    """The marks of an element with these directives."""
    applied = tuple(_applied(node, names) for node in directives)
    own = {one.name: one for one in reversed(applied) if one.federation}
    standard = {one.name: one for one in reversed(applied) if not one.federation}
    return Marks(
        description=_description(description),
        deprecation=_deprecation(standard.get("deprecated")),
        tags=tuple(dict.fromkeys(_text(one.value("name")) or "" for one in applied if one.federation and one.name == "tag")),
        inaccessible="inaccessible" in own,
        authenticated="authenticated" in own,
        scopes=_conditions(own.get("requiresScopes"), "scopes"),
        policies=_conditions(own.get("policy"), "policies"),
        cost=_int(own["cost"].value("weight")) if "cost" in own else None,
        list_size=_list_size(own.get("listSize")),
        one_of="oneOf" in standard,
        specified_by=_text(standard["specifiedBy"].value("url")) if "specifiedBy" in standard else None,
        applied=applied,
    )


def _applied(node: ConstDirectiveNode, names: Names) -> Applied:
    name = names.directives.get(node.name.value)
    if name:
        return Applied(name, True, node)
    return Applied(node.name.value, False, node, node.name.value in names.composed)


def _description(node: StringValueNode | None) -> Description | None:
    return Description(node.value, bool(node.block)) if node is not None and node.value else None


def _deprecation(applied: Applied | None) -> Deprecation | None:
    return Deprecation(_text(argument(applied.node, "reason"))) if applied else None


def _conditions(applied: Applied | None, name: str) -> Conditions:
    value = applied.value(name) if applied else None
    groups = value.values if isinstance(value, ListValueNode) else ()
    return tuple(_texts(group) or () for group in groups)


def _list_size(applied: Applied | None) -> ListSize | None:
    if applied is None:
        return None
    require_one = applied.value("requireOneSlicingArgument")
    return ListSize(
        assumed_size=_int(applied.value("assumedSize")),
        slicing_arguments=_texts(applied.value("slicingArguments")),
        sized_fields=_texts(applied.value("sizedFields")),
        require_one_slicing_argument=require_one.value if isinstance(require_one, BooleanValueNode) else True,
    )


def _text(value: ConstValueNode | None) -> str | None:
    return value.value if isinstance(value, StringValueNode) else None


def _int(value: ConstValueNode | None) -> int | None:
    return int(value.value) if isinstance(value, IntValueNode) else None


def _texts(value: ConstValueNode | None) -> tuple[str, ...] | None:
    """A list of strings; a single string counts as a list of one, as GraphQL coerces it."""
    if isinstance(value, StringValueNode):
        return (value.value,)
    if not isinstance(value, ListValueNode):
        return None
    values: Sequence[ConstValueNode] = value.values
    return tuple(one.value for one in values if isinstance(one, StringValueNode))
