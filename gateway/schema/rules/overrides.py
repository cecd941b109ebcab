"""OVERRIDE_ON_INTERFACE, OVERRIDE_FROM_SELF_ERROR, OVERRIDE_LABEL_INVALID, OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import CompositeType, Field, Kind, Subgraph
from gateway.schema.versions import Version

_LABEL = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-:./]*")
_PERCENT = re.compile(r"percent\((\d{1,2}(\.\d{1,8})?|100(\.0{1,8})?)\)")


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """@override stands on a resolved field of an object, takes it from another subgraph, and has a well-formed label."""
    for owner in subgraph.composites():
        for field in owner.fields.values():
            if field.override is not None:
                yield from _check(subgraph, owner, field)


def is_valid_label(label: str) -> bool:
    """Whether a label is a name, or `percent(x)` with x from 0 to 100."""
    return bool(_PERCENT.fullmatch(label) or _LABEL.fullmatch(label))


def _check(subgraph: Subgraph, owner: CompositeType, field: Field) -> Iterator[Problem]:
    assert field.override is not None
    coordinate, node = f"{owner.name}.{field.name}", field.marks.all("override")[0].node
    place = f'@override cannot be used on field "{coordinate}" on subgraph "{subgraph.name}"'
    if owner.kind is Kind.INTERFACE and subgraph.version >= Version(2, 3):
        message = f"{place}: @override is not supported on interface type fields."
        yield problem("OVERRIDE_ON_INTERFACE", message, node)
        return
    label = field.override.label
    if label is not None and not is_valid_label(label):
        message = (
            f'Invalid @override label "{label}" on field "{coordinate}" on subgraph "{subgraph.name}": labels must start with a'
            " letter and after that may contain alphanumerics, underscores, minuses, colons, periods, or slashes."
            ' Alternatively, labels may be of the form "percent(x)" where x is a float between 0-100 inclusive.'
        )
        yield problem("OVERRIDE_LABEL_INVALID", message, node)
        return
    if field.external:
        message = f'{place} since "{coordinate}" on "{subgraph.name}" is marked with directive "@external"'
        yield problem("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", message, node)
    if field.override.source == subgraph.name:
        message = (
            f'Source and destination subgraphs "{subgraph.name}" are the same for overridden field "{coordinate}":'
            " name the subgraph that the field is taken from"
        )
        yield problem("OVERRIDE_FROM_SELF_ERROR", message, node)
