"""Chance that can be repeated: streams of random numbers and runs of ids, both derived from a key.

What comes in: a key (seed, what it is for, which community). What goes out: the same numbers and ids for the same key, on every
machine and in every version of Python (Mersenne Twister and SHAKE-256 are fixed by their definitions).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import chain, repeat
from random import Random
from typing import Final, TypeVar

from kernel.ids import Prefix

T = TypeVar("T")

_HEX_PER_ID: Final = 18


def stream(*key: int | str) -> Random:
    """The stream of random numbers that belongs to the key. Not for secrets: anybody who knows the seed knows the world."""
    return Random("/".join(map(str, key)))  # noqa: S311 (repeatable on purpose)


def wheel(weights: Mapping[T, float], slots: int = 4096) -> tuple[T, ...]:
    """A wheel of fortune: each key fills its share of the slots, so that `wheel[int(random() * slots)]` is a weighted draw.

    Shares are rounded by largest remainder; a key with a weight above zero has at least one slot (`slots` must
    suffice for that).
    """
    total = sum(weights.values())
    exact = {key: weight * slots / total for key, weight in weights.items() if weight > 0}
    filled = {key: max(1, int(share)) for key, share in exact.items()}
    by_remainder = sorted(exact, key=lambda key: exact[key] - filled[key], reverse=True)
    for key in by_remainder[: max(0, slots - sum(filled.values()))]:
        filled[key] += 1
    while sum(filled.values()) > slots:  # the rarest took more than their share
        filled[max(filled, key=lambda key: filled[key])] -= 1
    return tuple(chain.from_iterable(map(repeat, filled.keys(), filled.values())))


class Ids:
    """Ids of one kind for one community, in the form of `kernel.ids` (UUIDv7), without a hash per id."""

    __slots__ = ("_bits", "_prefix")

    def __init__(self, prefix: Prefix, count: int, *key: int | str) -> None:
        text = "/".join(map(str, (prefix, *key)))
        self._prefix = prefix
        self._bits = hashlib.shake_256(text.encode()).hexdigest(_HEX_PER_ID // 2 * count)

    def at(self, index: int, millis: int) -> str:
        """The id number `index`, whose time part is `millis` since 1970."""
        bits = self._bits
        start = index * _HEX_PER_ID
        # version 7, variant 8 of RFC 9562
        return f"{self._prefix}_{millis:012x}7{bits[start : start + 3]}8{bits[start + 3 : start + _HEX_PER_ID]}"
