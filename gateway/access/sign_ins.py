"""What is recorded of sign-ins: callers whom no token lets in, and tokens that were exchanged.

In: a refusal with its reason (a word of ours, never of the token), or who was given a token. Out: records of kind
`authentication`. Nobody is kept waiting for the record of a refusal, and a flood of them fills no disk: of MOST in a second
each has a record, the others are counted in the next one. A token leaves when its record is durable.
"""

from __future__ import annotations

import secrets
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from authz.audit import AuditEntry, AuditLog, AuditUnavailable
from authz.identity import Actor
from gateway.access.port import Asked
from gateway.access.record import device_of, trace_id_of
from kernel.clock import Clock

MOST: Final = 20
_EACH: Final = timedelta(seconds=1)
NOBODY: Final = "unknown"
"""Stands for the agency and the user of a caller who proved neither."""


class SignIns:
    """Records sign-ins in the log of the gateway. Called on one event loop."""

    def __init__(self, log: AuditLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._since = datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._recorded = 0
        self._unrecorded: Counter[str] = Counter()

    def refused(self, asked: Asked, code: str, reason: str) -> None:
        """Record that nobody was let in. Raises AuditUnavailable when nothing can be recorded."""
        now = self._clock.now()
        if not self._since <= now < self._since + _EACH:
            self._since, self._recorded = now, 0
        if self._recorded >= MOST:
            self._unrecorded[reason] += 1
            return
        self._recorded += 1
        self._log.note(self._refusal(asked, code, reason))

    async def granted(self, asked: Asked, person: Actor, through: Actor) -> None:
        """Record that `person` was given a token for what `through` does for them. Raises AuditUnavailable."""
        await self._log.append(
            AuditEntry(
                kind="authentication",
                request_id=_request_id(),
                agency=through.agency,
                user=person.user,
                status="ok",
                client_id=through.client_id,
                issuer=person.issuer,
                purpose=person.purpose,
                case_ref=person.case_ref,
                trace_id=trace_id_of(asked),
                client_address=asked.peer,
                device=device_of(asked),
                client_cert_sha256=asked.certificate,
                acr=person.acr,
            )
        )

    def close(self) -> None:
        """Record what was only counted; before the log is closed."""
        with suppress(AuditUnavailable):  # whose log says why; the counters have them all the same
            if self._unrecorded:
                self._log.note(self._refusal(Asked(""), "UNAUTHENTICATED", "counted"))

    def _refusal(self, asked: Asked, code: str, reason: str) -> AuditEntry:
        unrecorded, self._unrecorded = dict(self._unrecorded), Counter()
        return AuditEntry(
            kind="authentication",
            request_id=_request_id(),
            agency=NOBODY,
            user=NOBODY,
            status="denied",
            error_code=code,
            reason=reason,
            counts=unrecorded,
            trace_id=trace_id_of(asked),
            client_address=asked.peer,
            device=device_of(asked),
            client_cert_sha256=asked.certificate,
        )


def _request_id() -> str:
    return f"req_{secrets.token_hex(16)}"
