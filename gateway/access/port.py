"""The protected parts of a request's way, as the pipeline sees them.

    Gate.identify(request) → Access      who asks and under which contract; raises ClientError (401, 403)
    Access.authorise(operation) → Grant  what of the operation may be executed; raises ClientError
    Grant.check(variables)               filters and orders hidden in variables; raises ClientError
    Access.record(outcome) → extensions  written before the answer leaves; raises when it cannot be written

There are two gates: `OpenGate` (a foreign graph, nothing is protected) and `ContractGate` (`authz`).
"""

from __future__ import annotations

import secrets
from asyncio import CancelledError
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from graphql import DocumentNode, GraphQLSchema

from gateway.execution import Raw
from gateway.execution.transport import HeadersFor, Witness
from gateway.operation import Operation, Variables
from gateway.response import Rendered, ValueFilter, Withheld
from gateway.response.masking import Mask
from kernel.errors import ClientError, SaiteError

Json = object


@dataclass(frozen=True, slots=True)
class Asked:
    """One GraphQL request as it came in. Header names are lower case; `peer` is the address it came from, if known.

    `certificate` is the thumbprint (`x5t#S256`) of the client's certificate, when the transport proved one.
    """

    query: str
    operation_name: str | None = None
    variables: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    only_queries: bool = False
    peer: str | None = None
    certificate: str | None = None


class Grant(Protocol):
    """What of one operation may be executed under one contract; kept with the plan in the cache."""

    @property
    def document(self) -> DocumentNode:
        """The operation without what is withheld: this one is planned."""
        ...

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """What the form must leave null, whatever the data holds."""
        ...

    @property
    def refused(self) -> tuple[dict[str, Json], ...]:
        """The error entries for what is withheld."""
        ...

    @property
    def entities(self) -> frozenset[str]:
        """The types whose objects are there only when their `id` is: otherwise a room denies the row."""
        ...

    @property
    def unreadable(self) -> frozenset[str]:
        """The types whose objects are as good as not there."""
        ...

    @property
    def values(self) -> Mapping[str, ValueFilter]:
        """`Type.field` → how its values are shown in part. Subgraphs do it; the form makes sure."""
        ...

    def check(self, variables: Mapping[str, object]) -> frozenset[str]:
        """Walk the values of the variables; the filters (`Type.field:operator`) that they use. Raises ClientError."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is recorded of a request: `operation`, `grant` and `rendered` are None as far as it did not come.

    `failure` is the code of a fault of our own (or of the client going away), `error_id` what the log explains it under;
    `is_intended` marks an alteration that is about to be sent.
    """

    asked: Asked
    operation: Operation | None = None
    grant: Grant | None = None
    filters: frozenset[str] = frozenset()
    variables: Variables | None = None
    raw: Raw | None = None
    rendered: Rendered | None = None
    refusal: SaiteError | None = None
    failure: str | None = None
    error_id: str | None = None
    is_intended: bool = False

    def ended_by(self, error: BaseException) -> Outcome:
        """The same, ended: by a refusal, by a fault of our own, or because nobody waits for the answer any more."""
        if isinstance(error, ClientError):
            return replace(self, refusal=error)
        return replace(self, failure=code_of(error), error_id=error_id_of(error))


def code_of(error: BaseException) -> str:
    """The code by which a client and the audit know what went wrong."""
    if isinstance(error, CancelledError):
        return "CANCELLED"
    return error.code if isinstance(error, SaiteError) else "INTERNAL_ERROR"


def error_id_of(error: BaseException) -> str:
    """The id under which client, audit and log know this very error: the same one each time it is asked for."""
    made: str = vars(error).setdefault("saite_error_id", f"err_{secrets.token_hex(8)}")
    return made


class Access(Protocol):
    """One caller, admitted under one contract, for one request."""

    @property
    def schema(self) -> GraphQLSchema:
        """What this caller can see."""
        ...

    @property
    def digest(self) -> str:
        """Two callers with the same digest may share parsed operations and plans, never anything else."""
        ...

    @property
    def hide_suggestions(self) -> bool: ...

    @property
    def audits(self) -> bool:
        """Whether seen entities must be collected."""
        ...

    @property
    def headers_for(self) -> HeadersFor: ...

    @property
    def witness(self) -> Witness | None:
        """Who is told of every exchange with a subgraph, for the audit."""
        ...

    def authorise(self, operation: Operation) -> Grant: ...

    def mask(self) -> Mask: ...

    async def afford(self, grant: Grant, variables: Mapping[str, object], /) -> None:
        """Charge what is asked for before it is looked up. Raises ClientError when a quota is used up."""
        ...

    async def record(self, outcome: Outcome, /) -> Mapping[str, Json]:
        """Charge what is given, record the outcome durably and return the answer's extensions. Raises ClientError when a
        quota is used up: then nothing is to be given.
        """
        ...


class Gate(Protocol):
    """Admits callers."""

    async def identify(self, asked: Asked, /) -> Access: ...

    async def close(self) -> None: ...
