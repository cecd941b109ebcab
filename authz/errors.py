"""Errors of rights.

ClientError
  ├─ Unauthorized          a visible field, filter or order that the contract does not grant
  ├─ NotInSchema           something the contract's view of the schema does not have (hidden and absent are one)
  ├─ OperationTooLarge     an operation that grows beyond any honest use
  └─ NotAllowed (403)      the gate says no
       ├─ NoContract · ContractNotInForce · ClientNotInContract · ContractUnconfirmed (503)
       └─ PurposeRequired · UserRequired · CaseReferenceRequired · CaseReferenceInvalid
InternalError
  ├─ ContractRefused       a document that is wrong, or a contract whose canaries fail
  ├─ SchemaNotProtected    a schema without rights directives: nothing could be decided
  ├─ PolicyUnsound         Casbin would not decide soundly: never an answer
  ├─ RowAttributeMissing   a store that does not have an attribute that a row rule reads
  └─ MaskDoesNotFit        a value mask on something that it cannot show in part
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError, InternalError


class Unauthorized(ClientError):
    """Raised when an operation filters, sorts or counts by something the contract does not grant (the answer is refused as a
    whole).
    """

    code: ClassVar[str] = "UNAUTHORIZED_FIELD_OR_TYPE"
    status: ClassVar[int] = 403


class NotInSchema(ClientError):
    """Raised for a name that the contract's view does not have; words as graphql-core's validation, for hidden and absent
    alike.
    """

    code: ClassVar[str] = "GRAPHQL_VALIDATION_FAILED"


class OperationTooLarge(ClientError):
    """Raised when fragments or nesting make an operation larger than `authz.operation` walks."""

    code: ClassVar[str] = "OPERATION_TOO_LARGE"


class NotAllowed(ClientError):
    """Raised by the gate; the leaves say why."""

    code: ClassVar[str] = "NOT_ALLOWED"
    status: ClassVar[int] = 403


class NoContract(NotAllowed):
    """Raised when no contract of the agency is loaded: no contract, no access."""

    code: ClassVar[str] = "NO_CONTRACT"


class ContractNotInForce(NotAllowed):
    """Raised before a contract's first instant, from its end on, and when it was revoked."""

    code: ClassVar[str] = "CONTRACT_NOT_IN_FORCE"


class ContractUnconfirmed(NotAllowed):
    """Raised when a contract is `strict` and nobody could say for longer than its `max_staleness` that it still stands."""

    code: ClassVar[str] = "CONTRACT_UNCONFIRMED"
    status: ClassVar[int] = 503


class ClientNotInContract(NotAllowed):
    """Raised when the contract names its clients and this one is not among them."""

    code: ClassVar[str] = "CLIENT_NOT_IN_CONTRACT"


class PurposeRequired(NotAllowed):
    """Raised when no purpose is stated, or one that the contract does not have; `extensions.purposes` lists those it has."""

    code: ClassVar[str] = "PURPOSE_REQUIRED"


class UserRequired(NotAllowed):
    """Raised when the purpose wants to know the person who asks, and the token names none."""

    code: ClassVar[str] = "USER_REQUIRED"


class CaseReferenceRequired(NotAllowed):
    """Raised when the purpose requires a case reference and none is given."""

    code: ClassVar[str] = "CASE_REFERENCE_REQUIRED"


class CaseReferenceInvalid(NotAllowed):
    """Raised when the case reference does not have the form that the contract states."""

    code: ClassVar[str] = "CASE_REFERENCE_INVALID"


class ContractRefused(InternalError):
    """Raised when a contract document is wrong or its canaries fail. The message lists every finding with file and line."""

    code: ClassVar[str] = "CONTRACT_REFUSED"


class SchemaNotProtected(InternalError):
    """Raised when a schema carries no rights directives: refusing to start is the only safe answer."""

    code: ClassVar[str] = "SCHEMA_NOT_PROTECTED"


class PolicyUnsound(InternalError):
    """Raised when Casbin is switched off, installed twice, given malformed rows or raises: nobody gets a yes out of that."""

    code: ClassVar[str] = "POLICY_UNSOUND"


class RowAttributeMissing(InternalError):
    """Raised when a row rule reads an attribute that the store does not offer."""

    code: ClassVar[str] = "ROW_ATTRIBUTE_MISSING"


class MaskDoesNotFit(InternalError):
    """Raised when a value mask meets something that it cannot show in part: the value is not shown."""

    code: ClassVar[str] = "MASK_DOES_NOT_FIT"
