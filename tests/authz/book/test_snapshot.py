from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import build_schema

from authz.book import ContractBook
from authz.errors import ContractRefused, SchemaNotProtected
from kernel.clock import FixedClock
from tests.authz.small_world import CLOCK, CONTRACT, SCHEMA, contract_of


def test_a_folder_of_contracts_becomes_a_book(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CONTRACT)
    (tmp_path / "b.yaml").write_text(CONTRACT.replace("C-1", "C-2").replace("LV-TEST", "LV-OTHER"))
    book = ContractBook.load(tmp_path, SCHEMA, CLOCK)
    assert book.refused == ()
    other = book.of_agency("LV-OTHER")
    assert other is not None
    assert other.contract.id == "C-2"
    assert book.of_agency("LV-NOBODY") is None
    assert book.mask("C-1", 1, "NO_SUCH_PURPOSE") is None
    assert book.mask("C-1", 9, "STATISTICS") is None


def test_a_wrong_contract_is_refused_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CONTRACT)
    (tmp_path / "b.yaml").write_text("kind: nonsense")
    (tmp_path / "c.yaml").write_text(
        CONTRACT.replace("C-1", "C-3")
        .replace("LV-TEST", "LV-X")
        .replace("[INVESTIGATION, read, Person.phone]", "[INVESTIGATION, read, Person.id]")
    )
    book = ContractBook.load(tmp_path, SCHEMA, CLOCK)
    assert len(book.refused) == 2
    assert book.of_agency("LV-TEST") is not None
    assert book.of_agency("LV-X") is None


def test_without_any_contract_there_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(ContractRefused):
        ContractBook.load(tmp_path, SCHEMA, CLOCK)


def test_an_agency_has_one_contract() -> None:
    book = ContractBook.of([contract_of(), contract_of(CONTRACT.replace("C-1", "C-2"))], SCHEMA, CLOCK)
    assert list(book.contracts) == [("C-1", 1)]
    assert "already has the contract C-1" in book.refused[0].message


def test_the_version_in_force_is_chosen_and_old_ones_stay_for_replay() -> None:
    later = CONTRACT.replace("version: 1", "version: 2").replace("not_before: 2026-01-01", "not_before: 2026-07-01")
    clock = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))
    contracts = [contract_of(), contract_of(later)]
    book = ContractBook.of(contracts, SCHEMA, clock)
    found = book.of_agency("LV-TEST")
    assert found is not None
    assert found.contract.version == 1
    found = ContractBook.of(contracts, SCHEMA, FixedClock(datetime(2026, 8, 1, tzinfo=UTC))).of_agency("LV-TEST")
    assert found is not None
    assert found.contract.version == 2
    assert book.mask("C-1", 2, "STATISTICS") is not None


def test_a_schema_without_rights_directives_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaNotProtected):
        ContractBook.load(tmp_path, build_schema("type Query { a: String }"), CLOCK)


def test_a_version_that_ended_does_not_bring_back_an_older_one() -> None:
    shorter = CONTRACT.replace("version: 1", "version: 2").replace("2027-01-01", "2026-05-01")
    book = ContractBook.of([contract_of(), contract_of(shorter)], SCHEMA, FixedClock(datetime(2026, 6, 1, tzinfo=UTC)))
    found = book.of_agency("LV-TEST")
    assert found is not None
    assert found.contract.version == 2
