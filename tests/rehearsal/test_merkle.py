import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagseal.rehearsal._merkle import MerkleTree


def tree_of(leaves: list[bytes]) -> MerkleTree:
    tree = MerkleTree()
    for position, leaf in enumerate(leaves):
        assert tree.append(leaf) == position
    return tree


def tree_hash(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, as it is written."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = max(2**k for k in range(len(leaves)) if 2**k < len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def root_from_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """RFC 9162, section 2.1.3.2, as it is written: None where the proof has a wrong length."""
    fn, sn = index, size - 1
    r = hashlib.sha256(b"\x00" + leaf).digest()
    for p in proof:
        if sn == 0:
            return None
        if fn % 2 == 1 or fn == sn:
            r = hashlib.sha256(b"\x01" + p + r).digest()
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\x01" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


@pytest.mark.parametrize("size", range(1, 21))
def test_every_leaf_of_every_small_tree_is_proven(size: int) -> None:
    leaves = [b"leaf %d" % n for n in range(size)]
    tree = tree_of(leaves)
    assert tree.root() == tree_hash(leaves)
    assert tree.leaves == tuple(leaves)
    for index, leaf in enumerate(leaves):
        proof = tree.inclusion_proof(index)
        assert root_from_proof(leaf, index, size, proof) == tree.root()
        assert root_from_proof(b"another", index, size, proof) != tree.root()


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=200), st.data())
def test_any_leaf_of_any_tree_is_proven(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    tree = tree_of(leaves)
    assert tree.root() == tree_hash(leaves)
    proof = tree.inclusion_proof(index)
    assert root_from_proof(leaves[index], index, len(leaves), proof) == tree.root()


@pytest.mark.parametrize("index", [-1, 2])
def test_no_proof_for_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        tree_of([b"a", b"b"]).inclusion_proof(index)
