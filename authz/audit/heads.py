"""The ends of a log's chains: small enough to be kept elsewhere (another system, a partner agency, paper).

In: a log, or a file with heads. Out: LogHeads, which `verify` compares with the log that it finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from authz.audit.errors import UnreadableLog
from authz.audit.record import Head
from authz.audit.tree_heads import SignedHead


@dataclass(frozen=True, slots=True)
class LogHeads:
    """The log's own id, the head of each chain by its writer's name, and the newest signed tree head of each."""

    log_id: str
    heads: Mapping[str, Head]
    signed: tuple[SignedHead, ...] = ()

    def to_json(self) -> bytes:
        """The heads as canonical JSON, ready to be kept or printed."""
        return msgspec.json.encode(self, order="sorted")

    def signed_of(self, writer: str) -> SignedHead | None:
        """The signed head of one chain."""
        return next((head for head in self.signed if head.writer == writer), None)

    @classmethod
    def from_json(cls, content: bytes) -> LogHeads:
        """The heads in `content`. Raises UnreadableLog."""
        try:
            return msgspec.json.decode(content, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnreadableLog(f"These are not remembered heads of an audit log ({error}).") from error
