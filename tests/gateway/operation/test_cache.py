"""`Cache`: bounded, one maker per key, failures not kept."""

from __future__ import annotations

import asyncio

import pytest

from gateway.operation import Cache


def counting(value, made):
    async def make():
        await asyncio.sleep(0)
        made.append(value)
        return value

    return make


async def test_what_many_want_at_once_is_made_once():
    cache, made = Cache(max_entries=10, max_weight=100), []
    assert await asyncio.gather(*(cache.get("k", 1, counting(7, made)) for _ in range(20))) == [7] * 20
    assert made == [7]


async def test_the_least_recently_used_goes_first():
    cache, made = Cache(max_entries=2, max_weight=100), []
    for key in ("a", "b", "a", "c", "a"):
        await cache.get(key, 1, counting(key, made))
    await cache.get("b", 1, counting("b again", made))
    assert made == ["a", "b", "c", "b again"]


async def test_the_weight_bounds_it_and_what_is_too_heavy_is_not_kept():
    cache, made = Cache(max_entries=10, max_weight=10), []
    await cache.get("a", 6, counting("a", made))
    await cache.get("b", 6, counting("b", made))
    await cache.get("huge", 11, counting("huge", made))
    assert (cache.statistics().entries, cache.statistics().weight) == (1, 6)


async def test_a_failure_is_told_to_all_who_wait_and_not_kept():
    cache, made = Cache(max_entries=10, max_weight=10), []

    async def fail():
        await asyncio.sleep(0)
        raise ValueError("no")

    results = await asyncio.gather(*(cache.get("k", 1, fail) for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [ValueError] * 3
    assert await cache.get("k", 1, counting(1, made)) == 1


async def test_one_who_leaves_does_not_take_it_from_the_others():
    cache, made = Cache(max_entries=10, max_weight=10), []
    first = asyncio.create_task(cache.get("k", 1, counting(1, made)))
    second = asyncio.create_task(cache.get("k", 1, counting(1, made)))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == 1
    with pytest.raises(asyncio.CancelledError):
        await first
    assert made == [1]


async def test_keys_with_equal_hashes_stay_apart():
    cache, made = Cache(max_entries=10, max_weight=10), []

    class SameHash:
        def __init__(self, name):
            self.name = name

        def __hash__(self):
            return 1

        def __eq__(self, other):
            return self.name == other.name

    assert await cache.get(SameHash("a"), 1, counting("a", made)) == "a"
    assert await cache.get(SameHash("b"), 1, counting("b", made)) == "b"
