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
    loop = asyncio.get_running_loop()
    lender = lending.Lender(loop, patience=5)
    lender.begin(loop.create_future())
    await asyncio.sleep(lending.PAUSE * 5)
    lender.end()
    assert lent
    count = len(lent)
    await asyncio.sleep(lending.PAUSE * 5)
    assert len(lent) == count


async def test_the_loop_does_not_step_aside_while_records_are_acknowledged(lent):
    loop = asyncio.get_running_loop()
    lender = lending.Lender(loop, patience=5)
    lender.begin(loop.create_future())
    for _ in range(20):
        lender.begin(loop.create_future())
        lender.end()
        await asyncio.sleep(lending.PAUSE / 4)
    lender.end()
    assert len(lent) <= 2  # a slow machine may miss a beat


async def test_patience_ends_for_who_waited_too_long_and_for_nobody_else(lent):
    loop = asyncio.get_running_loop()
    lender = lending.Lender(loop, patience=0.05)
    early, done, late = loop.create_future(), loop.create_future(), loop.create_future()
    lender.begin(early)
    lender.begin(done)
    done.set_result(None)
    lender.end()
    await asyncio.sleep(0.03)
    lender.begin(late)
    with pytest.raises(TimeoutError):
        await early
    assert not late.done()
    with pytest.raises(TimeoutError):
        await late


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
