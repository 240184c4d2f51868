"""Merkle trees of transparency logs.

Source: RFC 9162, section 2.1 (the same tree as RFC 6962's): a leaf's hash is
``sha256(00 || leaf)``, a node's is ``sha256(01 || left || right)``, and the left subtree holds the
largest power of two of leaves that is smaller than all of them.

>>> tree = MerkleTree()
>>> tree.root().hex() == hashlib.sha256().hexdigest()
True
>>> tree.append(b"a"), tree.append(b"b")
(0, 1)
>>> tree.root() == hash_node(hash_leaf(b"a"), hash_leaf(b"b"))
True
>>> tree.inclusion_proof(1) == [hash_leaf(b"a")]
True
"""

import hashlib

__all__ = ["MerkleTree", "hash_leaf", "hash_node"]


def hash_leaf(leaf: bytes) -> bytes:
    """Return the hash of a leaf, 32 bytes."""
    return hashlib.sha256(b"\0" + leaf).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node, 32 bytes."""
    return hashlib.sha256(b"\1" + left + right).digest()


class MerkleTree:
    """An append-only tree that keeps its leaves, and the hashes of all its complete subtrees."""

    def __init__(self) -> None:
        self._leaves: list[bytes] = []
        # _levels[k][n] covers the leaves from n * 2**k up to (n + 1) * 2**k.
        self._levels: list[list[bytes]] = [[]]

    def __len__(self) -> int:
        return len(self._leaves)

    @property
    def leaves(self) -> tuple[bytes, ...]:
        """All leaves, in order."""
        return tuple(self._leaves)

    def append(self, leaf: bytes) -> int:
        """Add a leaf and return its index, from 0."""
        self._leaves.append(leaf)
        node, level = hash_leaf(leaf), 0
        self._levels[0].append(node)
        while len(self._levels[level]) % 2 == 0:
            left, right = self._levels[level][-2:]
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(hash_node(left, right))
        return len(self._leaves) - 1

    def root(self) -> bytes:
        """Return the hash of the whole tree, 32 bytes."""
        if not self._leaves:
            return hashlib.sha256().digest()
        return self._subtree(0, len(self._leaves))

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Return the hashes that lead from a leaf to the root, from the leaf upwards.

        IndexError when there is no such leaf.
        """
        if not 0 <= index < len(self._leaves):
            raise IndexError("the tree has no such leaf")
        path: list[bytes] = []
        start, end = 0, len(self._leaves)
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(start, middle))
                start = middle
        path.reverse()
        return path

    def _subtree(self, start: int, end: int) -> bytes:
        """Return the hash over some leaves; ``start`` is where a subtree of RFC 9162 starts."""
        size = end - start
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + _split(size)
        return hash_node(self._subtree(start, middle), self._subtree(middle, end))


def _split(size: int) -> int:
    """Return the largest power of two below a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)
