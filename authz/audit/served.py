"""A room's own record of what it gave to the gateway: the other half of every consultation.

In: the signed context of a call, the bytes that came and that went. Out: a record of kind `served` in the room's own log, with
the context's `txn` and the hashes of both bodies. `reconcile` holds these against the gateway's records.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256

from authz.audit.entry import AuditEntry, ContractReference, Fetch, Status
from authz.audit.log import AuditLog
from authz.signed_context import SignedContext


class RoomRecorder:
    """Records what one room serves.

    `waits`: an answer leaves only when its record is durable. Without it the record is written a moment later
    (`waiting.GATHER`), and a room that could not write one refuses calls from then on: enough where the gateway's own record
    waits on the same disk.
    """

    def __init__(self, room: str, log: AuditLog, *, waits: bool = True) -> None:
        self._room = room
        self._log = log
        self._waits = waits

    async def answered(self, context: SignedContext, received: bytes, status: int, sent: bytes) -> None:
        """Record one call that was admitted. Raises AuditUnavailable: then the answer must not leave."""
        entry = self._entry(context, received, status, sent)
        if self._waits:
            await self._log.append(entry)
        else:
            self._log.note(entry)

    async def close(self) -> None:
        """Write what waits and close the log."""
        await asyncio.to_thread(self._log.close)

    def _entry(self, context: SignedContext, received: bytes, status: int, sent: bytes) -> AuditEntry:
        return AuditEntry(
            kind="served",
            request_id=context.txn,
            agency=context.agency,
            user=context.user,
            status=_status(status),
            client_id=context.client_id,
            contract=ContractReference(context.contract_id, context.contract_version, ""),
            mask_digest=context.mask_digest,
            purpose=context.purpose,
            case_ref=context.case_ref,
            fetches=(Fetch(self._room, sha256(received).hexdigest(), sha256(sent).hexdigest(), status=status),),
            subgraphs=(self._room,),
        )


def _status(status: int) -> Status:
    if status < 400:
        return "ok"
    return "denied" if status < 500 else "failed"
