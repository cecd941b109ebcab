"""The client's variables: checked against their types, defaults filled in.

In: the operation and what the client sent. Out: `Variables`: `sent` goes on to subgraphs, in the client's own form (they
coerce it again by their own schema), `coerced` is for conditions and rights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import GraphQLSchema, value_from_ast_untyped
from graphql.execution.values import VariableValues, get_variable_values

from gateway.operation.document import Operation
from gateway.operation.errors import BadVariables


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of one request."""

    sent: Mapping[str, object]
    coerced: Mapping[str, object]

    def conditions(self, operation: Operation) -> tuple[object, ...]:
        """The values on which the operation's shape depends."""
        return tuple(self.coerced.get(name) for name in operation.conditions)


def read_variables(
    schema: GraphQLSchema, operation: Operation, given: Mapping[str, object], *, hide_suggestions: bool = False
) -> Variables:
    """Check `given`. Variables that the operation does not define are left out. Raises BadVariables."""
    definitions = operation.node.variable_definitions or ()
    if not definitions:
        return Variables({}, {})
    result = get_variable_values(schema, definitions, dict(given), max_errors=50, hide_suggestions=hide_suggestions)
    if not isinstance(result, VariableValues):
        raise BadVariables("The variables do not fit the operation.", result)
    sent: dict[str, object] = {}
    for definition in definitions:
        name = definition.variable.name.value
        if name in given:
            sent[name] = given[name]
        elif definition.default_value is not None:
            sent[name] = value_from_ast_untyped(definition.default_value)
    return Variables(sent, result.coerced)
