"""DIRECTIVE_DEFINITION_INVALID: a subgraph's own copy of a federation directive must be like the original."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import BooleanValueNode, DirectiveDefinitionNode, InputValueDefinitionNode, NonNullTypeNode, print_ast

from gateway.schema.complete import federation_directives
from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Subgraph

_FIELD_SETS = frozenset({"FieldSet", "federation__FieldSet", "_FieldSet", "String"})
_FIELD_SETS_1 = frozenset({"_FieldSet", "String"})


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Copies have the required arguments, with compatible types and defaults, and no foreign locations."""
    originals = {node.name.value: node for node in federation_directives(subgraph.names)}
    for node in subgraph.document.definitions:
        if isinstance(node, DirectiveDefinitionNode) and node.name.value in originals:
            name = node.name.value
            for reason in _reasons(subgraph, originals[name], node):
                message = f'Invalid definition for directive "@{name}": {reason}'
                yield problem("DIRECTIVE_DEFINITION_INVALID", message, node)


def _reasons(subgraph: Subgraph, original: DirectiveDefinitionNode, copy: DirectiveDefinitionNode) -> Iterator[str]:
    given = {one.name.value: one for one in copy.arguments or ()}
    for argument in original.arguments or ():
        mine = given.get(argument.name.value)
        if mine is not None:
            yield from _argument_reasons(subgraph, argument, mine)
        elif isinstance(argument.type, NonNullTypeNode):
            yield f'missing required argument "{argument.name.value}"'
    allowed = [location.value for location in original.locations]
    foreign = [location.value for location in copy.locations]
    if not set(allowed) & set(foreign):
        yield f'"@{copy.name.value}" should have locations {", ".join(allowed)}, but found (non-subset) {", ".join(foreign)}'


def _argument_reasons(subgraph: Subgraph, original: InputValueDefinitionNode, copy: InputValueDefinitionNode) -> Iterator[str]:
    wanted, found = print_ast(original.type), print_ast(copy.type)
    if wanted != found and not _is_compatible(subgraph, wanted, found):
        yield f'argument "{original.name.value}" should have type "{wanted}" but found type "{found}"'
    if isinstance(original.default_value, BooleanValueNode):
        default = print_ast(copy.default_value) if copy.default_value else "null"
        if default != print_ast(original.default_value):
            right = print_ast(original.default_value)
            yield f'argument "{original.name.value}" should have default value {right} but found default value {default}'


def _is_compatible(subgraph: Subgraph, wanted: str, found: str) -> bool:
    """Libraries write field sets as strings, lists of strings, or under other names; scopes and policies as strings."""
    name = found.strip("[]!")
    if "FieldSet" in wanted:
        return name in (_FIELD_SETS_1 if subgraph.is_federation_1 else _FIELD_SETS)
    same_form = found.replace(name, "") == wanted.replace(wanted.strip("[]!"), "")
    return same_form and (name == "String" or name in wanted or wanted.strip("[]!").endswith(f"__{name}"))
