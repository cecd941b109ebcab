from __future__ import annotations

import asyncio

import pytest

from kernel.deadline import told, understood


async def test_what_is_told_is_understood_as_the_same_moment():
    deadline = asyncio.get_running_loop().time() + 2.5
    header = told(deadline)
    assert 2_400 <= int(header) <= 2_500
    assert understood(header.encode()) == pytest.approx(deadline, abs=0.1)


async def test_a_deadline_that_has_passed_leaves_nothing():
    assert told(asyncio.get_running_loop().time() - 1) == "0"


@pytest.mark.parametrize("header", [None, b"", b"-5", b"soon", b"1e9", b"9" * 10, "²".encode()])
async def test_nonsense_says_nothing(header):
    assert understood(header) is None
