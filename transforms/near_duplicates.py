"""Which texts tell the same: those whose sketches share enough, found by an index of their numbers.

A number that more than twenty texts hold is boilerplate (the lines about a company at the end of its releases, a table
of prices) and is no ground to join strangers; but a story that thirty outlets print word for word shares all its
numbers. So texts that hold a common number are compared with its first twenty holders only, and must have half of their
sketch in common.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transforms.story_sketch import SIZE

Integers = npt.NDArray[np.int64]

_SHARED = 8
_LEAST_SHARED = 4
_SHORT_SHARE = 0.4
_COMMON = 20
_SHARED_OF_COMMON = SIZE // 2


def pairs(sketches: Sequence[Sequence[int]]) -> list[tuple[int, int, float]]:
    """List the pairs of texts that tell the same, by their places, with the share of the smaller sketch in common.

    Eight numbers in common of 64, or two fifths of a short text's. The answer does not depend on the order of the
    texts, but that the first twenty holders of a common number are the first in order: give them in an order that
    does not change, such as by time and id.
    """
    sizes = np.array([len(one) for one in sketches], dtype=np.int64)
    left, right, is_rare = _meetings(sketches, sizes)
    if not len(left):
        return []
    code = left * len(sizes) + right
    distinct, place = np.unique(code, return_inverse=True)
    shared = np.bincount(place)
    shared_rare = np.bincount(place, weights=is_rare)
    first, second = distinct // len(sizes), distinct % len(sizes)
    smaller = np.minimum(sizes[first], sizes[second])
    needed = np.minimum(_SHARED, np.maximum(_LEAST_SHARED, np.ceil(smaller * _SHORT_SHARE)))
    is_same = (shared_rare >= needed) | (shared >= np.minimum(_SHARED_OF_COMMON, np.ceil(smaller / 2)))
    is_same &= shared >= needed
    return [
        (int(one), int(other), float(count / size))
        for one, other, count, size in zip(
            first[is_same], second[is_same], shared[is_same], smaller[is_same], strict=True
        )
    ]


def _meetings(sketches: Sequence[Sequence[int]], sizes: Integers) -> tuple[Integers, Integers, npt.NDArray[np.bool_]]:
    """List every meeting of two texts at one number, the earlier text first, and whether few hold that number."""
    owners = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    values = np.array([value for one in sketches for value in one], dtype=np.int64)
    order = np.lexsort((owners, values))
    owners, values = owners[order], values[order]
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.empty(0, dtype=np.int64)
    holders = np.diff(np.r_[starts, len(values)])
    rank = np.arange(len(values)) - np.repeat(starts, holders)
    held_by = np.repeat(holders, holders)
    lefts, rights, rare = [], [], []
    for back in range(1, _COMMON + 1):
        # The holder `back` ranks before, and, of a common number, the holder of rank `back - 1`.
        near = np.flatnonzero((rank >= back) & (held_by <= _COMMON))
        far = np.flatnonzero((rank >= back) & (held_by > _COMMON))
        leader = far - rank[far] + (back - 1)
        lefts += [owners[near - back], owners[leader]]
        rights += [owners[near], owners[far]]
        rare += [np.ones(len(near), dtype=bool), np.zeros(len(far), dtype=bool)]
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(rare)


def components(count: int, joined: Sequence[tuple[int, int]]) -> list[int]:
    """Give each of `count` places the smallest place that joins lead to from it."""
    parent = list(range(count))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for one, other in joined:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    return [root(place) for place in range(count)]
