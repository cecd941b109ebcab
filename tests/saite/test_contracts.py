"""Which contracts a process takes: the shipped examples aloud, others signed only."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from authz.book import BookFollower, SqliteContracts
from authz.errors import ContractRefused
from kernel.clock import SystemClock
from saite.contracts import EXAMPLES, REQUIRE_SIGNATURES, ContractSource, followed
from saite.folder import DataFolder
from saite.graph import shipped_contracts


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return folder


def contracts_of(follower: BookFollower) -> int:
    follower.close()
    return len(follower.current.contracts)


def test_the_examples_are_let_in_and_said_aloud_to_be_unsigned(data: DataFolder, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "saite.contracts"):
        assert contracts_of(followed(data, EXAMPLES, "test")) == 5
    assert "nobody signed them" in caplog.text


def test_where_signatures_are_required_not_even_the_examples_are_let_in(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REQUIRE_SIGNATURES, "1")
    for source in (EXAMPLES, ContractSource(shipped_contracts(), unsigned=True)):
        with pytest.raises(ContractRefused, match="has not signed"):
            followed(data, source, "test")


def test_contracts_of_ones_own_have_to_be_signed_unless_that_is_said(
    data: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ContractRefused, match="has not signed"):
        followed(data, ContractSource(shipped_contracts()), "test")
    with caplog.at_level(logging.WARNING, "saite.contracts"):
        assert contracts_of(followed(data, ContractSource(shipped_contracts(), unsigned=True), "test")) == 5
    assert "CONTRACTS NEED NO SIGNATURE" in caplog.text


def test_published_contracts_come_from_the_store_and_have_to_be_signed_too(data: DataFolder) -> None:
    store = SqliteContracts(data.contracts)
    text = (shipped_contracts() / "LV-STAT.yaml").read_text(encoding="utf-8")
    store.publish([("LV-STAT.yaml", text)], "me", SystemClock().now())
    store.close()
    with pytest.raises(ContractRefused, match="has not signed"):
        followed(data, ContractSource(published=True), "test")
    assert contracts_of(followed(data, ContractSource(published=True, unsigned=True), "test")) == 1
