"""Keys of a provider: fetched once, kept while it is away, fetched again for an unknown kid, but not for each."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from authz.identity import FetchedKeys, Pace, Provider
from tests.authz.identity.conftest import LocalProvider, new_key

AT = 1_800_000_000.0
ONE, TWO = new_key("one"), new_key("two")


def fetched(provider: LocalProvider, file: Path | None = None, seconds: float = 5.0) -> FetchedKeys:
    return FetchedKeys(Provider(provider.issuer, frozenset({"ES256"}), seconds=seconds), file)


async def test_keys_are_fetched_when_first_needed_and_then_known(provider: LocalProvider):
    provider.publish(ONE)
    keys = fetched(provider)
    assert keys.find("one") is None
    await keys.ensure("one", AT)
    await keys.ensure("one", AT + 200)
    assert keys.find("one") is not None
    assert provider.asked == 1


async def test_many_who_need_the_same_keys_cause_one_fetch(provider: LocalProvider):
    provider.publish(ONE)
    provider.seconds = 0.1
    keys = fetched(provider)
    await asyncio.gather(*(keys.ensure("one", AT) for _ in range(50)))
    assert keys.find("one") is not None
    assert provider.asked == 1


async def test_an_unknown_kid_causes_one_fetch_in_ten_seconds(provider: LocalProvider):
    provider.publish(ONE)
    keys = fetched(provider)
    await keys.ensure("one", AT)
    for second in range(20, 40):
        await keys.ensure(f"invented-{second}", AT + second)
    assert provider.asked == 3
    assert keys.revision == 1


async def test_a_new_key_is_found_and_what_was_accepted_is_examined_again(provider: LocalProvider):
    provider.publish(ONE)
    keys = fetched(provider)
    await keys.ensure("one", AT)
    before = keys.revision
    provider.publish(ONE, TWO)
    await keys.ensure("two", AT + 11)
    assert keys.find("two") is not None
    assert keys.revision > before


async def test_a_withdrawn_key_is_forgotten_within_the_refresh(provider: LocalProvider):
    provider.publish(ONE, TWO)
    keys = fetched(provider)
    await keys.ensure("one", AT)
    provider.publish(TWO)
    await keys.ensure("one", AT + 901)  # idle for so long that the request waits
    assert keys.find("one") is None
    assert keys.find("two") is not None


async def test_old_keys_are_renewed_beside_the_request(provider: LocalProvider):
    provider.publish(ONE)
    keys = fetched(provider)
    await keys.ensure("one", AT)
    provider.seconds = 0.2
    begin = asyncio.get_running_loop().time()
    await keys.ensure("one", AT + 301)
    assert asyncio.get_running_loop().time() - begin < 0.15
    await asyncio.sleep(0.4)
    assert provider.asked == 2


async def test_a_provider_that_hangs_delays_one_request_and_no_more(provider: LocalProvider):
    provider.publish(ONE)
    keys = fetched(provider, seconds=0.2)
    await keys.ensure("one", AT)
    provider.seconds = 10
    await keys.ensure("one", AT + 1000)
    begin = asyncio.get_running_loop().time()
    for second in range(1001, 1100):
        await keys.ensure("one", AT + second)
    assert asyncio.get_running_loop().time() - begin < 0.15
    assert keys.find("one") is not None


async def test_keys_are_good_for_a_day_without_their_provider_and_no_longer(provider: LocalProvider):
    provider.publish(ONE)
    keys = fetched(provider)
    await keys.ensure("one", AT)
    provider.answer = lambda: web.Response(status=503)
    for hours in range(1, 24):
        await keys.ensure("one", AT + hours * 3600)
        assert keys.find("one") is not None
    await keys.ensure("one", AT + 24 * 3600)
    assert keys.find("one") is None


async def test_an_answer_without_usable_keys_changes_nothing(provider: LocalProvider):
    provider.publish(ONE)
    keys = FetchedKeys(Provider(provider.issuer, frozenset({"ES256"})), pace=Pace(unknown_kid=timedelta(0)))
    await keys.ensure("one", AT)
    for spoiled in ("", "[]", "{}", '{"keys":[]}', '{"keys":[1]}', "<html>", "[" * 9000, '{"keys":"' + "x" * 300_000 + '"}'):
        provider.answer = lambda text=spoiled: web.Response(text=text)
        await keys.ensure("unknown", AT + 60)
        assert keys.find("one") is not None
    provider.answer = lambda: web.Response(status=302, headers={"Location": f"{provider.issuer}/elsewhere"})
    await keys.ensure("unknown", AT + 60)
    assert keys.counts.failed == 9


async def test_keys_are_kept_over_a_restart_during_an_outage(provider: LocalProvider, tmp_path: Path):
    provider.publish(ONE)
    file = tmp_path / "providers" / "one.json"
    await fetched(provider, file).ensure("one", _now())
    assert file.stat().st_mode & 0o777 == 0o600
    provider.answer = lambda: web.Response(status=500)
    restarted = fetched(provider, file)
    await restarted.ensure("one", _now())
    assert restarted.find("one") is not None


async def test_kept_keys_of_another_issuer_or_too_old_or_damaged_do_not_count(provider: LocalProvider, tmp_path: Path):
    provider.publish(ONE)
    file = tmp_path / "one.json"
    await fetched(provider, file).ensure("one", _now())
    whole = json.loads(file.read_text())
    for spoiled in (whole | {"issuer": "https://idp.example"}, whole | {"fetched_at": _now() - 90_000}, whole | {"x": 1}, []):
        file.write_text(json.dumps(spoiled))
        assert fetched(provider, file).find("one") is None


def _now() -> float:
    import time

    return time.time()
