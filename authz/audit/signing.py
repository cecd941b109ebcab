"""Signs the head of one chain's tree at intervals and when the log is closed.

In: the records that were just written. Out: signed heads in the store. Used by the writer's thread alone. A head that cannot be
written delays the next one and nothing else: records are answered for by the chain, heads say when they were there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Final

from authz.audit.merkle import Frontier
from authz.audit.record import Sealed
from authz.audit.store import Edge, RecordStore
from authz.audit.tree_heads import HeadSigner
from kernel.clock import Clock

EVERY_RECORDS: Final = 4096
EVERY_SECONDS: Final = 60.0
_AGAIN_SECONDS: Final = 1.0

log = logging.getLogger("saite.audit")


class HeadKeeper:
    """The tree of one chain, and when its head is due."""

    def __init__(self, signer: HeadSigner, store: RecordStore, writer: str, clock: Clock) -> None:
        self._signer = signer
        self._store = store
        self._writer = writer
        self._clock = clock
        self._tree: Frontier | None = None
        self._last = ""
        self._signed = 0
        self._due = time.monotonic()  # what a killed process left without a head gets one now

    def grow(self, records: Sequence[Sealed]) -> None:
        """Take in what was written."""
        self._last = records[-1].hash
        if self._tree is None or self._tree.size + 1 != records[0].seq:
            self._tree = None  # made anew from the store when the next head is due
            return
        for record in records:
            self._tree.add(bytes.fromhex(record.hash))

    def forget(self) -> None:
        """A write failed: what the chain holds now is known to the store alone."""
        self._tree = None

    def wait(self, size: int) -> float | None:
        """How many seconds from now a head is due; None when all `size` records are under one."""
        if size <= self._signed:
            return None
        return max(0.0, self._due - time.monotonic())

    def sign_if_due(self, size: int) -> None:
        """Sign when enough records or enough time have come."""
        if size > self._signed and (size - self._signed >= EVERY_RECORDS or time.monotonic() >= self._due):
            self.sign(size)

    def sign(self, size: int) -> None:
        """Sign the head of all `size` records, unless it was."""
        if size <= self._signed:
            return
        try:
            tree = self._grown(size)
            head = self._signer.sign(self._store.log_id, self._writer, tree.size, tree.root(), self._last, self._clock.now())
            if tree.size > self._signed:
                self._store.write_edge(Edge(head, tuple(tree.parts)))
        except Exception:  # whatever it was, the writer must go on
            log.exception("a tree head could not be written", extra={"writer": self._writer})
            self._tree = None
            self._due = time.monotonic() + _AGAIN_SECONDS
            return
        self._signed = tree.size
        self._due = time.monotonic() + EVERY_SECONDS

    def _grown(self, size: int) -> Frontier:
        """The tree over the whole chain: grown from the newest head that is our own, else from the first record."""
        if self._tree is not None and self._tree.size == size:
            return self._tree
        tree = self._kept()
        for leaf in self._store.hashes(self._writer, tree.size):
            tree.add(leaf)
            self._last = leaf.hex()
        self._tree = tree
        return tree

    def _kept(self) -> Frontier:
        edge = self._store.edge(self._writer)
        if edge is None or not self._signer.signed(edge.head) or edge.head.log_id != self._store.log_id:
            return Frontier()
        try:
            tree = Frontier(edge.head.size, edge.parts)
        except ValueError:
            return Frontier()
        if edge.head.writer != self._writer or tree.root().hex() != edge.head.root:
            return Frontier()
        self._signed = max(self._signed, tree.size)
        self._last = edge.head.last
        return tree
