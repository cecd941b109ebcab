"""The room's own door: no signed context, no data; and the same contract enforced again, from the room's own copy.

What comes in: the header and the body of a call. What goes out: the `Mask` under which it runs, its row rules complete for
every type of the room that has row attributes. Raises NotAdmitted: 401, or 403 for a good context of another request.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from graphql import GraphQLSchema

from authz.audit.served import RoomRecorder
from authz.book import Books
from authz.break_glass import opened
from authz.catalogue import catalogue_of
from authz.identity.refusals import Refusals
from authz.mask import Mask
from authz.rows import NO_ROW
from authz.signed_context import ContextVerifier, NotAdmitted, SignedContext
from kernel.clock import Clock

MAX_COMPLETED: Final = 256

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entered:
    """A call that was admitted: what it may see, and for whom it is made."""

    mask: Mask
    context: SignedContext


class Guard:
    """Admits calls that the gateway signed for this room, under a contract that this room knows.

    `books` is a book or what follows one; a call keeps the mask that it began with. With a `recorder`
    the room keeps a record of its own of every call that it admits.
    """

    def __init__(self, verifier: ContextVerifier, books: Books, clock: Clock, recorder: RoomRecorder | None = None) -> None:
        self.recorder = recorder
        self._books = books
        self.clock = clock
        self._verifier = verifier
        self._completed: dict[str, tuple[Mask, Mask]] = {}

    @property
    def refusals(self) -> Refusals:
        """Calls that were not admitted for want of a genuine context, counted by reason."""
        return self._verifier.refusals

    def admit(self, header: str | None, body: bytes, schema: GraphQLSchema) -> Entered:
        """The mask and the context of the call. Raises NotAdmitted."""
        context = self._verifier.verify(header, body, self.clock.now())
        return Entered(self._complete(self._mask_of(context), schema), context)

    async def let_in(self, header: str | None, body: bytes, schema: GraphQLSchema) -> Entered:
        """As `admit`, which runs on a thread where used contexts are remembered on another machine."""
        if self._verifier.waits:
            return await asyncio.to_thread(self.admit, header, body, schema)
        return self.admit(header, body, schema)

    def readmit(self, context: SignedContext, schema: GraphQLSchema) -> Mask:
        """The mask of a call that was admitted before, as far as it would be now. Raises NotAdmitted."""
        return self._complete(self._mask_of(context), schema)

    def _complete(self, mask: Mask, schema: GraphQLSchema) -> Mask:
        """With a rule for every type of the room that has row attributes; remembered while the very same mask is in force."""
        known = self._completed.get(mask.digest)
        if known is None or known[0] is not mask:
            types = catalogue_of(schema).row_attributes
            rules = {name: mask.rows.get(name, NO_ROW) for name in types}
            # Rules of other rooms' types stay: the index that is searched holds all four registers.
            whole = replace(mask, rows=MappingProxyType({**mask.rows, **rules}))
            if len(self._completed) >= MAX_COMPLETED:
                self._completed.clear()
            known = self._completed[mask.digest] = (mask, whole)
        return known[1]

    async def close(self) -> None:
        """Write what is still to be recorded."""
        if self.recorder is not None:
            await self.recorder.close()

    def _mask_of(self, context: SignedContext) -> Mask:
        compiled = self._books.current.known(context.contract_id, context.contract_version)
        if compiled is None or context.purpose is None:
            raise self._refused("unknown contract", context)
        validity = compiled.contract.validity
        if not validity.not_before <= self.clock.now() < validity.not_after:
            raise self._refused("contract not in force", context)
        mask = compiled.masks.get(context.purpose)
        if mask is None or mask.agency != context.agency:
            raise self._refused("unknown purpose", context)
        if context.emergency is not None:
            mask = opened(mask)
        if mask.digest != context.mask_digest:
            # The gateway decided by another copy of the contract or of the schema: no common ground, no data.
            raise self._refused("another mask", context)
        return mask

    def _refused(self, reason: str, context: SignedContext) -> NotAdmitted:
        _log.warning("call refused", extra={"reason": reason, "contract": context.contract_id, "txn": context.txn})
        return NotAdmitted()
