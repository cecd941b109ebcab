"""The audit entry of one request.

In: who, under which mask, and the outcome. Out: an `AuditEntry`: names of fields and ids of entities, never values.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from authz.audit import AuditEntry, ContractReference, Kind, SealedVariables, Status, WithheldField, kind_of_reading
from authz.audit import Operation as AskedOperation
from authz.identity import Actor
from authz.mask import Mask
from gateway.access.grant import ContractGrant
from gateway.access.port import Asked, Outcome
from kernel.errors import SaiteError

MAX_NAME: Final = 256


def entry_of(request_id: str, actor: Actor, mask: Mask, outcome: Outcome, sealed: SealedVariables) -> AuditEntry:
    """What is recorded of a request that was admitted under `mask`."""
    permit = outcome.grant.permit if isinstance(outcome.grant, ContractGrant) else None
    entities = outcome.rendered.entities if outcome.rendered is not None else {}
    subgraphs = tuple(dict.fromkeys(consulted.service for consulted in outcome.raw.consulted)) if outcome.raw else ()
    return AuditEntry(
        kind=_kind(outcome, subgraphs),
        request_id=request_id,
        agency=actor.agency,
        user=actor.user,
        status=_status(outcome),
        client_id=actor.client_id,
        issuer=actor.issuer,
        contract=ContractReference(mask.contract_id, mask.contract_version, mask.contract_digest),
        mask_digest=mask.digest,
        purpose=mask.purpose,
        case_ref=actor.case_ref,
        operation=_operation(outcome.asked, sealed, outcome.operation.name if outcome.operation else None),
        resources=permit.fields if permit is not None and outcome.rendered is not None else frozenset(),
        withheld=tuple(WithheldField(one.field, one.right, one.reason) for one in permit.withheld) if permit else (),
        filters=(permit.filters | outcome.filters) if permit is not None else frozenset(),
        entities=entities,
        counts={typename: len(identifiers) for typename, identifiers in entities.items()},
        subgraphs=subgraphs,
        error_code=outcome.refusal.code if outcome.refusal is not None else outcome.failure,
    )


def denial(request_id: str, actor: Actor, asked: Asked, refusal: SaiteError) -> AuditEntry:
    """What is recorded of a caller whom no contract admits."""
    return AuditEntry(
        kind="denial",
        request_id=request_id,
        agency=actor.agency,
        user=actor.user,
        status="denied",
        client_id=actor.client_id,
        issuer=actor.issuer,
        purpose=actor.purpose,
        case_ref=actor.case_ref,
        operation=_operation(asked, SealedVariables(None, frozenset())),
        error_code=refusal.code,
    )


def _operation(asked: Asked, sealed: SealedVariables, own_name: str | None = None) -> AskedOperation:
    """`own_name` is the name inside the document: clients seldom repeat it beside the document."""
    digest = sha256(asked.query.encode("utf-8", "surrogatepass")).hexdigest()
    name = own_name or asked.operation_name
    return AskedOperation(None if name is None else name[:MAX_NAME], digest, sealed.whole, sealed.values)


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
