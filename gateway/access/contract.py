"""The protected mode: `authz` decides, signs and records.

In: a request with a token. Out: an `Access` under exactly one contract and purpose. Every outcome is recorded before it is
answered, refusals by the gate and by the contract included; a caller without a valid token is nobody, and recorded as such.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from graphql import GraphQLSchema

from authz.audit import AuditLog, Unrecordable, VariableSeal
from authz.audit.archive import bundle_of
from authz.book import Books, ContractBook
from authz.break_glass import HEADER as HEADER_OF_EMERGENCY
from authz.break_glass import EmergencyLedger, EmergencyRefused, may_declare, opened
from authz.catalogue import catalogue_of
from authz.errors import NotAllowed
from authz.gate import admit
from authz.identity import BadDeclaration, TokenValidator, Unauthenticated
from authz.mask import Mask
from authz.operation import authorise
from authz.quotas import Counting, QuotaLedger, Spending, SqliteQuotaLedger
from authz.quotas.errors import QuotaExceeded, QuotasUnusable
from authz.signed_context import HEADER, ContextSigner, SignedContext
from authz.view import view_of
from gateway.access.grant import ContractGrant
from gateway.access.port import Access, Asked, Grant, Outcome
from gateway.access.record import JUSTIFICATION_HEADER, Asking, Witness, declared, denial, entry_of, is_recordable
from gateway.access.sign_ins import SignIns
from gateway.execution.transport import HeadersFor
from gateway.operation import Operation
from gateway.response import protected_mask
from gateway.response.masking import Mask as ErrorMask
from kernel.clock import Clock

PURPOSE_HEADER: Final = "saite-purpose"
CASE_HEADER: Final = "saite-case"
MAX_VIEWS: Final = 256


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept beside the log: `glass` keeps emergencies; without it there are none. `quotas` is the ledger of what was
    given; without it this process counts for itself.
    """

    glass: EmergencyLedger | None = None
    quotas: QuotaLedger | None = None


class ContractGate:
    """Admits callers whose token is valid and whose agency has a contract for what they state.

    `schema` is the API schema with the rights directives; `books` a book, or what follows one. The gate closes `log` when it
    is closed.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        books: Books,
        tokens: TokenValidator,
        signer: ContextSigner,
        log: AuditLog,
        seal: VariableSeal,
        clock: Clock,
        keeping: Keeping | None = None,
    ) -> None:
        self._schema = schema
        self._books = books
        self._tokens = tokens
        self._signer = signer
        self._log = log
        self._seal = seal
        self._clock = clock
        self._views: OrderedDict[str, GraphQLSchema] = OrderedDict()
        self._schema_digest = catalogue_of(schema).digest
        self._keeping = keeping or Keeping()
        self.quotas = Counting(self._keeping.quotas or SqliteQuotaLedger(), seal.value)
        self.sign_ins = SignIns(log, clock)
        self._refusals: Counter[str] = Counter()
        self._bundle: tuple[ContractBook | None, str] = (None, "")
        self._bundle_of(books.current)

    async def identify(self, asked: Asked) -> Access:
        """Raises Unauthenticated, a leaf of NotAllowed, BadDeclaration, Unrecordable; or AuditUnavailable."""
        now, book = self._clock.now(), self._books.current  # one book for the whole request
        headers = asked.headers
        token = headers.get("authorization")
        try:
            actor = await self._tokens.identify(token, now, certificate=asked.certificate, book=book)
        except Unauthenticated as nobody:
            self.sign_ins.refused(asked, nobody.code, nobody.reason)
            raise
        asking = Asking(f"req_{secrets.token_hex(16)}", actor, asked, (self._bundle_of(book), self._schema_digest))
        try:
            actor = actor.declaring(headers.get(PURPOSE_HEADER), headers.get(CASE_HEADER))
            asking = replace(asking, actor=actor)
            mask = admit(book, actor, actor.purpose, actor.case_ref, now)
            # Now, and not when the record is written: what cannot be recorded is not executed.
            asking = self._sealed(asking)
            if HEADER_OF_EMERGENCY in headers:
                asking = await self._emergency(asking, mask, book, now)
                mask = opened(mask)
        except (NotAllowed, BadDeclaration, Unrecordable) as refusal:
            self._refusals[refusal.code] += 1
            await self._log.append(denial(asking, refusal))
            raise
        return ContractAccess(self, asking, mask, self._view(mask))

    @property
    def book(self) -> ContractBook:
        """The contracts in force."""
        return self._books.current

    def refusals(self) -> Mapping[str, int]:
        """How many admitted callers' requests were refused or failed in this process, by code."""
        return dict(self._refusals)

    def audit_is_sound(self) -> bool:
        """Whether records can be written."""
        return self._log.is_sound

    def audit_records(self) -> int:
        """The number of the newest record of this gateway that is durable."""
        return self._log.durable

    def now(self) -> datetime:
        """The gate's time."""
        return self._clock.now()

    async def close(self) -> None:
        self.sign_ins.close()
        await self.quotas.close()
        await asyncio.to_thread(self._log.close)

    def _sealed(self, asking: Asking) -> Asking:
        if not is_recordable(asking.asked.operation_name):
            raise Unrecordable("`operationName` is not well-formed Unicode text: send the name that the document has.")
        reason = asking.asked.headers.get(JUSTIFICATION_HEADER)
        hashed = self._seal.free_text(_as_utf8(reason)) if reason else None
        return replace(asking, sealed=self._seal.seal(asking.asked.variables), justification_hmac=hashed)

    async def _emergency(self, asking: Asking, mask: Mask, book: ContractBook, now: datetime) -> Asking:
        """The same request in an emergency: allowed, written down, and recorded before anything is opened."""
        actor = asking.actor
        reason = _as_utf8(asking.asked.headers[HEADER_OF_EMERGENCY])
        contract = book.contracts[mask.contract_id, mask.contract_version].contract
        length = may_declare(contract, actor.roles, mask.purpose, reason)
        if self._keeping.glass is None:
            raise EmergencyRefused("This gateway takes no emergencies.")
        said = (actor.agency, actor.user, mask.contract_id, mask.purpose, reason, now, length)
        emergency, is_new = await asyncio.to_thread(self._keeping.glass.declare, *said)
        asking = replace(asking, emergency=emergency.id, justification_hmac=self._seal.free_text(reason))
        if is_new:
            await self._log.append(declared(asking, mask))
        return asking

    def _bundle_of(self, book: ContractBook) -> str:
        """The digest of the contracts in force: computed when they change. Who follows them archives them (`BookFollower`)."""
        known, digest = self._bundle
        if known is not book:
            digest = bundle_of(book)
            self._bundle = (book, digest)
        return digest

    def _view(self, mask: Mask) -> GraphQLSchema:
        view = self._views.get(mask.digest)
        if view is None:
            view = self._views[mask.digest] = view_of(self._schema, mask)
            if len(self._views) > MAX_VIEWS:
                self._views.popitem(last=False)
        return view

    def signed(self, context: SignedContext, service: str, body: bytes) -> Mapping[str, str]:
        """The header that admits `body` to `service`."""
        return {HEADER: self._signer.sign(context, service, body, self._clock.now())}

    def authorise(self, operation: Operation, mask: Mask) -> Grant:
        """What of the operation the mask permits. Raises Unauthorized or NotInSchema."""
        return ContractGrant(authorise(self._schema, operation.document, operation.name, mask), mask.values)

    async def record(self, asking: Asking, mask: Mask, outcome: Outcome, witness: Witness) -> str:
        """Make the outcome durable; its record id. Raises AuditUnavailable."""
        code = outcome.failure if outcome.refusal is None else outcome.refusal.code
        if code is not None:
            self._refusals[code] += 1
        return await self._log.append(entry_of(asking, mask, outcome, witness))


def _as_utf8(header: str) -> str:
    """Headers come as Latin-1; free text in them is UTF-8, as all people write it."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace")


class ContractAccess:
    """One caller under one contract, for one request."""

    hide_suggestions = True
    audits = True

    def __init__(self, gate: ContractGate, asking: Asking, mask: Mask, view: GraphQLSchema) -> None:
        self._gate = gate
        self._asking = asking
        self._actor = asking.actor
        self._mask = mask
        self.witness = Witness()
        self.schema = view
        self.digest = mask.digest

    @property
    def headers_for(self) -> HeadersFor:
        context = SignedContext(
            txn=self._asking.request_id,
            agency=self._actor.agency,
            user=self._actor.user,
            contract_id=self._mask.contract_id,
            contract_version=self._mask.contract_version,
            mask_digest=self._mask.digest,
            purpose=self._mask.purpose,
            case_ref=self._actor.case_ref,
            client_id=self._actor.client_id,
            emergency=self._asking.emergency,
            issuer=self._actor.issuer,
        )
        return lambda service, body: self._gate.signed(context, service, body)

    def authorise(self, operation: Operation) -> Grant:
        return self._gate.authorise(operation, self._mask)

    def mask(self) -> ErrorMask:
        return protected_mask()

    async def afford(self, grant: Grant, variables: Mapping[str, object]) -> None:
        """Raises QuotaExceeded, QuotasUnusable."""
        if self._mask.quotas and isinstance(grant, ContractGrant):
            await self._gate.quotas.look_up(self._spending, grant.lookups(variables), self._gate.now())

    async def record(self, outcome: Outcome) -> Mapping[str, object]:
        """Raises AuditUnavailable, QuotaExceeded, QuotasUnusable."""
        low = await self._charged(outcome)
        record_id = await self._gate.record(self._asking, self._mask, outcome, self.witness)
        withheld = outcome.grant.withheld_entries if isinstance(outcome.grant, ContractGrant) else []
        said = {"withheld": withheld, "audit": {"recordId": record_id}, "purpose": self._mask.purpose}
        return {**said, "quota": low} if low else said

    async def _charged(self, outcome: Outcome) -> Sequence[Mapping[str, object]]:
        """Charge the entities of the answer; a refusal is recorded in the answer's place, as nothing of it is given."""
        rendered = outcome.rendered
        if not self._mask.quotas or rendered is None:
            return ()
        entities = sum(len(identifiers) for identifiers in rendered.entities.values())
        try:
            return await self._gate.quotas.give(self._spending, entities, self._gate.now())
        except (QuotaExceeded, QuotasUnusable) as error:
            await self._gate.record(self._asking, self._mask, replace(outcome, rendered=None).ended_by(error), self.witness)
            raise

    @property
    def _spending(self) -> Spending:
        return Spending(self._mask, f"{self._actor.issuer}\x00{self._actor.user}")
