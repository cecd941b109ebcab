from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from authz.quotas import Counting, Spending, SqliteQuotaLedger, lookups_of
from authz.quotas.errors import QuotaExceeded
from tests.authz.small_world import CONTRACT, mask_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUOTAS = """
quotas:
  - {per: user, entities: 100, window: 1d}
  - {per: contract, entities: 150, window: 1d, alert_at: 0.9}
  - {per: user, distinct_filter_values: {Person.familyName: 2}, window: 1h}
"""
MASK = mask_of(document=CONTRACT + QUOTAS)
ANNA, PETERIS = Spending(MASK, "anna"), Spending(MASK, "peteris")


def counting() -> Counting:
    return Counting(SqliteQuotaLedger(), str.casefold)


def looked_up(*values: object, field: str = "Person.familyName") -> frozenset[tuple[str, str]]:
    return lookups_of(iter([(field, value) for value in values]))


async def test_a_user_gets_so_many_entities_and_then_is_told_when_it_goes_on() -> None:
    counted = counting()
    assert await counted.give(ANNA, 60, NOW) == []
    with pytest.raises(QuotaExceeded) as refused:
        await counted.give(ANNA, 41, NOW + timedelta(hours=1))
    quota = refused.value.extensions["quota"]
    assert (refused.value.status, refused.value.code) == (429, "QUOTA_EXCEEDED")
    assert (quota["used"], quota["limit"], quota["what"], quota["per"]) == (60, 100, "entities", "user")
    assert quota["freesAt"] == "2026-11-24T10:00:00Z"
    assert quota["retryAfter"] == 24 * 3600
    assert counted.snapshot() == {"exceeded": 1}
    low = await counted.give(ANNA, 40, NOW + timedelta(hours=1))  # what is refused is not charged
    assert [(each["per"], each["used"]) for each in low] == [("user", 100)]
    await counted.close()


async def test_all_users_of_a_contract_share_its_quota() -> None:
    counted = counting()
    await counted.give(ANNA, 100, NOW)
    assert await counted.give(PETERIS, 30, NOW) == []
    with pytest.raises(QuotaExceeded, match="Your agency has used 130 of 150 entities"):
        await counted.give(PETERIS, 30, NOW)
    await counted.close()


async def test_at_four_fifths_or_where_the_contract_says_somebody_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    counted = counting()
    with caplog.at_level(logging.WARNING):
        assert await counted.give(ANNA, 79, NOW) == []
        assert [each["used"] for each in await counted.give(ANNA, 1, NOW)] == [80]
        assert [each["used"] for each in await counted.give(ANNA, 1, NOW)] == [81]
    assert [(record.msg, record.per) for record in caplog.records] == [("a quota runs low", "user")]  # type: ignore[attr-defined]
    assert counted.snapshot() == {"low": 1}
    await counted.close()


async def test_different_values_are_counted_and_not_the_times_they_are_looked_up() -> None:
    counted = counting()
    for name in ("Bērziņa", "Kalniņš", "bērziņa", "Bērziņa"):
        await counted.look_up(ANNA, looked_up(name), NOW)
    with pytest.raises(QuotaExceeded, match=r"different values of Person\.familyName"):
        await counted.look_up(ANNA, looked_up("Ozola"), NOW)
    await counted.look_up(PETERIS, looked_up("Ozola"), NOW)
    await counted.look_up(ANNA, looked_up("Ozola"), NOW + timedelta(hours=1, minutes=5))
    await counted.close()


async def test_each_item_of_a_list_is_a_value_and_other_fields_do_not_count() -> None:
    counted = counting()
    await counted.look_up(ANNA, looked_up("a", "b", "c", field="Event.kind"), NOW)
    with pytest.raises(QuotaExceeded, match="more than the 2 different values"):
        await counted.look_up(ANNA, looked_up(["a", "b", ["c"]]), NOW)
    await counted.close()


async def test_a_new_version_of_the_contract_goes_on_counting() -> None:
    counted = counting()
    await counted.give(ANNA, 100, NOW)
    again = Spending(mask_of(document=CONTRACT.replace("version: 1", "version: 2") + QUOTAS), "anna")
    with pytest.raises(QuotaExceeded):
        await counted.give(again, 1, NOW)
    await counted.close()
