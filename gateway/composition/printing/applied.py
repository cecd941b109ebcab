"""Marks → the directives and description printed on an element of the supergraph."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graphql import StringValueNode, print_ast

from gateway.composition.merged import ContextArgument, JoinField, JoinType
from gateway.composition.printing.features import CostNames
from gateway.schema.subgraph import Conditions, Description, ListSize, Marks


def text(value: str) -> str:
    """A string literal."""
    return print_ast(StringValueNode(value=value))


def description(given: Description | None, indent: str = "") -> str:
    """The lines of a description as a block string, as all composers write them; nothing when there is none.

    Blanks before the words of a single line are layout: in a block they would be its indentation.
    """
    if given is None:
        return ""
    words = given.text if "\n" in given.text else given.text.lstrip(" \t")
    printed = print_ast(StringValueNode(value=words, block=True))
    return "".join(f"{indent}{line}\n" if line else "\n" for line in printed.split("\n"))


def marks(given: Marks, names: CostNames) -> Iterator[str]:
    """The directives of an element, federation's first, then composed ones as their subgraphs wrote them."""
    if given.inaccessible:
        yield "@inaccessible"
    yield from (f"@tag(name: {text(tag)})" for tag in given.tags)
    if given.authenticated:
        yield "@authenticated"
    if given.scopes:
        yield f"@requiresScopes(scopes: {_conditions(given.scopes)})"
    if given.policies:
        yield f"@policy(policies: {_conditions(given.policies)})"
    if given.cost is not None:
        yield f"@{names.cost}(weight: {given.cost})"
    if given.list_size is not None:
        yield f"@{names.list_size}{_list_size(given.list_size)}"
    if given.deprecation is not None:
        reason = given.deprecation.reason
        yield f"@deprecated(reason: {text(reason)})" if reason is not None else "@deprecated"
    if given.specified_by is not None:
        yield f"@specifiedBy(url: {text(given.specified_by)})"
    composed = [one for one in given.applied if one.composed]
    if given.one_of and not any(one.name == "oneOf" for one in composed):
        yield "@oneOf"
    yield from (print_ast(one.node) for one in composed)


def join_type(join: JoinType) -> str:
    """@join__type."""
    arguments = [f"graph: {join.graph}"]
    if join.key is not None:
        arguments.append(f"key: {text(join.key)}")
    if join.extension:
        arguments.append("extension: true")
    if not join.resolvable:
        arguments.append("resolvable: false")
    if join.interface_object:
        arguments.append("isInterfaceObject: true")
    return f"@join__type({', '.join(arguments)})"


def join_field(join: JoinField) -> str:
    """@join__field."""
    texts = (
        ("requires", join.requires),
        ("provides", join.provides),
        ("type", join.type),
        ("override", join.override),
        ("overrideLabel", join.override_label),
    )
    flags = (("external", join.external), ("usedOverridden", join.used_overridden))
    arguments = [f"graph: {join.graph}"] if join.graph else []
    arguments += [f"{name}: {text(value)}" for name, value in texts if value]
    arguments += [f"{name}: true" for name, value in flags if value]
    if join.context_arguments:
        contexts = ", ".join(_context_argument(one) for one in join.context_arguments)
        arguments.append(f"contextArguments: [{contexts}]")
    return f"@join__field({', '.join(arguments)})" if arguments else "@join__field"


def _context_argument(one: ContextArgument) -> str:
    values = (("context", one.context), ("name", one.name), ("type", one.type), ("selection", one.selection))
    return f"{{{', '.join(f'{name}: {text(value)}' for name, value in values)}}}"


def _conditions(conditions: Conditions) -> str:
    groups = (f"[{', '.join(json.dumps(one, ensure_ascii=False) for one in group)}]" for group in conditions)
    return f"[{', '.join(groups)}]"


def _list_size(size: ListSize) -> str:
    arguments = []
    if size.assumed_size is not None:
        arguments.append(f"assumedSize: {size.assumed_size}")
    if size.slicing_arguments is not None:
        arguments.append(f"slicingArguments: [{', '.join(text(one) for one in size.slicing_arguments)}]")
    if size.sized_fields is not None:
        arguments.append(f"sizedFields: [{', '.join(text(one) for one in size.sized_fields)}]")
    if not size.require_one_slicing_argument:
        arguments.append("requireOneSlicingArgument: false")
    return f"({', '.join(arguments)})" if arguments else ""
