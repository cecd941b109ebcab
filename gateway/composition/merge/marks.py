"""Merges what subgraphs say of one element: description, deprecation, tags, rights, costs.

The first description and deprecation win, tags add up, @inaccessible anywhere hides everywhere, costs take the maximum, and
rights add up: whoever may read must satisfy every subgraph's rule (GHSA-m8jr-fxqx-8xx6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from graphql import print_ast

from gateway.schema.subgraph import Applied, Conditions, Field, ListSize, Marks


def merge_marks(all_marks: Iterable[Marks]) -> Marks:
    """The marks of the merged element, from those of each subgraph in the order of the graphs."""
    sources = tuple(all_marks)
    costs = [one.cost for one in sources if one.cost is not None]
    return Marks(
        description=next((one.description for one in sources if one.description), None),
        deprecation=next((one.deprecation for one in sources if one.deprecation), None),
        tags=tuple(dict.fromkeys(tag for one in sources for tag in one.tags)),
        inaccessible=any(one.inaccessible for one in sources),
        authenticated=any(one.authenticated for one in sources),
        scopes=merge_conditions(one.scopes for one in sources),
        policies=merge_conditions(one.policies for one in sources),
        cost=max(costs) if costs else None,
        list_size=_merge_list_sizes([one.list_size for one in sources if one.list_size]),
        one_of=any(one.one_of for one in sources),
        specified_by=next((one.specified_by for one in sources if one.specified_by), None),
        applied=_distinct(applied for one in sources for applied in one.applied),
    )


def guarded_by(marks: Marks, others: Iterable[Marks]) -> Marks:
    """`marks` with the rights of `others` added."""
    rights = (marks, *others)
    return replace(
        marks,
        authenticated=any(one.authenticated for one in rights),
        scopes=merge_conditions(one.scopes for one in rights),
        policies=merge_conditions(one.policies for one in rights),
    )


def merge_field_marks(fields: Collection[Field]) -> Marks:
    """The marks of a field: as of any element, except that only arguments of all subgraphs can slice a list."""
    marks = merge_marks(field.marks for field in fields)
    size = marks.list_size
    if size is None or size.slicing_arguments is None:
        return marks
    shared = frozenset.intersection(*(frozenset(field.arguments) for field in fields))
    slicing = tuple(name for name in size.slicing_arguments if name in shared)
    return replace(marks, list_size=replace(size, slicing_arguments=slicing))


def merge_conditions(all_conditions: Iterable[Conditions]) -> Conditions:
    """All of these conditions together: any-of-groups AND any-of-groups, without groups that another one makes needless."""
    merged: Conditions = ()
    for conditions in all_conditions:
        merged = _both(merged, conditions) if merged and conditions else merged or conditions
    return merged


def _both(one: Conditions, other: Conditions) -> Conditions:
    groups = {tuple(sorted({*left, *right})) for left in one for right in other}
    minimal: list[tuple[str, ...]] = []
    for group in sorted(groups, key=lambda group: (len(group), group)):
        if not any(set(smaller) <= set(group) for smaller in minimal):
            minimal.append(group)
    return tuple(minimal)


def _merge_list_sizes(sizes: list[ListSize]) -> ListSize | None:
    if not sizes:
        return None
    assumed = [one.assumed_size for one in sizes if one.assumed_size is not None]
    return ListSize(
        assumed_size=max(assumed) if assumed else None,
        slicing_arguments=_union([one.slicing_arguments for one in sizes]),
        sized_fields=_union([one.sized_fields for one in sizes]),
        require_one_slicing_argument=all(one.require_one_slicing_argument for one in sizes),
    )


def _union(lists: list[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    given = [one for one in lists if one is not None]
    return tuple(dict.fromkeys(name for one in given for name in one)) if given else None


def _distinct(applications: Iterable[Applied]) -> tuple[Applied, ...]:
    """The same directive with the same arguments counts once."""
    found: dict[tuple[bool, str, str], Applied] = {}
    for one in applications:
        found.setdefault((one.composed, one.name, print_ast(one.node)), one)
    return tuple(found.values())
