"""The ends of a log's chains: small enough to be kept elsewhere (another system, a partner agency, paper).

In: a log, or a file with heads. Out: LogHeads, which `verify` compares with the log that it finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from authz.audit.errors import UnreadableLog
from authz.audit.record import Head


@dataclass(frozen=True, slots=True)
class LogHeads:
    """The log's own id and the head of each chain, by its writer's name."""

    log_id: str
    heads: Mapping[str, Head]

    def to_json(self) -> bytes:
        """The heads as canonical JSON, ready to be kept or printed."""
        return msgspec.json.encode(self, order="sorted")

    @classmethod
    def from_json(cls, content: bytes) -> LogHeads:
        """The heads in `content`. Raises UnreadableLog."""
        try:
            return msgspec.json.decode(content, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnreadableLog(f"These are not remembered heads of an audit log ({error}).") from error
