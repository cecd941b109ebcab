"""The bytes of one request.

In: a step, the client's variables, what its look-ups ask for. Out: the JSON body. A look-up with values that ancestors supply
is written once per set of values:

    query($representations, $a) { _entities(representations: $representations) { ... on U { f(a: $a) } } }
    query($representations_0, $a_0, …) { _e0: _entities(representations: $representations_0) { ... on U { f(a: $a_0) } } … }
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    NameNode,
    Node,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    print_ast,
    visit,
)

from gateway.execution.reduced import with_reduced
from gateway.execution.representations import Representations
from gateway.execution.step import Step, prefix_of


def request_body(step: Step, variables: Mapping[str, object], asked: Sequence[Representations]) -> bytes:
    """The operation, those of the client's variables that it uses, the representations and what ancestors supply."""
    encode = msgspec.json.encode
    sent = {name: encode(variables[name]) for name in step.variables if name in variables}
    for one in asked:
        sent[one.part.variable] = b"[" + b",".join(one.encoded) + b"]"
        sent |= one.supplied
    return _prefix(step, asked) + b",".join(encode(name) + b":" + value for name, value in sent.items()) + b"}}"


def _prefix(step: Step, asked: Sequence[Representations]) -> bytes:
    reduced = [one.part for one in asked if one.part.reduction is not None]
    if reduced:
        return prefix_of(with_reduced(step.operation, reduced))
    if step.document is None or len(asked) <= 1:
        return step.prefix
    part = step.lookups[0]
    return prefix_of(spread(step.document, frozenset({part.variable, *(one.variable for one in part.contexts)}), len(asked)))


def spread(document: DocumentNode, variables: frozenset[str], count: int) -> str:
    """The operation with its one look-up written `count` times; `variables` get a number each time."""
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    lookup = operation.selection_set.selections[0]
    assert isinstance(lookup, FieldNode)
    heads: list[str] = []
    fields: list[str] = []
    for number in range(count):
        numbered = _Numbered(variables, number)
        heads += [
            print_ast(visit(one, numbered))
            for one in operation.variable_definitions or ()
            if one.variable.name.value in variables
        ]
        fields.append(f"_e{number}: {print_ast(visit(lookup, numbered))}")
    heads += [print_ast(one) for one in operation.variable_definitions or () if one.variable.name.value not in variables]
    return f"query({', '.join(heads)}) {{ {' '.join(fields)} }}"


class _Numbered(Visitor):
    """Gives each of some variables a number."""

    def __init__(self, variables: frozenset[str], number: int) -> None:
        super().__init__()
        self._variables = variables
        self._number = number

    def enter_variable(self, node: VariableNode, *_: object) -> Node | None:
        if node.name.value not in self._variables:
            return None
        return VariableNode(name=NameNode(value=f"{node.name.value}_{self._number}"))
