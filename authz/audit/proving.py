"""Proofs that can be checked without the log: that a record is in it, and that it only ever grew.

In: a log, a record's id or a signed head that somebody kept. Out: a proof, a small JSON file. Checking one needs the proof and
the log's public key.
"""

from __future__ import annotations

from typing import Final

import msgspec

from authz.audit.errors import NotProvable
from authz.audit.merkle import Frontier, Subtrees, consistency_proof, extends, includes, inclusion_proof
from authz.audit.reader import reading
from authz.audit.record import AuditRecord, hash_of, read_record
from authz.audit.store import Location, LogReader
from authz.audit.tree_heads import HeadKeys, SignedHead

_ENCODER: Final = msgspec.json.Encoder(order="sorted")


class InclusionProof(msgspec.Struct, frozen=True, tag="inclusion", tag_field="proof"):
    """`record` is the record's body as it stands in the log, leaf `index` (from 0) of the tree that `head` is signed over."""

    record: str
    index: int
    path: tuple[str, ...]
    head: SignedHead

    @property
    def content(self) -> AuditRecord:
        """The record. Raises NotProvable."""
        try:
            return read_record(self.record.encode())
        except (msgspec.DecodeError, UnicodeEncodeError) as error:
            raise NotProvable(f"The proof holds no record ({error}).") from error


class ConsistencyProof(msgspec.Struct, frozen=True, tag="consistency", tag_field="proof"):
    """The tree of `head` begins with the whole tree of `old`."""

    old: SignedHead
    path: tuple[str, ...]
    head: SignedHead


Proof = InclusionProof | ConsistencyProof


def prove_record(location: Location, record_id: str) -> InclusionProof:
    """That a record is in the log. Raises NotProvable (no such record, or no head is signed over it yet) and UnreadableLog."""
    with reading(location) as reader:
        row = reader.row(record_id)
        if row is None:
            raise NotProvable(f"There is no record {record_id} in this log.")
        head = _newest(reader, row.writer)
        if head is None or head.size < row.seq:
            raise NotProvable(
                f"Record {record_id} is number {row.seq} of {row.writer}, and no head is signed over it yet: the log signs one "
                "every minute and when it is closed."
            )
        path = inclusion_proof(row.seq - 1, head.size, _subtrees(reader, row.writer))
        return InclusionProof(row.body.decode("utf-8", "replace"), row.seq - 1, tuple(node.hex() for node in path), head)


def prove_growth(location: Location, old: SignedHead) -> ConsistencyProof:
    """That the log still begins with what `old` was signed over. Raises NotProvable and UnreadableLog."""
    with reading(location) as reader:
        head = _newest(reader, old.writer)
        if head is None or head.size < old.size or head.log_id != old.log_id:
            raise NotProvable(
                f"This log has no head of {old.writer} that is as new as record {old.size}: it was cut off or replaced."
            )
        path = consistency_proof(old.size, head.size, _subtrees(reader, old.writer))
        return ConsistencyProof(old, tuple(node.hex() for node in path), head)


def fault_of(proof: Proof, keys: HeadKeys) -> str | None:
    """Why the proof proves nothing; None when it holds."""
    try:
        path = [bytes.fromhex(node) for node in proof.path]
        root = bytes.fromhex(proof.head.root)
        if not keys.vouch_for(proof.head):
            return "the tree head is not signed by the log's key"
        if isinstance(proof, InclusionProof):
            return _inclusion_fault(proof, path, root)
        if not keys.vouch_for(proof.old):
            return "the older tree head is not signed by the log's key"
        if (proof.old.log_id, proof.old.writer) != (proof.head.log_id, proof.head.writer):
            return "the two heads are of different chains"
        if not extends(proof.old.size, bytes.fromhex(proof.old.root), proof.head.size, root, path):
            return "the newer tree does not begin with the older one: history was written anew"
    except ValueError:
        return "a hash in it is not hexadecimal"
    return None


def to_json(proof: Proof) -> bytes:
    """The proof as canonical JSON."""
    return _ENCODER.encode(proof)


def read_proof(content: bytes) -> Proof:
    """The proof in a JSON text. Raises NotProvable."""
    try:
        found: Proof = msgspec.json.decode(content, type=Proof)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotProvable(f"This is no proof ({error}): `saite audit prove` writes one.") from error
    return found


def _inclusion_fault(proof: InclusionProof, path: list[bytes], root: bytes) -> str | None:
    record = proof.content
    if (record.writer, record.seq) != (proof.head.writer, proof.index + 1):
        return "the record says that it stands elsewhere"
    leaf = bytes.fromhex(hash_of(proof.record.encode()))
    if not includes(leaf, proof.index, proof.head.size, path, root):
        return "the record is not in the tree that the head was signed over"
    return None


def _newest(reader: LogReader, writer: str) -> SignedHead | None:
    heads = reader.signed_heads(writer)
    return heads[-1] if heads else None


def _subtrees(reader: LogReader, writer: str) -> Subtrees:
    """Roots of ranges of one chain's records, computed from their hashes."""

    def root(first: int, end: int, /) -> bytes:
        tree = Frontier()
        for leaf in reader.hashes(writer, first, end):
            tree.add(leaf)
        if tree.size != end - first:
            raise NotProvable(f"Records of {writer} are missing between {first + 1} and {end}: run `saite audit verify`.")
        return tree.root()

    return root
