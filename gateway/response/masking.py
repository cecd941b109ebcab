"""Which words of an error a client may read.

In: a `RawError`. Out: the error entry of the answer. Codes are always kept: clients branch on them.

    open mode        a foreign graph, nothing protected: the subgraph's message and extensions pass, with the service's name
    protected mode   a subgraph's message is replaced unless its code says it was written for clients; no service name, no
                     foreign extensions. The message is in the log under the error's id.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Final

from gateway.execution.raw import Json, RawError, ResponsePath
from gateway.response.filling import GATEWAY

Mask = Callable[[RawError], dict[str, Json]]

SAFE_CODES: Final = frozenset(
    {
        "BAD_PAGE",
        "BAD_REQUEST",
        "BAD_SEARCH",
        "BAD_USER_INPUT",
        "CONFLICT",
        "IDEMPOTENCY_KEY_REUSED",
        "NOTHING_TO_SEARCH_BY",
        "NOT_FOUND",
        "SEARCH_BEING_PREPARED",
        "SEARCH_NOT_OFFERED",
        "SUPPRESSED",
        "UNAUTHORIZED_FIELD_OR_TYPE",
        "VERSION_CONFLICT",
    }
)
MASKED_MESSAGE: Final = "This part of the answer could not be given. Tell your support contact the error id."

log = logging.getLogger(__name__)


def entry(message: str, path: ResponsePath | tuple[str, ...] | None, extensions: dict[str, Json]) -> dict[str, Json]:
    """One item of `errors`."""
    place = {} if path is None else {"path": list(path)}
    return {"message": message, **place, "extensions": extensions}


def open_mask() -> Mask:
    """The mask of the open mode."""
    return _Masking(is_open=True)


def protected_mask(safe_codes: frozenset[str] = SAFE_CODES) -> Mask:
    """The mask of the protected mode; `safe_codes` are those whose messages rooms write for clients."""
    return _Masking(is_open=False, safe_codes=safe_codes)


class _Masking:
    """One id and one log line per event, however many places it has. Lives as long as one answer."""

    def __init__(self, *, is_open: bool, safe_codes: frozenset[str] = frozenset()) -> None:
        self._is_open = is_open
        self._safe_codes = safe_codes
        self._ids: dict[int, str] = {}

    def __call__(self, error: RawError) -> dict[str, Json]:
        extensions: dict[str, Json] = {"code": error.code}
        if error.retryable:
            extensions["retryable"] = True
        if error.service == GATEWAY:
            return entry(error.message, error.path, extensions)
        message = error.message
        if self._is_open:
            extensions = {**error.extensions, **extensions, "service": error.service}
        elif error.from_subgraph and error.code not in self._safe_codes:
            message = MASKED_MESSAGE
        if not (error.from_subgraph and error.code in self._safe_codes):
            extensions["errorId"] = self._logged(error)
        return entry(message, error.path, extensions)

    def _logged(self, error: RawError) -> str:
        known = self._ids.get(error.origin)
        if known is None:
            known = self._ids[error.origin] = f"err_{secrets.token_hex(8)}"
            log.warning(
                "a subgraph reported an error",
                extra={
                    "error_id": known,
                    "service": error.service,
                    "code": error.code,
                    "detail": error.detail or error.message,
                    "path": ".".join(str(step) for step in error.path or ()),
                },
            )
        return known
