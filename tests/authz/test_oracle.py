"""Compiled masks against the oracle: plain Casbin over rows that were built from the YAML without `authz`."""

from __future__ import annotations

import pytest

from authz import claims
from tests.authz.oracle import differences
from tests.authz.small_world import SCHEMA


@pytest.mark.slow
def test_masks_are_what_a_plain_casbin_decides_sixty_thousand_times() -> None:
    compared, allowed, found = differences(60_000, 2026, SCHEMA)
    assert found == []
    assert compared == 60_000
    assert allowed > 5_000


def test_the_oracle_finds_a_compiler_that_forgets_denials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_denied", lambda *_: ())
    assert differences(2_000, 2026, SCHEMA)[2]


def test_the_oracle_finds_a_compiler_that_mixes_up_purposes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "purposes_named", lambda _, contract: tuple(contract.purposes))
    assert differences(2_000, 2026, SCHEMA)[2]
