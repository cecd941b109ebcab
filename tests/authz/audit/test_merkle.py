"""The tree of RFC 9162: known roots, and proofs that hold for what is true and for nothing else."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.audit.merkle import (
    EMPTY,
    Frontier,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    join,
    root_of,
)

# The test vectors of Certificate Transparency's reference implementation (leaves of its "Merkle tree" tests).
INPUTS = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
LEAVES = [sha256(b"\x00" + content).digest() for content in INPUTS]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves_of(count: int) -> list[bytes]:
    return [sha256(b"\x00%d" % number).digest() for number in range(count)]


def subtrees(leaves: list[bytes]):
    return lambda first, end: root_of(leaves[first:end])


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_roots_are_those_of_certificate_transparency(size, root):
    assert root_of(LEAVES[:size]).hex() == root


def test_the_empty_tree_has_the_hash_of_nothing():
    assert Frontier().root() == EMPTY == sha256(b"").digest()


def test_a_recursive_definition_gives_the_same_root():
    def recursive(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        middle = 1 << (len(leaves) - 1).bit_length() - 1
        return join(recursive(leaves[:middle]), recursive(leaves[middle:]))

    for size in range(1, 70):
        assert root_of(leaves_of(size)) == recursive(leaves_of(size))


def test_every_leaf_of_every_small_tree_is_proven_and_at_no_other_place():
    for size in range(1, 34):
        leaves = leaves_of(size)
        root = root_of(leaves)
        for index in range(size):
            path = inclusion_proof(index, size, subtrees(leaves))
            assert includes(leaves[index], index, size, path, root)
            assert not includes(leaves[index], (index + 1) % size, size, path, root) or size == 1
            assert not includes(sha256(b"other").digest(), index, size, path, root)
            assert not includes(leaves[index], index, size, [*path, root], root)


def test_every_small_tree_is_proven_to_extend_every_smaller_one():
    for new in range(1, 34):
        leaves = leaves_of(new)
        for old in range(1, new + 1):
            path = consistency_proof(old, new, subtrees(leaves))
            before, after = root_of(leaves[:old]), root_of(leaves)
            assert extends(old, before, new, after, path)
            if old < new:
                assert not extends(old, sha256(b"rewritten").digest(), new, after, path)
                assert not extends(old, before, new, sha256(b"forked").digest(), path)


@given(size=st.integers(2, 300), data=st.data())
def test_a_rewritten_record_breaks_consistency(size, data):
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    leaves = leaves_of(size)
    before = root_of(leaves[:old])
    leaves[changed] = sha256(b"rewritten").digest()
    assert not extends(old, before, size, root_of(leaves), consistency_proof(old, size, subtrees(leaves)))


@given(size=st.integers(1, 500), data=st.data())
def test_a_proof_with_any_bit_turned_proves_nothing(size, data):
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, subtrees(leaves))
    if not path:
        return
    step = data.draw(st.integers(0, len(path) - 1))
    path[step] = bytes([path[step][0] ^ (1 << data.draw(st.integers(0, 7)))]) + path[step][1:]
    assert not includes(leaves[index], index, size, path, root_of(leaves))


@given(size=st.integers(0, 400))
def test_a_frontier_can_be_kept_and_gone_on_with(size):
    leaves = leaves_of(size + 5)
    grown = Frontier()
    for leaf in leaves[:size]:
        grown.add(leaf)
    again = Frontier(grown.size, grown.parts)
    for leaf in leaves[size:]:
        again.add(leaf)
    assert again.root() == root_of(leaves)


def test_a_frontier_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="perfect parts"):
        Frontier(3, [EMPTY])
