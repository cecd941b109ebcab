"""A Merkle tree over the records of one chain, after RFC 9162 §2.1 (the same tree as in RFC 6962).

In: leaf hashes (a record's hash is one) in order. Out: roots, inclusion proofs, consistency proofs, and their verification,
which needs nothing but the proof and two roots.

    node(l, r) = SHA-256(0x01 ‖ l ‖ r);  a tree of n leaves splits at the largest power of two below n

`Frontier` is the growing right edge: the roots of the perfect trees that n leaves consist of, largest first. Adding a leaf
costs one or two hashes, the root at most one for each bit of n.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Protocol

EMPTY = sha256(b"").digest()


class Frontier:
    """A tree that grows: its size and the roots of its perfect parts."""

    __slots__ = ("parts", "size")

    def __init__(self, size: int = 0, parts: Iterable[bytes] = ()) -> None:
        self.size = size
        self.parts = list(parts)
        if len(self.parts) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} perfect parts, not {len(self.parts)}")

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        parts, size = self.parts, self.size
        node = leaf
        while size & 1:
            node = join(parts.pop(), node)
            size >>= 1
        parts.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self.parts:
            return EMPTY
        node = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            node = join(part, node)
        return node


class Subtrees(Protocol):
    """Gives the root of the leaves from `first` up to, not including, `end` (a stored log can keep inner nodes)."""

    def __call__(self, first: int, end: int, /) -> bytes: ...


def join(left: bytes, right: bytes) -> bytes:
    """An inner node."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over all leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def inclusion_proof(index: int, size: int, subtree: Subtrees) -> list[bytes]:
    """The path from leaf `index` to the root of the first `size` leaves, from the leaf up. RFC 9162 §2.1.3.1."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size} leaves")
    path: list[bytes] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(first, middle))
            first = middle
    path.reverse()
    return path


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that `leaf` is leaf `index` of the tree with `size` leaves and `root`. RFC 9162 §2.1.3.2."""
    if not 0 <= index < size:
        return False
    node, place, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = join(sibling, node)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            node = join(node, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and node == root


def consistency_proof(old: int, new: int, subtree: Subtrees) -> list[bytes]:
    """What shows that the first `old` leaves of a tree of `new` are the whole old tree. RFC 9162 §2.1.4.1."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves cannot be an extension of one of {old}")
    path: list[bytes] = []
    first, end, is_whole = 0, new, True
    while old - first != end - first:
        middle = first + _split(end - first)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(first, middle))
            first = middle
            is_whole = False
    if not is_whole:
        path.append(subtree(first, end))
    path.reverse()
    return path


def extends(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the new tree begins with all of the old one. RFC 9162 §2.1.4.2."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    before = after = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = join(sibling, before), join(sibling, after)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            after = join(after, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and before == old_root and after == new_root


def _split(size: int) -> int:
    """The largest power of two below `size` (at least 2)."""
    return int(1 << (size - 1).bit_length() - 1)
