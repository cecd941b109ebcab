"""A busy event loop steps aside for the writer, and only then."""

from __future__ import annotations

import asyncio
import time

import pytest

from authz.audit import lending, verify


@pytest.fixture
def lent(monkeypatch):
    times: list[float] = []
    monkeypatch.setattr(lending.time, "sleep", times.append)
    return times


async def test_the_loop_steps_aside_while_a_record_waits_and_none_is_acknowledged(lent):
    lender = lending.Lender(asyncio.get_running_loop())
    lender.begin()
    await asyncio.sleep(lending.PAUSE * 5)
    lender.end()
    assert lent
    count = len(lent)
    await asyncio.sleep(lending.PAUSE * 5)
    assert len(lent) == count


async def test_the_loop_does_not_step_aside_while_records_are_acknowledged(lent):
    lender = lending.Lender(asyncio.get_running_loop())
    lender.begin()
    for _ in range(20):
        lender.begin()
        lender.end()
        await asyncio.sleep(lending.PAUSE / 4)
    lender.end()
    assert len(lent) <= 2  # a slow machine may miss a beat


async def test_a_loop_that_never_rests_does_not_starve_the_writer(log, path, entry):
    async def burn() -> None:
        while True:
            end = time.perf_counter() + 0.002
            while time.perf_counter() < end:
                pass
            await asyncio.sleep(0)

    busy = asyncio.create_task(burn())
    async with asyncio.timeout(3):
        for number in range(10):
            await log.append(entry(str(number)))
    busy.cancel()
    assert verify(path).records == 10
