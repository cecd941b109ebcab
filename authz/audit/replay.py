"""Would it be decided the same way again? Recomputes the decision behind a record with the contracts and the graph of that day.

    rules ← the archive's bundle that the record names, compiled anew by Casbin
    admit again at the record's instant     the same contract, or the same refusal?
    the mask                                the same digest?
    each field that was given               is it granted?        each that was withheld: is it not, for the same reason?
    each filter and order that was used     is it granted?
    in an emergency                         does the contract have one for this purpose? then by the opened mask
    the operation, when its text is given   the same fields, withheld and refused?

In: a record, the archive. Out: a `Replayed` with everything that differs. A record of software that computes other digests is
`equivalent` when every single decision is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

from graphql import GraphQLError, parse

from authz.audit.archive import ContractArchive, Rules, SchemaOf
from authz.audit.entry import AuditEntry
from authz.audit.errors import NotArchived
from authz.audit.record import AuditRecord
from authz.break_glass import opened
from authz.errors import NotAllowed, NotInSchema, Unauthorized
from authz.gate import admit
from authz.mask import Mask
from authz.operation import authorise
from kernel.clock import FixedClock

Verdict = Literal["same", "equivalent", "different", "not decided by contract", "cannot be replayed"]
_GATE_CODES: Final = frozenset(
    {
        "NO_CONTRACT",
        "CONTRACT_NOT_IN_FORCE",
        "CLIENT_NOT_IN_CONTRACT",
        "PURPOSE_REQUIRED",
        "USER_REQUIRED",
        "CASE_REFERENCE_REQUIRED",
        "CASE_REFERENCE_INVALID",
    }
)
_NOTHING_IN_FORCE: Final = frozenset({"NO_CONTRACT", "CONTRACT_NOT_IN_FORCE"})
_UNDECIDED: Final = frozenset({"import", "served", "admin", "review", "erasure", "authentication"})


@dataclass(frozen=True, slots=True)
class Replayed:
    """`differences` are sentences: what would be decided otherwise today, by the rules of that day."""

    record: AuditRecord
    verdict: Verdict
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Caller:
    """The caller as the record tells it."""

    agency: str
    user: str
    client_id: str
    issuer: str


class Replayer:
    """Replays records; compiles each day's rules once. `documents` are texts of operations by their hex SHA-256."""

    def __init__(self, archive: ContractArchive, schema_of: SchemaOf, documents: Mapping[str, str] | None = None) -> None:
        self._archive = archive
        self._schema_of = schema_of
        self._documents = documents or {}
        self._rules: dict[tuple[str, str], Rules] = {}

    def replay(self, record: AuditRecord) -> Replayed:
        """The verdict on one record. Raises nothing: what cannot be replayed says why."""
        entry = record.entry
        if entry.kind in _UNDECIDED:
            return Replayed(record, "not decided by contract")
        try:
            rules = self._rules_of(entry, record.at)
            return self._judged(record, rules)
        except NotArchived as error:
            return Replayed(record, "cannot be replayed", (error.message,))

    def _rules_of(self, entry: AuditEntry, at: datetime) -> Rules:
        if entry.bundle is None or entry.schema_digest is None:
            raise NotArchived("The record does not name the rules that it was decided by: it is older than they are kept.")
        key = (entry.bundle, entry.schema_digest)
        known = self._rules.get(key)
        if known is None:
            known = self._rules[key] = self._archive.rules(*key, self._schema_of, FixedClock(at))
        return replace(known, book=replace(known.book, clock=FixedClock(at), confirmation=None))

    def _judged(self, record: AuditRecord, rules: Rules) -> Replayed:
        entry = record.entry
        caller = _Caller(entry.agency, entry.user, entry.client_id or "", entry.issuer or "")
        try:
            mask = admit(rules.book, caller, entry.purpose, entry.case_ref, record.at)
        except NotAllowed as refusal:
            return self._of_refusal(record, refusal.code)
        if entry.contract is None:
            return self._of_admission(record, mask)
        if entry.emergency is not None and entry.kind != "break_glass":
            fault = _emergency_fault(entry, rules, mask)
            if fault is not None:
                return Replayed(record, "different", (fault,))
            mask = opened(mask)
        differences = [*_of_contract(entry, mask), *_of_fields(entry, mask), *self._of_operation(entry, mask, rules)]
        if differences:
            return Replayed(record, "different", tuple(differences))
        if entry.mask_digest != mask.digest:
            note = "the digest of the mask differs, but not one decision: it was computed by other software"
            return Replayed(record, "equivalent", (note,))
        return Replayed(record, "same")

    def _of_refusal(self, record: AuditRecord, code: str) -> Replayed:
        if record.entry.contract is None:
            if record.entry.error_code == code:
                return Replayed(record, "same")
            if {record.entry.error_code, code} <= _NOTHING_IN_FORCE:
                note = "the contract was revoked that day: the archive holds what was in force, and there is none of it"
                return Replayed(record, "equivalent", (note,))
        was = record.entry.error_code if record.entry.contract is None else "admitted"
        return Replayed(record, "different", (f"the caller would be refused ({code}), and was: {was}",))

    def _of_admission(self, record: AuditRecord, mask: Mask) -> Replayed:
        """The record has no contract: the caller was refused, and the rules of that day admit them."""
        code = record.entry.error_code
        if code not in _GATE_CODES:
            return Replayed(record, "not decided by contract", (f"it was refused for its form ({code})",))
        return Replayed(
            record, "different", (f"the caller was refused ({code}), and would be admitted under {mask.contract_id}",)
        )

    def _of_operation(self, entry: AuditEntry, mask: Mask, rules: Rules) -> Iterator[str]:
        """What a second look at the operation itself decides otherwise; nothing when its text is not at hand."""
        operation = entry.operation
        text = None if operation is None else self._documents.get(operation.document_sha256)
        if operation is None or text is None:
            return
        try:
            permit = authorise(rules.schema, parse(text, no_location=True), operation.name, mask)
        except GraphQLError as error:
            yield f"the document is no GraphQL: {error.message}"
            return
        except (Unauthorized, NotInSchema) as refusal:
            if entry.error_code != refusal.code:
                yield f"the operation would be refused ({refusal.code}), and was: {entry.error_code or entry.status}"
            return
        withheld = {(one.field, one.right) for one in permit.withheld}
        recorded = {(one.field, one.right) for one in entry.withheld}
        yield from (f"{right} of {field} would be withheld, and was not" for field, right in sorted(withheld - recorded))
        yield from (f"{right} of {field} was withheld, and would not be" for field, right in sorted(recorded - withheld))
        for field in sorted(entry.resources - permit.fields - permit.counts):
            yield f"{field} was given, and the operation does not ask for it"


def _emergency_fault(entry: AuditEntry, rules: Rules, mask: Mask) -> str | None:
    """Why there could not have been an emergency; the role that declared it stands in its own record's token alone."""
    glass = rules.book.contracts[mask.contract_id, mask.contract_version].contract.break_glass
    if glass is None or entry.purpose not in glass.purposes:
        return f"the look-up names the emergency {entry.emergency}, and the contract has none for this purpose"
    return None


def documents_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts of operations by their digest; the keys given are names for people."""
    return {sha256(text.encode()).hexdigest(): text for text in texts.values()}


def _of_contract(entry: AuditEntry, mask: Mask) -> Iterator[str]:
    contract = entry.contract
    assert contract is not None
    decided = (mask.contract_id, mask.contract_version, mask.contract_digest)
    if (contract.id, contract.version, contract.digest) != decided:
        yield (
            f"contract {contract.id} version {contract.version} decided, and {mask.contract_id} version "
            f"{mask.contract_version} would"
        )
    if entry.rows_digest is not None and entry.rows_digest != mask.rows_digest:
        yield "the row rules differ"


def _of_fields(entry: AuditEntry, mask: Mask) -> Iterator[str]:
    yield from _denied(entry.resources, "was given", lambda field: mask.permits("read", field) or mask.permits("count", field))
    yield from _denied(entry.sorts, "was sorted by", lambda field: mask.permits("sort", field))
    for use in sorted(entry.filters):
        field, _, operator = use.partition(":")
        if not mask.permits(f"filter:{operator or 'eq'}", field):
            yield f"{field} was searched by ({operator}), and is not granted for it"
    for one in entry.withheld:
        if mask.permits(one.right, one.field):
            yield f"{one.right} of {one.field} was withheld, and is granted"
        elif mask.reasons.get(one.field, one.reason) != one.reason:
            yield f"{one.field} was withheld for {one.reason}, and would be for {mask.reasons[one.field]}"


def _denied(fields: frozenset[str], what: str, is_granted: Callable[[str], bool]) -> Iterator[str]:
    return (f"{field} {what}, and is not granted" for field in sorted(fields) if not is_granted(field))
