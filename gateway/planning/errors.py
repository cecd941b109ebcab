"""Errors of planning.

ClientError
  ├─ UnknownOperation      the document has no such operation, or several and no name
  ├─ OperationTooLarge     the plan would be larger than the budget
  ├─ OperationTooDeep      the operation is nested deeper than can be planned
  └─ UnknownInput          a literal is not known where it would be sent
InternalError
  └─ UnreachableField      no subgraph can answer a field on the way on which it is asked
"""

from __future__ import annotations

from kernel.errors import ClientError, InternalError


class UnknownOperation(ClientError):
    """Raised when it is not clear which operation of the document is meant."""

    code = "OPERATION_NOT_FOUND"


class OperationTooLarge(ClientError):
    """Raised when an operation asks for more fields, after its fragments are spread, than one plan may hold."""

    code = "OPERATION_TOO_LARGE"


class OperationTooDeep(ClientError):
    """Raised when an operation is nested too deep."""

    code = "OPERATION_TOO_DEEP"


class UnreachableField(InternalError):
    """Raised when a field of a valid operation cannot be answered by any subgraph that the way there leads to."""

    code = "UNREACHABLE_FIELD"


class UnknownInput(ClientError):
    """Raised when a field's only subgraph on the way does not know an enum value or input field written in the operation."""

    code = "INPUT_UNKNOWN_TO_SUBGRAPH"
