"""The audit entry of one request.

In: who asks, what they sent, under which mask, and the outcome. Out: an `AuditEntry`: names of fields and ids of entities,
never values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from authz.audit import AuditEntry, ContractReference, Fetch, Kind, SealedVariables, Status, WithheldField, kind_of_reading
from authz.audit import Operation as AskedOperation
from authz.identity import Actor
from authz.mask import Mask
from gateway.access.grant import ContractGrant
from gateway.access.port import Asked, Outcome
from gateway.execution import SubgraphAnswer
from kernel.errors import SaiteError

MAX_NAME: Final = 256
JUSTIFICATION_HEADER: Final = "saite-justification"
_TRACE: Final = re.compile(r"\A[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_NOTHING: Final = SealedVariables(None, frozenset())


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known of a request before it is decided. `rules` are the digests of the contracts in force and of the schema."""

    request_id: str
    actor: Actor
    asked: Asked
    rules: tuple[str, str]
    sealed: SealedVariables = _NOTHING
    justification_hmac: str | None = None
    emergency: str | None = None


class Witness:
    """Takes down every exchange with a subgraph: hashes of what was sent and of what came."""

    __slots__ = ("fetches",)

    def __init__(self) -> None:
        self.fetches: list[Fetch] = []

    def __call__(self, service: str, sent: bytes, answer: SubgraphAnswer | None, entities: int, milliseconds: float) -> None:
        came = None if answer is None else sha256(answer.body).hexdigest()
        status = 0 if answer is None else answer.status
        self.fetches.append(Fetch(service, sha256(sent).hexdigest(), came, entities, round(milliseconds, 3), status))


def entry_of(asking: Asking, mask: Mask, outcome: Outcome, witness: Witness) -> AuditEntry:
    """What is recorded of a request that was admitted under `mask`."""
    permit = outcome.grant.permit if isinstance(outcome.grant, ContractGrant) else None
    rendered = outcome.rendered
    entities = rendered.entities if rendered is not None else {}
    subgraphs = tuple(dict.fromkeys(fetch.service for fetch in witness.fetches))
    own_name = outcome.operation.name if outcome.operation else None
    given = (permit.fields | permit.counts) & rendered.fields if permit is not None and rendered is not None else frozenset()
    actor, asked = asking.actor, asking.asked
    return AuditEntry(
        kind=_kind(outcome, subgraphs),
        request_id=asking.request_id,
        agency=actor.agency,
        user=actor.user,
        status=_status(outcome),
        client_id=actor.client_id,
        issuer=actor.issuer,
        contract=ContractReference(mask.contract_id, mask.contract_version, mask.contract_digest),
        mask_digest=mask.digest,
        purpose=mask.purpose,
        case_ref=actor.case_ref,
        operation=_operation(asked, asking.sealed, own_name),
        resources=given,
        withheld=tuple(WithheldField(one.field, one.right, one.reason) for one in permit.withheld) if permit else (),
        filters=(permit.filters | outcome.filters) if permit is not None else frozenset(),
        sorts=permit.sorts if permit is not None else frozenset(),
        entities=entities,
        counts={typename: len(identifiers) for typename, identifiers in entities.items()},
        subgraphs=subgraphs,
        fetches=tuple(witness.fetches),
        error_code=outcome.refusal.code if outcome.refusal is not None else outcome.failure,
        error_id=outcome.error_id,
        rows_digest=mask.rows_digest,
        bundle=asking.rules[0],
        schema_digest=asking.rules[1],
        answer_sha256=sha256(rendered.data).hexdigest() if rendered is not None and rendered.data is not None else None,
        trace_id=trace_id_of(asked),
        client_address=asked.peer,
        device=device_of(asked),
        client_cert_sha256=actor.certificate,
        acr=actor.acr,
        justification_hmac=asking.justification_hmac,
        emergency=asking.emergency,
    )


def declared(asking: Asking, mask: Mask) -> AuditEntry:
    """What is recorded when a user breaks the glass, before anything is opened."""
    actor = asking.actor
    return AuditEntry(
        kind="break_glass",
        request_id=asking.request_id,
        agency=actor.agency,
        user=actor.user,
        status="ok",
        client_id=actor.client_id,
        issuer=actor.issuer,
        contract=ContractReference(mask.contract_id, mask.contract_version, mask.contract_digest),
        mask_digest=mask.digest,
        purpose=mask.purpose,
        case_ref=actor.case_ref,
        bundle=asking.rules[0],
        schema_digest=asking.rules[1],
        justification_hmac=asking.justification_hmac,
        emergency=asking.emergency,
    )


def denial(asking: Asking, refusal: SaiteError) -> AuditEntry:
    """What is recorded of a caller whom no contract admits, or whose request no record could hold."""
    actor = asking.actor
    return AuditEntry(
        kind="denial",
        request_id=asking.request_id,
        agency=actor.agency,
        user=actor.user,
        status="denied",
        client_id=actor.client_id,
        issuer=actor.issuer,
        purpose=actor.purpose,
        case_ref=actor.case_ref,
        operation=_operation(asking.asked, asking.sealed),
        error_code=refusal.code,
        bundle=asking.rules[0],
        schema_digest=asking.rules[1],
        trace_id=trace_id_of(asking.asked),
        client_address=asking.asked.peer,
        device=device_of(asking.asked),
        client_cert_sha256=actor.certificate,
        acr=actor.acr,
        justification_hmac=asking.justification_hmac,
    )


def is_recordable(text: str | None) -> bool:
    """Whether a record can hold the text: no lone surrogates."""
    try:
        return text is None or text.encode() is not None
    except UnicodeEncodeError:
        return False


def _operation(asked: Asked, sealed: SealedVariables, own_name: str | None = None) -> AskedOperation:
    """`own_name` is the name inside the document: clients seldom repeat it beside the document."""
    digest = sha256(asked.query.encode("utf-8", "surrogatepass")).hexdigest()
    name = own_name or asked.operation_name
    if name is not None:
        name = name[:MAX_NAME].encode("utf-8", "backslashreplace").decode()
    return AskedOperation(name, digest, sealed.whole, sealed.values)


def trace_id_of(asked: Asked) -> str | None:
    """The trace of the W3C header `traceparent`, if the client sent one that is well formed."""
    found = _TRACE.match(asked.headers.get("traceparent", ""))
    return found.group(1) if found else None


def device_of(asked: Asked) -> str | None:
    """What the client says that it is, as printable text."""
    agent = asked.headers.get("user-agent")
    if not agent:
        return None
    agent = agent[:MAX_NAME]
    return agent if agent.isprintable() else "".join(one if one.isprintable() else "?" for one in agent)


def _kind(outcome: Outcome, subgraphs: tuple[str, ...]) -> Kind:
    if outcome.refusal is not None:
        return "denial"
    if outcome.operation is not None and not outcome.operation.is_query:
        return "alteration"
    return kind_of_reading(subgraphs)


def _status(outcome: Outcome) -> Status:
    if outcome.refusal is not None:
        return "denied"
    if outcome.is_intended:
        return "intended"
    if outcome.failure is not None or outcome.rendered is None:
        return "failed"
    return "partial" if outcome.rendered.errors else "ok"
