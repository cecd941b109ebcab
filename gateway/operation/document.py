"""Document text → the one operation to execute.

In: the client's schema, the text, an operation name. Out: an `Operation`, or a `RequestRefused` that lists every finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)

from gateway.operation.errors import KindNotServed, LimitExceeded, NotParsed, NotValid, OperationNotFound
from gateway.operation.limits import Limits, check_limits
from gateway.operation.reserved_keys import TypenameKeyRule

_LIMIT_WORDS: Final = ("token", "comments", "source length", "lexical")
_RULES: Final = (*specified_rules, TypenameKeyRule)


@dataclass(frozen=True, slots=True)
class Operation:
    """A validated operation. `conditions` are the variables in its @skip and @include, sorted: they change its shape."""

    text: str
    document: DocumentNode
    node: OperationDefinitionNode
    name: str | None
    conditions: tuple[str, ...]

    @property
    def is_query(self) -> bool:
        return self.node.operation is OperationType.QUERY


def read_operation(
    schema: GraphQLSchema, text: str, name: str | None, limits: Limits, *, hide_suggestions: bool = False
) -> Operation:
    """Parse, measure and validate `text` and find the operation `name` in it.

    `hide_suggestions` leaves "Did you mean" out of messages: it would tell hidden names. Raises RequestRefused.
    """
    document = _parsed(text, limits)
    check_limits(document, limits)
    node = _operation(document, name)
    if node.operation is OperationType.SUBSCRIPTION:  # first: whatever the schema has, nothing of it may be tried
        raise KindNotServed("Subscriptions are not served over this transport.")
    errors = validate(schema, document, _RULES, hide_suggestions=hide_suggestions, allow_empty_selection_sets=False)
    if errors:
        raise NotValid("The operation does not fit the schema.", errors)
    conditions = _Conditions()
    visit(document, conditions)
    own_name = node.name.value if node.name is not None else None
    return Operation(text, document, node, own_name, tuple(sorted(conditions.variables)))


def _parsed(text: str, limits: Limits) -> DocumentNode:
    if len(text) > limits.source_bytes:
        raise LimitExceeded(f"The document has {len(text)} characters; at most {limits.source_bytes} are allowed.")
    try:
        return parse(text, max_tokens=limits.tokens, max_comments=limits.comments, allow_empty_selection_sets=False)
    except GraphQLError as error:
        if any(word in error.message for word in _LIMIT_WORDS) and "more than" in error.message:
            raise LimitExceeded(error.message, (error,)) from error
        raise NotParsed(error.message, (error,)) from error
    except RecursionError as error:
        raise LimitExceeded("The document is nested too deeply.") from error


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if not operations:
        raise OperationNotFound("The document has no operation. Send a query or a mutation.")
    if name is None:
        if len(operations) > 1:
            raise OperationNotFound("The document has several operations. Name one of them in `operationName`.")
        return operations[0]
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise OperationNotFound(f"The document has no operation named {name!r}.")


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in ("skip", "include"):
            values = [argument.value for argument in node.arguments or ()]
            self.variables.update(value.name.value for value in values if isinstance(value, VariableNode))
